package dev.errand.base.budget;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.Reason;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Reserves memory for the body of a request before it is read, and for the parsed tree while it is
 * read. A request that finds too little memory waits for a while and is then answered 503.
 */
public class BodyBudget {
  private static final String RESERVATION = "errand.body-reservation";
  private static final Duration AGAIN = Duration.ofSeconds(5);

  // An estimate, not measured, of the memory for a body besides its tree: the buffer, which doubles
  // as it grows, the array that is copied from it, and the text that is decoded from that.
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

  /** Reserves memory for a body until its request ends. */
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
      // The client disconnected while it waited, and the end of its request is no longer reported.
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
      throw error(e);
    }
  }

  /** Releases the memory of a body, once its parsed tree is no longer needed. */
  public static void done(RoutingContext context) {
    if (context.get(RESERVATION) instanceof Reservation reservation) {
      reservation.close();
    }
  }

  /** The error that the sender gets. */
  static ApiException error(BudgetExhaustedException e) {
    return e.isPassing()
        ? ApiException.retryLater(
            ErrorCode.UNAVAILABLE,
            "Too much is being read at once for this process's memory: send the request again.",
            AGAIN)
        : new ApiException(ErrorCode.TOO_LARGE, Reason.of(e) + ".");
  }

  // A negative length means unknown; then bytes are reserved as they are read.
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
