package dev.errand.identity.oauth;

/** How the audit names a client that acts for a user. */
public final class ClientLabel {
  // A client chooses its name, and must not pass for a run or for OIDC.
  private static final String PREFIX = "oauth ";

  private ClientLabel() {}

  public static String of(OAuthClient client) {
    return PREFIX + client.label();
  }

  public static String of(String kind, String name, String clientId) {
    return PREFIX + OAuthClient.label(OAuthClient.Kind.of(kind), name, clientId);
  }

  /** The label of a client of another authorization server, of which only the id is known. */
  public static String ofIssued(String clientId) {
    return PREFIX + clientId;
  }

  /** A label without the part that distinguishes it from labels of other clients. */
  public static String shown(String label) {
    return label.startsWith(PREFIX) ? label.substring(PREFIX.length()) : label;
  }
}
