package dev.errand.automation.trigger;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stores the content type and the accepted types of a delivery before routing, so that JAX-RS
 * accepts any request at the address of a trigger.
 */
@ApplicationScoped
class HookFields {
  private static final String PATH = "/hooks/";
  private static final String SENT = "errand.hook-fields";
  private static final int BEFORE_THE_ROUTES = 10;

  void register(@Observes Filters filters) {
    filters.register(HookFields::setAside, BEFORE_THE_ROUTES);
  }

  private static void setAside(RoutingContext context) {
    if (context.normalizedPath().startsWith(PATH)) {
      MultiMap fields = context.request().headers();
      context.put(SENT, fields.getAll(HttpHeaders.CONTENT_TYPE));
      fields.remove(HttpHeaders.CONTENT_TYPE).remove(HttpHeaders.ACCEPT);
    }
    context.next();
  }

  /** The header fields as they were sent, without the accepted types. */
  static Map<String, List<String>> of(RoutingContext context, Map<String, List<String>> left) {
    Map<String, List<String>> fields = new LinkedHashMap<>(left);
    List<String> type = context.get(SENT);
    if (type != null && !type.isEmpty()) {
      fields.put("content-type", type);
    }
    return fields;
  }
}
