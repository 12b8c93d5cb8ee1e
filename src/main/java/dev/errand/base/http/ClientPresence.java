package dev.errand.base.http;

import io.quarkus.arc.Arc;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Tells work for a request when its client has left, and so nobody waits for the answer. */
@Singleton
public class ClientPresence {
  private static final String WATCH = "errand.client-presence";

  private final CurrentVertxRequest http;

  ClientPresence(CurrentVertxRequest http) {
    this.http = http;
  }

  /** A watch of a client; closing it ends the watch. */
  public interface Watch extends AutoCloseable {
    Watch NONE = () -> {};

    @Override
    void close();
  }

  /** What is to be done when the client of a request leaves; one thing at a time. */
  private static final class Departure {
    private final AtomicReference<@Nullable Runnable> then = new AtomicReference<>();

    void happened() {
      Runnable wanted = then.get();
      if (wanted != null) {
        wanted.run();
      }
    }
  }

  /**
   * Does something when the client of the request leaves that the calling thread answers, at once
   * if it has left already; nothing outside of requests.
   */
  public Watch onDeparture(Runnable then) {
    RoutingContext request = current();
    if (request == null) {
      return Watch.NONE;
    }
    Departure departure = departure(request);
    departure.then.set(then);
    if (request.response().closed()) {
      // The end of its request is no longer reported.
      departure.happened();
    }
    return () -> departure.then.set(null);
  }

  private @Nullable RoutingContext current() {
    return Arc.container().requestContext().isActive() ? http.getCurrent() : null;
  }

  // One handler for each request, however often it is watched: handlers can't be removed while the
  // server may call them.
  private static Departure departure(RoutingContext request) {
    if (request.get(WATCH) instanceof Departure known) {
      return known;
    }
    Departure departure = new Departure();
    request.put(WATCH, departure);
    request.addEndHandler(_ -> departure.happened());
    return departure;
  }
}
