package dev.errand.tools.install;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A warning about an installation.
 *
 * @param code {@code config_missing}, {@code config_unknown} or {@code domains_not_granted}
 * @param message what is missing or unknown, with the command that changes it
 */
@RegisterForReflection
public record InstallationWarning(String code, String message) {}
