package dev.errand.identity.auth;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.PublicUrl;
import dev.errand.base.http.WebOrigin;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Protects against cross-site request forgery. A browser sends the cookie whichever site made the
 * request, and names that site in {@code Sec-Fetch-Site} or, if it is older, in {@code Origin}.
 * Programs send neither.
 */
@ApplicationScoped
class SameSite {
  private static final Set<HttpMethod> READING =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
  private static final Set<String> OWN = Set.of("same-origin", "none");

  private final PublicUrl base;

  SameSite(PublicUrl base) {
    this.base = base;
  }

  /**
   * Checks a request that authenticates by cookie, or begins a session.
   *
   * @throws ApiException {@link ErrorCode#CROSS_SITE} when it changes something and comes from
   *     another site
   */
  void check(HttpServerRequest request) {
    if (!READING.contains(request.method()) && isFromElsewhere(request)) {
      throw new ApiException(
          ErrorCode.CROSS_SITE,
          "The browser says that another site made this request, which a cookie does not allow:"
              + " send it from this service's own pages, or with `Authorization: Bearer …`.");
    }
  }

  private boolean isFromElsewhere(HttpServerRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      return !OWN.contains(site.strip().toLowerCase(Locale.ROOT));
    }
    String origin = request.getHeader("Origin");
    return origin != null && !isOwn(origin.strip(), request.authority());
  }

  // By host and port alone: behind a proxy that ends TLS, the scheme seen here is not the
  // browser's.
  private boolean isOwn(String origin, @Nullable HostAndPort authority) {
    Optional<WebOrigin> from = WebOrigin.of(origin);
    if (from.isEmpty()) {
      return false;
    }
    WebOrigin site = from.get();
    Optional<WebOrigin> asked =
        Optional.ofNullable(authority).flatMap(own -> WebOrigin.of(site.scheme() + "://" + own));
    return asked.filter(site::hasSameAuthority).isPresent()
        || base.configured().flatMap(WebOrigin::of).filter(site::hasSameAuthority).isPresent();
  }
}
