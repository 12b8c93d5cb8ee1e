package dev.errand.identity.oauth.grant;

import dev.errand.identity.oauth.client.OAuthClient;

/** How the audit names a client that acts for a user. */
final class ClientLabel {
  // A client chooses its name, and must not pass for a run or for OIDC.
  private static final String PREFIX = "oauth ";

  private ClientLabel() {}

  static String of(OAuthClient client) {
    return PREFIX + client.label();
  }

  static String of(String kind, String name, String clientId) {
    return PREFIX + OAuthClient.label(OAuthClient.Kind.of(kind), name, clientId);
  }
}
