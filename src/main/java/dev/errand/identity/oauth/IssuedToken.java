package dev.errand.identity.oauth;

import dev.errand.identity.account.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a verified access token.
 *
 * @param username the name of the user in the claim that is configured for it; null without one
 * @param expiresAt when it is no longer accepted: a minute after its expiry, as clocks differ
 */
record IssuedToken(
    String subject,
    @Nullable String username,
    String client,
    List<String> audience,
    Set<Scope> scopes,
    Instant expiresAt) {}
