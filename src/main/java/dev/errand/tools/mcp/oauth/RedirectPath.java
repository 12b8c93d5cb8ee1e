package dev.errand.tools.mcp.oauth;

import dev.errand.base.secret.Sha256;
import java.util.HexFormat;
import java.util.UUID;

/**
 * The paths of this service's redirect addresses (RFC 6749, section 3.1.2). A hostile authorization
 * server may redirect people to an honest one, and would get the code with which they return, if
 * both had the same address (RFC 9700, section 4.4).
 */
public final class RedirectPath {
  /**
   * The path that authorization servers share: for those that name themselves in their answers, and
   * for clients that were registered by hand with it before each issuer had its own.
   */
  public static final String SHARED = "/oauth/callback";

  // Not below the shared one: some authorization servers accept what is below a registered address.
  private static final String OWN = "/oauth/redirect/";
  private static final int BYTES = 16;

  private RedirectPath() {}

  /** The path for a client that was registered with an issuer by hand. */
  public static String of(String issuer) {
    return own(issuer);
  }

  /** The path for the client that this service registers with an issuer for a user. */
  public static String of(String issuer, UUID accountId) {
    return own(accountId + " " + issuer);
  }

  /** The path with that last segment. */
  public static String ending(String segment) {
    return OWN + segment;
  }

  private static String own(String name) {
    return ending(HexFormat.of().formatHex(Sha256.of(name), 0, BYTES));
  }
}
