package dev.errand.identity.user;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.net.URI;

/**
 * A link by which a user chooses another password.
 *
 * @param url the link, which can't be read again
 */
@RegisterForReflection
public record PasswordReset(URI url) {}
