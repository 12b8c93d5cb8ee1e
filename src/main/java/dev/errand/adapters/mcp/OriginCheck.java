package dev.errand.adapters.mcp;

import dev.errand.adapters.mcp.protocol.McpConfig;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.PublicUrl;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Protects against DNS rebinding: a page that a browser shows may call the endpoint only where its
 * origin is known. The {@code Host} of a request proves nothing, since the attacker's name stands
 * in it too.
 */
@ApplicationScoped
class OriginCheck {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Set<String> known = new HashSet<>();
  private final boolean isLocal;

  OriginCheck(McpConfig config, PublicUrl base) {
    base.configured().map(url -> origin(url.toString())).ifPresent(known::add);
    config.allowedOrigins().ifPresent(all -> all.forEach(one -> known.add(origin(one.strip()))));
    this.isLocal = base.configured().isEmpty();
  }

  /**
   * Checks where a request comes from.
   *
   * @param origin the header field; null for a program
   * @throws ApiException {@link ErrorCode#CROSS_SITE}
   */
  void check(@Nullable String origin) {
    if (origin != null && !knows(origin)) {
      throw new ApiException(
          ErrorCode.CROSS_SITE,
          "This address takes no requests from pages of that origin: name it in"
              + " ERRAND_MCP_ALLOWED_ORIGINS, or set ERRAND_URL where it is this service's own.");
    }
  }

  /** Whether pages of an origin may call the endpoint. */
  boolean knows(String origin) {
    String sent = origin.strip();
    return known.contains(origin(sent)) || (isLocal && LOOPBACK.contains(hostOf(sent)));
  }

  private static String hostOf(String origin) {
    try {
      String host = URI.create(origin).getHost();
      return host == null ? "" : host.toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /** Scheme, host and port, the port of the scheme where none is named. */
  private static String origin(String of) {
    try {
      URI uri = URI.create(of);
      if (uri.getScheme() == null || uri.getHost() == null) {
        return of;
      }
      String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
      int usual = scheme.equals("https") ? 443 : 80;
      return scheme
          + "://"
          + uri.getHost().toLowerCase(Locale.ROOT)
          + ":"
          + (uri.getPort() < 0 ? usual : uri.getPort());
    } catch (IllegalArgumentException e) {
      return of;
    }
  }
}
