package dev.errand.adapters.mcp.transport;

import dev.errand.adapters.mcp.McpConfig;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.PublicUrl;
import dev.errand.base.http.WebOrigin;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Protects against DNS rebinding: a page that a browser shows may call the endpoint only where its
 * origin is known. The {@code Host} of a request proves nothing, since it contains the attacker's
 * name as well.
 */
@ApplicationScoped
class OriginCheck {
  private final Set<String> known = new HashSet<>();
  private final boolean isLocal;

  OriginCheck(McpConfig config, PublicUrl base) {
    base.configured().flatMap(WebOrigin::of).map(WebOrigin::toString).ifPresent(known::add);
    config
        .allowedOrigins()
        .ifPresent(all -> all.forEach(one -> known.add(normalized(one.strip()))));
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
          "This address accepts no requests from pages of that origin: name it in"
              + " ERRAND_MCP_ALLOWED_ORIGINS, or set ERRAND_URL if it is this service's own.");
    }
  }

  /** Whether pages of an origin may call the endpoint. */
  boolean knows(String origin) {
    String sent = origin.strip();
    return known.contains(normalized(sent))
        || (isLocal && WebOrigin.of(sent).filter(WebOrigin::isLoopback).isPresent());
  }

  // An origin without a host, such as `null`, is compared as it is written.
  private static String normalized(String origin) {
    return WebOrigin.of(origin).map(WebOrigin::toString).orElse(origin);
  }
}
