package dev.errand.identity.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The page that is shown after a sign-in: the page on which access is granted, the link by which a
 * remote server is connected, or a page of the console, and no other, whatever the address of the
 * sign-in says. It has at most about 2,500 characters, so that it fits in a cookie.
 */
public final class ReturnPath {
  /** The parameter of the page's address that names it. */
  public static final String PARAMETER = "return";

  private static final Pattern GRANT =
      Pattern.compile("oauth/authorize\\?[A-Za-z0-9._~:/?@!$&'()*+,;=%-]{0,2500}");

  private static final Pattern CONNECT =
      Pattern.compile(
          "api/profiles/[A-Za-z0-9._~%-]{1,200}/[A-Za-z0-9._~%-]{1,200}"
              + "/installations/[A-Za-z0-9._~%-]{1,200}/connect");

  // No segment is empty or consists of dots, so that it stays below the console.
  private static final Pattern CONSOLE =
      Pattern.compile(
          "console(?:/(?!\\.{1,2}(?:/|\\?|$))[A-Za-z0-9._~!$&'()*+,=:@%-]{1,800}){0,8}"
              + "(?:\\?[A-Za-z0-9._~:/?@!$&'()*+,;=%-]{0,1200})?");

  private static final Pattern BROKEN = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  private ReturnPath() {}

  /**
   * Reads a requested path, relative to the base of the service.
   *
   * @return empty where it is none of these
   */
  public static Optional<String> of(@Nullable String given) {
    return Optional.ofNullable(given)
        .filter(
            path ->
                Stream.of(GRANT, CONNECT, CONSOLE).anyMatch(form -> form.matcher(path).matches()))
        .filter(path -> path.length() <= 2600 && !BROKEN.matcher(path).find());
  }

  /**
   * The query of the address of a sign-in that leads on to a path, with a question mark.
   *
   * @param path relative to the base of the service; empty where none was requested
   * @return empty for none
   */
  public static String query(Optional<String> path) {
    return path.map(asked -> "?" + PARAMETER + "=" + URLEncoder.encode(asked, UTF_8)).orElse("");
  }

  /** Whether the page of a path may redirect to another site. */
  static boolean mayLeadElsewhere(String path) {
    return !CONSOLE.matcher(path).matches();
  }
}
