package dev.errand.identity.oidc;

import dev.errand.base.http.PublicUrl;
import dev.errand.base.secret.Sha256;
import dev.errand.identity.page.ReturnPath;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stores in a cookie, while a person is at the provider, the page to show after the sign-in: one
 * cookie for each sign-in, so that several tabs do not disturb each other.
 */
@ApplicationScoped
class OidcReturn {
  private static final String NAME = "errand_return_";
  private static final int NAME_DIGITS = 16;
  private static final Duration LIFE = Duration.ofMinutes(15);
  private static final Pattern STATE = Pattern.compile("[?&]state=([^&]+)");

  private final PublicUrl url;

  OidcReturn(PublicUrl url) {
    this.url = url;
  }

  /**
   * Stores the page that the address of a starting sign-in names.
   *
   * @param provider the address at the provider to which the browser is led
   */
  void remember(HttpServerRequest request, String provider) {
    Optional<String> path = ReturnPath.of(request.getParam(ReturnPath.PARAMETER));
    Matcher state = STATE.matcher(provider);
    if (path.isPresent() && state.find()) {
      boolean secure =
          "https"
              .equalsIgnoreCase(
                  url.configured().map(base -> base.getScheme()).orElse(request.scheme()));
      request
          .response()
          .addCookie(
              Cookie.cookie(name(state.group(1)), encoded(path.get()))
                  .setPath("/")
                  .setHttpOnly(true)
                  .setSecure(secure)
                  .setSameSite(CookieSameSite.LAX)
                  .setMaxAge(LIFE.toSeconds()));
    }
  }

  /** The stored page of a completed sign-in, whose cookie is then deleted. */
  Optional<String> take(HttpServerRequest request) {
    String state = request.getParam("state");
    @Nullable Cookie cookie = state == null ? null : request.getCookie(name(state));
    if (cookie == null) {
      return Optional.empty();
    }
    String value = cookie.getValue();
    request.response().removeCookies(cookie.getName());
    // Checked again, because the browser could have changed it.
    return decoded(value).flatMap(ReturnPath::of);
  }

  private static String name(String state) {
    byte[] bytes = state.getBytes(StandardCharsets.UTF_8);
    return NAME + Sha256.hex(bytes).substring(0, NAME_DIGITS);
  }

  private static String encoded(String path) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(path.getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<String> decoded(String value) {
    try {
      return Optional.of(new String(Base64.getUrlDecoder().decode(value), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
