package dev.errand.identity.oauth;

import dev.errand.base.http.WebOrigin;
import dev.errand.base.json.WellFormed;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules for addresses to which answers lead (RFC 8252 and OAuth 2.1, section 2.3). */
public final class RedirectUris {
  static final int MOST = 20;

  private static final int LONGEST = 2000;
  private static final int LONGEST_QUOTE = 40;
  // The reversed name of a domain, such as com.example.app (RFC 8252, section 7.1). Systems and
  // browsers act on schemes without a dot, such as javascript, data or ms-settings.
  private static final Pattern PRIVATE_USE = Pattern.compile("[a-z][a-z0-9+-]*(\\.[a-z0-9+-]+)+");

  // Schemes without a dot of chats that register no other, and on which nothing else acts.
  private static final Set<String> OF_KNOWN_CHATS = Set.of("cursor");

  private RedirectUris() {}

  /**
   * What is wrong with addresses that a client names; empty where they are valid. Clients that were
   * registered before a rule keep their addresses.
   */
  public static Optional<String> problem(List<String> uris) {
    return uris.isEmpty() || uris.size() > MOST
        ? Optional.of("There must be 1 to " + MOST + " redirect addresses.")
        : uris.stream().flatMap(uri -> problem(uri).stream()).findFirst();
  }

  /** What is wrong with one of them. */
  static Optional<String> problem(String text) {
    URI uri = parsed(text);
    if (uri == null || text.length() > LONGEST || uri.getScheme() == null) {
      return Optional.of("A redirect address is an absolute URI of at most 2000 characters.");
    }
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    if (uri.getRawFragment() != null || uri.getUserInfo() != null) {
      return Optional.of("A redirect address must have no fragment and no user.");
    }
    return switch (scheme) {
      case "https" ->
          uri.getHost() == null
              ? Optional.of("A redirect address with https must have a host.")
              : Optional.empty();
      case "http" ->
          isLoopback(uri)
              ? Optional.empty()
              : Optional.of(
                  "A redirect address with http must be on the user's own device: use https for others.");
      default ->
          PRIVATE_USE.matcher(scheme).matches() || OF_KNOWN_CHATS.contains(scheme)
              ? Optional.empty()
              : Optional.of(
                  ("A redirect address must not have the scheme %s: use https, http on the user's own"
                          + " device, or the reversed name of a domain, such as com.example.app.")
                      .formatted(WellFormed.cut(scheme, LONGEST_QUOTE)));
    };
  }

  /**
   * Whether an address is the registered one. They must be the same text, except for the port of an
   * address on the user's own machine, which a client chooses when it runs (RFC 8252, section 7.3).
   */
  static boolean matches(String registered, String given) {
    if (registered.equals(given)) {
      return true;
    }
    URI one = parsed(registered);
    URI other = parsed(given);
    return one != null
        && other != null
        && isLoopback(one)
        && isLoopback(other)
        && one.getHost().equals(other.getHost())
        && other.getRawFragment() == null
        && other.getRawUserInfo() == null
        && Objects.equals(one.getRawPath(), other.getRawPath())
        && Objects.equals(one.getRawQuery(), other.getRawQuery());
  }

  private static boolean isLoopback(URI uri) {
    return WebOrigin.of(uri)
        .filter(origin -> origin.scheme().equals("http") && origin.isLoopback())
        .isPresent();
  }

  private static @Nullable URI parsed(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
