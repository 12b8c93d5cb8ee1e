package dev.errand.tools.mcp.oauth;

import org.jspecify.annotations.Nullable;

/**
 * The OAuth settings of a remote server.
 *
 * @param issuer the authorization server that the MCP server names
 * @param clientId the client that was registered there by hand; null for none
 * @param clientSecret its secret; null for none
 * @param scope the scopes to request; null for those that the server names
 */
public record OAuthSetting(
    String issuer,
    @Nullable String clientId,
    @Nullable String clientSecret,
    @Nullable String scope) {
  /** Without the secret. */
  @Override
  public String toString() {
    return "OAuthSetting[" + issuer + "]";
  }
}
