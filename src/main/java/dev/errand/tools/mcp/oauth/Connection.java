package dev.errand.tools.mcp.oauth;

import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * The origin of the tokens for a server, as it was when the server was connected.
 *
 * @param revocationEndpoint where they are revoked; null where that is not possible
 * @param namesIssuer whether the answer to a request for access has to name the issuer
 * @param scope the requested scopes; null for those that the issuer chooses
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
