package dev.errand.identity.page;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a sign-in leads on to: the page on which access is granted, or the link by which a remote
 * server is connected, and nowhere else, whatever the address of the sign-in says. Its query has at
 * most 2,500 characters, so that the path fits in a cookie.
 */
public final class ReturnPath {
  /** The parameter of the page's address that names it. */
  public static final String PARAMETER = "return";

  private static final Pattern ALLOWED =
      Pattern.compile(
          "(?:oauth/authorize\\?[A-Za-z0-9._~:/?@!$&'()*+,;=%-]{0,2500}"
              + "|api/profiles/[A-Za-z0-9._~%-]{1,200}/[A-Za-z0-9._~%-]{1,200}"
              + "/installations/[A-Za-z0-9._~%-]{1,200}/connect)");

  private static final Pattern BROKEN = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  private ReturnPath() {}

  /**
   * A path that was asked for, relative to the base of the service.
   *
   * @return empty where it is another one
   */
  public static Optional<String> of(@Nullable String given) {
    return Optional.ofNullable(given)
        .filter(path -> ALLOWED.matcher(path).matches() && !BROKEN.matcher(path).find());
  }
}
