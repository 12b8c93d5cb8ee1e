package dev.errand.base.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.MediaType;

/**
 * Takes a request of the API that accepts only problem documents for one that accepts JSON.
 * Generated clients send that for an operation whose success has no body, such as a deletion, and
 * the framework would refuse it by the type that other operations of the resource produce.
 */
@ApplicationScoped
class AcceptedProblems {
  private static final int BEFORE_THE_ROUTES = 10;

  void register(@Observes Filters filters) {
    filters.register(AcceptedProblems::accept, BEFORE_THE_ROUTES);
  }

  private static void accept(RoutingContext context) {
    String accepted = context.request().getHeader(HttpHeaders.ACCEPT);
    if (Problem.MEDIA_TYPE.equals(accepted) && context.normalizedPath().startsWith("/api/")) {
      context.request().headers().add(HttpHeaders.ACCEPT, MediaType.APPLICATION_JSON);
    }
    context.next();
  }
}
