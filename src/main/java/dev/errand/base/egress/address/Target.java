package dev.errand.base.egress.address;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a request goes. It is parsed strictly, so that the host is unambiguous.
 *
 * @param secure whether by {@code https}
 * @param port 1 to 65535
 * @param path path and query as they go over the wire, beginning with a slash
 */
public record Target(boolean secure, HostName host, int port, String path) {
  private static final int LONGEST_URL = 16_384;
  private static final Pattern URL =
      Pattern.compile(
          "(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?<authority>[^/?#]*)"
              + "(?<path>[^?#]*)(?<query>\\?[^#]*)?(?:#.*)?",
          Pattern.DOTALL);
  private static final Pattern SCHEME =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);
  private static final Pattern AUTHORITY =
      Pattern.compile("(?<host>\\[[^\\[\\]]*\\]|[^:\\[\\]]+)(?::(?<port>[0-9]{1,5}))?");
  private static final Pattern DOTS = Pattern.compile("/\\.\\.?(?:[/?]|$)");
  private static final Pattern STRAY_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");
  private static final String PLAIN_IN_PATH = "%-._~!$&'()*+,;=:@/";
  private static final String PLAIN_IN_QUERY = PLAIN_IN_PATH + "?[]";

  /**
   * Reads an absolute URL. A fragment and spaces around it are left out, and spaces in path and
   * query are percent-encoded as all others that a URL may not contain.
   *
   * @throws EgressRefusedException when it is not one that may be called; the message repeats
   *     nothing but the host
   */
  public static Target parse(String url) throws EgressRefusedException {
    if (url.length() > LONGEST_URL) {
      throw new EgressRefusedException("The URL is longer than " + LONGEST_URL + " characters.");
    }
    if (url.chars().anyMatch(c -> c == '\\' || Character.isISOControl(c))) {
      throw new EgressRefusedException(
          "The URL holds a control character or a backslash; percent-encode it.");
    }
    Matcher parts = URL.matcher(url.strip());
    if (!parts.matches()) {
      throw new EgressRefusedException("The URL must be absolute, as in https://example.org/path.");
    }
    boolean secure =
        switch (parts.group("scheme").toLowerCase(Locale.ROOT)) {
          case "https" -> true;
          case "http" -> false;
          default -> throw new EgressRefusedException("Only http and https URLs may be called.");
        };
    String path = parts.group("path");
    String query = Optional.ofNullable(parts.group("query")).orElse("");
    return at(
        secure,
        parts.group("authority"),
        escape(path.isEmpty() ? "/" : path, PLAIN_IN_PATH) + escape(query, PLAIN_IN_QUERY));
  }

  /** Reads what a {@code Location} header of an answer from here refers to. */
  public Target resolve(String location) throws EgressRefusedException {
    int fragment = location.indexOf('#');
    String reference = (fragment < 0 ? location : location.substring(0, fragment)).strip();
    if (SCHEME.matcher(reference).matches()) {
      return parse(reference);
    }
    if (reference.startsWith("//")) {
      return parse((secure ? "https:" : "http:") + reference);
    }
    if (reference.startsWith("/")) {
      return parse(origin() + reference);
    }
    int query = path.indexOf('?');
    String own = query < 0 ? path : path.substring(0, query);
    if (reference.isEmpty() || reference.startsWith("?")) {
      return reference.isEmpty() ? this : parse(origin() + own + reference);
    }
    Target sibling = parse(origin() + own.substring(0, own.lastIndexOf('/') + 1) + reference);
    return DOTS.matcher(sibling.path).find()
        ? parse(sibling.uri().normalize().toString())
        : sibling;
  }

  /** Scheme, host and port, the port only when it is not the scheme's own. */
  public String origin() {
    return (secure ? "https://" : "http://") + authority();
  }

  /** Host and port as in a {@code Host} header. */
  String authority() {
    return port == (secure ? 443 : 80) ? host.name() : host.name() + ":" + port;
  }

  /** Host and port for a sentence. */
  public String place() {
    return host.name() + ":" + port;
  }

  public URI uri() {
    return URI.create(origin() + path);
  }

  private static Target at(boolean secure, String authority, String path)
      throws EgressRefusedException {
    if (authority.indexOf('@') >= 0) {
      throw new EgressRefusedException(
          "The URL holds a user name or password before the host; send credentials in a header.");
    }
    if (authority.chars().anyMatch(Target::isSpace)) {
      throw new EgressRefusedException("The host of the URL holds a space.");
    }
    if (authority.indexOf('%') >= 0) {
      throw new EgressRefusedException("The host of the URL is percent-encoded or has a zone.");
    }
    Matcher parts = AUTHORITY.matcher(authority);
    if (!parts.matches()) {
      throw new EgressRefusedException("The URL has no proper host and port.");
    }
    String port = parts.group("port");
    try {
      return new Target(
          secure,
          HostName.parse(Objects.requireNonNull(parts.group("host"))),
          port == null ? (secure ? 443 : 80) : PortRange.port(port),
          path);
    } catch (IllegalArgumentException e) {
      throw new EgressRefusedException(
          "The host or port of the URL " + Objects.requireNonNull(e.getMessage()) + ".");
    }
  }

  private static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  /** Percent-encodes characters that a URL may not contain, and leaves what is encoded already. */
  private static String escape(String text, String plain) {
    StringBuilder escaped = new StringBuilder(text.length());
    STRAY_PERCENT
        .matcher(text)
        .replaceAll("%25")
        .codePoints()
        .forEach(
            c -> {
              if (c < 0x80 && (Character.isLetterOrDigit(c) || plain.indexOf(c) >= 0)) {
                escaped.append((char) c);
              } else {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                  escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
                }
              }
            });
    return escaped.toString();
  }
}
