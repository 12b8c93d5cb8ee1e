package dev.errand.base.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Adds header fields to each answer of the API: the id of its request, and that no cache may store
 * it, unless the answer sets its own caching.
 */
@ApplicationScoped
public class ApiHeaders {
  /** The header field with the id of a request, in the request and in its answer. */
  public static final String REQUEST_ID = "X-Request-Id";

  private static final String ID_KEY = "errand.request-id";
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:/+=-]{1,128}");
  private static final int BEFORE_WHATEVER_ANSWERS = 20_000;

  void register(@Observes Filters filters) {
    filters.register(ApiHeaders::mark, BEFORE_WHATEVER_ANSWERS);
  }

  /** The id of a request; null for a request outside of the API. */
  public static @Nullable String requestId(RoutingContext request) {
    return request.get(ID_KEY);
  }

  private static void mark(RoutingContext context) {
    String path = context.request().path();
    if (path != null && path.startsWith("/api/")) {
      String id = id(context.request().getHeader(REQUEST_ID));
      context.put(ID_KEY, id);
      context.addHeadersEndHandler(
          sent -> {
            context.response().putHeader(REQUEST_ID, id);
            if (!context.response().headers().contains(HttpHeaders.CACHE_CONTROL)) {
              context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            }
          });
    }
    context.next();
  }

  private static String id(@Nullable String sent) {
    return sent != null && ID.matcher(sent).matches() ? sent : UUID.randomUUID().toString();
  }
}
