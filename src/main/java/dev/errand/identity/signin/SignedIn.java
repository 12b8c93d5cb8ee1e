package dev.errand.identity.signin;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;

/**
 * A session that was made by a sign-in.
 *
 * @param session its token, which is told this once
 * @param expiresAt when it ends if it is not used; each use moves it
 */
@RegisterForReflection
public record SignedIn(String session, Instant expiresAt) {}
