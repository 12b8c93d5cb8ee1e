package dev.errand.tools.mcp.oauth;

import org.jspecify.annotations.Nullable;

/**
 * Whom a server is to be connected by.
 *
 * @param issuer the authorization server that the MCP server names
 * @param clientId the client that somebody has made there by hand; null for none
 * @param clientSecret its secret; null for none
 * @param scope the scopes that are to be asked for; null for what the server says
 */
public record OAuthSetting(
    String issuer,
    @Nullable String clientId,
    @Nullable String clientSecret,
    @Nullable String scope) {
  /** Says nothing of the secret. */
  @Override
  public String toString() {
    return "OAuthSetting[" + issuer + "]";
  }
}
