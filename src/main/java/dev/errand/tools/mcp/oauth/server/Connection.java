package dev.errand.tools.mcp.oauth.server;

import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * Where tokens for a server come from, as it was when somebody connected it.
 *
 * @param url the address of the server
 * @param resource what they are for
 * @param issuer who gives them
 * @param tokenEndpoint where
 * @param revocationEndpoint where they are revoked; null for nowhere
 * @param namesIssuer whether the answer to a request for access has to name the issuer
 * @param client as whom they are asked for
 * @param redirectUri where that answer leads to
 * @param scope the scopes that are asked for; null for those that the issuer chooses
 */
@RegisterForReflection
public record Connection(
    String url,
    String resource,
    String issuer,
    String tokenEndpoint,
    @Nullable String revocationEndpoint,
    boolean namesIssuer,
    ClientIdentity client,
    String redirectUri,
    @Nullable String scope) {}
