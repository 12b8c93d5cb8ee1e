package dev.errand.identity.signin;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;

/**
 * A session that a sign-in has created.
 *
 * @param session its token, which can't be read again
 * @param expiresAt when it ends if it is not used; each use postpones it
 */
@RegisterForReflection
public record SignedIn(String session, Instant expiresAt) {}
