package dev.errand.tools.install.need;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Something that an installation likely lacks.
 *
 * @param code {@code config_missing}, {@code config_unknown} or {@code domains_not_granted}
 * @param message what is lacking, with the command that changes it
 */
@RegisterForReflection
public record Warning(String code, String message) {}
