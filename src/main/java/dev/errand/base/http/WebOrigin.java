package dev.errand.base.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The origin of an address: what browsers keep apart from each other (RFC 6454).
 *
 * @param scheme such as {@code https}, in lower case
 * @param host in lower case; an IPv6 address stands in brackets
 * @param port the port, that of the scheme where the address names none: 443 for {@code https}, and
 *     80 for any other
 */
public record WebOrigin(String scheme, String host, int port) {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  // URI.getHost() has none for a name with an underscore, as containers may have.
  private static final Pattern AUTHORITY =
      Pattern.compile(
          "(?:[^@]*@)?(?<host>\\[[^\\[\\]]+]|[A-Za-z0-9._-]+)(?::(?<port>[0-9]{0,5}))?");

  /** The origin of an absolute address; empty where the address has no host, or is none. */
  public static Optional<WebOrigin> of(String address) {
    try {
      return of(new URI(address));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** The origin of an absolute address; empty where the address has no host. */
  public static Optional<WebOrigin> of(URI address) {
    if (address.getScheme() == null || address.getRawAuthority() == null) {
      return Optional.empty();
    }
    Matcher authority = AUTHORITY.matcher(address.getRawAuthority());
    if (!authority.matches()) {
      return Optional.empty();
    }
    String scheme = address.getScheme().toLowerCase(Locale.ROOT);
    String port = authority.group("port");
    return Optional.of(
        new WebOrigin(
            scheme,
            authority.group("host").toLowerCase(Locale.ROOT),
            port == null || port.isEmpty() ? usualPort(scheme) : Integer.parseInt(port)));
  }

  private static int usualPort(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }

  /** Whether host and port are the same, whatever the schemes are. */
  public boolean hasSameAuthority(WebOrigin other) {
    return host.equals(other.host) && port == other.port;
  }

  /** Whether it is on the machine of whoever asks. */
  public boolean isLoopback() {
    return LOOPBACK.contains(host);
  }

  /** The origin as text, always with its port, such as {@code https://example.com:443}. */
  @Override
  public String toString() {
    return scheme + "://" + host + ":" + port;
  }
}
