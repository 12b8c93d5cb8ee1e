package dev.errand.identity.oauth.client;

/** How the audit names a client that acts for a user. */
public final class ClientLabel {
  // A client chooses its name, and must not pass for a run or for OIDC.
  private static final String PREFIX = "oauth ";

  private ClientLabel() {}

  /** The label of a client. */
  public static String of(OAuthClient client) {
    return PREFIX + client.label();
  }

  /** The same of one whose fields were read elsewhere. */
  public static String of(String kind, String name, String clientId) {
    return PREFIX + OAuthClient.label(OAuthClient.Kind.of(kind), name, clientId);
  }

  /** The label of a client of another authorization server, of which only the id is known. */
  public static String ofIssued(String clientId) {
    return PREFIX + clientId;
  }

  /** A label without what tells it from those of others. */
  public static String shown(String label) {
    return label.startsWith(PREFIX) ? label.substring(PREFIX.length()) : label;
  }
}
