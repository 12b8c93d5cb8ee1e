package dev.errand.base.secret;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The server that a secret is sent to, as the seal of the secret authenticates it.
 *
 * @param name the same text for all addresses of the server
 */
public record SecretServer(String name) {
  private static final SecretServer CONFIGURED = new SecretServer("configured");

  /**
   * The server of an address: its scheme, host and port.
   *
   * @param url the address; null for the configured one
   */
  public static SecretServer ofUrl(@Nullable String url) {
    if (url == null) {
      return CONFIGURED;
    }
    try {
      return of(URI.create(url));
    } catch (IllegalArgumentException e) {
      // The guarded client accepts more. Such an address stands for itself alone.
      return new SecretServer(url);
    }
  }

  /** The server of an address: its scheme, host and port. */
  public static SecretServer of(URI url) {
    if (url.getScheme() == null || url.getHost() == null) {
      return new SecretServer(url.toString());
    }
    String scheme = url.getScheme().toLowerCase(Locale.ROOT);
    int port = url.getPort() != -1 ? url.getPort() : scheme.equals("https") ? 443 : 80;
    return new SecretServer(scheme + "://" + url.getHost().toLowerCase(Locale.ROOT) + ":" + port);
  }

  /** An authorization server. Several may share a host, so its whole identifier counts. */
  public static SecretServer ofIssuer(String issuer) {
    return new SecretServer("issuer " + issuer);
  }

  @Override
  public String toString() {
    return name;
  }
}
