package dev.errand.base.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Forbids caches to store answers of the API, unless an answer sets its own caching. */
@ApplicationScoped
class NoStore {
  private static final int BEFORE_WHATEVER_ANSWERS = 20_000;

  void register(@Observes Filters filters) {
    filters.register(NoStore::mark, BEFORE_WHATEVER_ANSWERS);
  }

  private static void mark(RoutingContext context) {
    String path = context.request().path();
    if (path != null && path.startsWith("/api/")) {
      context.addHeadersEndHandler(
          sent -> {
            if (!context.response().headers().contains(HttpHeaders.CACHE_CONTROL)) {
              context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            }
          });
    }
    context.next();
  }
}
