package dev.errand.identity.oauth;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Set;

/**
 * Allows pages of other sites to read OAuth's metadata and tokens (the Fetch standard's CORS
 * protocol): chats that run in a browser are clients as well. None of these addresses accepts a
 * cookie. The page on which users grant access is not among them.
 */
@ApplicationScoped
class OAuthCors {
  private static final Set<String> OPEN =
      Set.of(OAuthUrls.TOKEN, OAuthUrls.REVOKE, OAuthUrls.REGISTER, OAuthUrls.SERVER_METADATA);
  private static final int BEFORE_WHATEVER_ANSWERS = 20_000;
  private static final int NO_CONTENT = 204;

  void register(@Observes Filters filters) {
    filters.register(OAuthCors::open, BEFORE_WHATEVER_ANSWERS);
  }

  private static void open(RoutingContext context) {
    String path = context.request().path();
    if (path == null || !(OPEN.contains(path) || isResourceMetadata(path))) {
      context.next();
      return;
    }
    HttpServerResponse answer = context.response();
    answer.putHeader("Access-Control-Allow-Origin", "*");
    if (context.request().method().equals(HttpMethod.OPTIONS)) {
      answer
          .putHeader("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
          .putHeader(
              "Access-Control-Allow-Headers", "Authorization, Content-Type, MCP-Protocol-Version")
          .putHeader("Access-Control-Max-Age", "86400")
          .setStatusCode(NO_CONTENT)
          .end();
      return;
    }
    context.next();
  }

  private static boolean isResourceMetadata(String path) {
    return path.equals(OAuthUrls.RESOURCE_METADATA)
        || path.startsWith(OAuthUrls.RESOURCE_METADATA + "/");
  }
}
