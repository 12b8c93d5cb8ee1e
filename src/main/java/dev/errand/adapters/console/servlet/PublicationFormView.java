package dev.errand.adapters.console.servlet;

import org.jspecify.annotations.Nullable;

/**
 * The form that publishes a version of a servlet, with what stands in it.
 *
 * @param owner whose servlet it is
 * @param name its name
 * @param isNew whether there is none of that name yet
 * @param message why it was refused; null where it was not
 * @param description what it does
 * @param isPublic whether everybody may see and install it
 * @param domains the hosts that it calls, each in a line
 * @param config the keys of the settings that it reads, each in a line
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
