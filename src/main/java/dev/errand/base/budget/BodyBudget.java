package dev.errand.base.budget;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.Reason;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Reserves memory for a request's body before it is read, and for the tree that is made of it while
 * it is read. Whoever comes when memory is short waits for a while, and is then told to come again.
 */
public class BodyBudget {
  private static final String RESERVATION = "errand.body-reservation";
  private static final String AGAIN_SECONDS = "5";

  // What a body takes besides its tree, reckoned and not measured: the buffer that it is read into,
  // which doubles as it grows, the array that is made of it, and the text that is made of that.
  private static final long COPIES = 4;

  private final ByteBudget budget;
  private final Duration patience;

  /**
   * Reserves memory for request bodies.
   *
   * @param patience the longest wait of a request for memory, before it is answered 503
   */
  BodyBudget(
      ByteBudget budget,
      @ConfigProperty(name = "errand.memory.parse-wait", defaultValue = "PT5S") Duration patience) {
    this.budget = budget;
    this.patience = patience;
  }

  /** Reserves what a body takes, as long as its request lasts. */
  @ServerRequestFilter
  public void reserve(ContainerRequestContext request, RoutingContext context)
      throws InterruptedException {
    long length = length(context);
    if (length == 0) {
      return;
    }
    Reservation reservation = length < 0 ? budget.reserve(0) : reserve(COPIES * length);
    context.put(RESERVATION, reservation);
    context.addEndHandler(end -> reservation.close());
    if (context.response().closed() || context.response().ended()) {
      // The client left while it waited, and no end is told any more.
      reservation.close();
    }
    request.setEntityStream(
        new WeighedBody(
            request.getEntityStream(),
            reservation,
            isBinary(request.getMediaType()),
            length < 0 ? COPIES : 0));
  }

  private Reservation reserve(long bytes) throws InterruptedException {
    try {
      return budget.reserve(bytes, patience);
    } catch (BudgetExhaustedException e) {
      throw told(e);
    }
  }

  /** Gives back what a body took, once what was made of it is needed no more. */
  public static void done(RoutingContext context) {
    if (context.get(RESERVATION) instanceof Reservation reservation) {
      reservation.close();
    }
  }

  /** What the sender is told. */
  static ApiException told(BudgetExhaustedException e) {
    return e.isPassing()
        ? new ApiException(
            ErrorCode.UNAVAILABLE,
            "Too much is being read at once for this process's memory: send the request again.",
            List.of(),
            Map.of("Retry-After", AGAIN_SECONDS))
        : new ApiException(ErrorCode.TOO_LARGE, Reason.of(e) + ".");
  }

  // A negative length is an unknown one, and perhaps none: then what is read is reserved.
  private static long length(RoutingContext context) {
    String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length == null) {
      return context.request().isEnded() ? 0 : -1;
    }
    return Long.parseLong(length.strip());
  }

  private static boolean isBinary(@Nullable MediaType type) {
    return type != null
        && (type.getSubtype().equals("wasm") || type.getSubtype().equals("octet-stream"));
  }
}
