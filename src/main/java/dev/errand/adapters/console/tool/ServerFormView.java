package dev.errand.adapters.console.tool;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The form that installs or changes a remote server, with its values.
 *
 * @param back where it leads back to
 * @param message why it was refused; null where it was not
 * @param auth how calls are authenticated, as in requests
 * @param headers the names of header fields that it has, whose values are never shown
 * @param added the names of header fields to be added; empty for none
 * @param clientId the client that was registered by hand at its authorization server; empty for
 *     none
 * @param hasSecret whether that client has a secret, which is never shown
 * @param scope the scopes to request; empty for those that the server names
 * @param onChange what happens when its tools change
 */
public record ServerFormView(
    boolean isNew,
    String action,
    String back,
    @Nullable String message,
    String name,
    String url,
    String auth,
    List<String> headers,
    List<String> added,
    String clientId,
    boolean hasSecret,
    String scope,
    String onChange) {}
