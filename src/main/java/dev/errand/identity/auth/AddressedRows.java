package dev.errand.identity.auth;

import io.quarkus.arc.Arc;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;

/** Holds what an {@link AddressReader} read for the current request. */
@ApplicationScoped
public class AddressedRows {
  private static final String KEY = "errand.addressed-rows";
  // The body of a request may arrive long after its head, and rights may change meanwhile.
  private static final long FRESH = Duration.ofSeconds(1).toNanos();

  private final CurrentVertxRequest http;

  AddressedRows(CurrentVertxRequest http) {
    this.http = http;
  }

  private record Read(Object rows, long at) {}

  static void keep(RoutingContext request, Object rows, long at) {
    request.put(KEY, new Read(rows, at));
  }

  /**
   * The row, if it is of that type. It is returned once, and only within a second; after that,
   * callers read it again.
   */
  public <T> Optional<T> take(Class<T> type) {
    if (!Arc.container().requestContext().isActive()) {
      return Optional.empty();
    }
    RoutingContext request = http.getCurrent();
    return request != null
            && request.remove(KEY) instanceof Read read
            && System.nanoTime() - read.at() < FRESH
            && type.isInstance(read.rows())
        ? Optional.of(type.cast(read.rows()))
        : Optional.empty();
  }
}
