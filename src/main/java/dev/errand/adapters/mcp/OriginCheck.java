package dev.errand.adapters.mcp;

import dev.errand.adapters.mcp.protocol.McpConfig;
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
 * origin is known. The {@code Host} of a request proves nothing, since the attacker's name stands
 * in it too.
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
          "This address takes no requests from pages of that origin: name it in"
              + " ERRAND_MCP_ALLOWED_ORIGINS, or set ERRAND_URL where it is this service's own.");
    }
  }

  /** Whether pages of an origin may call the endpoint. */
  boolean knows(String origin) {
    String sent = origin.strip();
    return known.contains(normalized(sent))
        || (isLocal && WebOrigin.of(sent).filter(WebOrigin::isLoopback).isPresent());
  }

  // What has no host, such as `null`, is known as it is written.
  private static String normalized(String origin) {
    return WebOrigin.of(origin).map(WebOrigin::toString).orElse(origin);
  }
}
