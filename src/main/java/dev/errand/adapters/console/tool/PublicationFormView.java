package dev.errand.adapters.console.tool;

import org.jspecify.annotations.Nullable;

/**
 * The form that publishes a version of a servlet, with its values.
 *
 * @param isNew whether there is none of that name yet
 * @param message why it was refused; null where it was not
 * @param isPublic whether everybody may see and install it
 * @param domains the hosts that it calls, one per line
 * @param config the keys of the settings that it reads, one per line
 */
public record PublicationFormView(
    String owner,
    String name,
    boolean isNew,
    @Nullable String message,
    String description,
    boolean isPublic,
    String domains,
    String config) {}
