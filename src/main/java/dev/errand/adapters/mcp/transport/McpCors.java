package dev.errand.adapters.mcp.transport;

import dev.errand.identity.oauth.McpAddress;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Allows pages of the origins that {@link OriginCheck} knows, such as chats and inspectors in a
 * browser, to read the endpoint's answers (the Fetch standard's CORS protocol). Cookies are not
 * allowed.
 */
@ApplicationScoped
class McpCors {
  private static final int BEFORE_AUTHENTICATION = 20_000;
  private static final int NO_CONTENT = 204;
  private static final String ORIGIN = "Origin";

  private final OriginCheck origins;

  McpCors(OriginCheck origins) {
    this.origins = origins;
  }

  void register(@Observes Filters filters) {
    filters.register(this::open, BEFORE_AUTHENTICATION);
  }

  private void open(RoutingContext context) {
    HttpServerRequest request = context.request();
    String origin = request.getHeader(ORIGIN);
    if (origin == null
        || request.path() == null
        || !McpAddress.isBelow(request.path())
        || !origins.knows(origin)) {
      context.next();
      return;
    }
    HttpServerResponse answer = context.response();
    answer
        .putHeader("Access-Control-Allow-Origin", origin)
        .putHeader("Access-Control-Expose-Headers", "Mcp-Session-Id, WWW-Authenticate, Retry-After")
        .putHeader("Vary", ORIGIN);
    if (!request.method().equals(HttpMethod.OPTIONS)) {
      context.next();
      return;
    }
    String wanted = request.getHeader("Access-Control-Request-Headers");
    if (wanted != null) {
      // The credential in these fields decides what is allowed; the others give nothing more.
      answer.putHeader("Access-Control-Allow-Headers", wanted);
    }
    answer
        .putHeader("Access-Control-Allow-Methods", "POST")
        .putHeader("Access-Control-Max-Age", "86400")
        .setStatusCode(NO_CONTENT)
        .end();
  }
}
