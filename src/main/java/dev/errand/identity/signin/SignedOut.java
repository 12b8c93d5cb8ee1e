package dev.errand.identity.signin;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.net.URI;

/**
 * The session has ended; the user is still signed in at the provider that began it.
 *
 * @param signOutUrl where the browser signs out there, too
 */
@RegisterForReflection
public record SignedOut(URI signOutUrl) {}
