package dev.errand.base.limit;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.Reason;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Reserves memory for the body of a request and its parsed tree while the body is read: a head
 * alone reserves nothing, whatever length it announces. A request that finds too little memory
 * waits for a while and is then answered 503. Requests without an identity leave half of the budget
 * to those that have one, and do not wait.
 */
public class BodyBudget {
  private static final String RESERVATION = "errand.body-reservation";
  private static final String BODY = "errand.weighed-body";
  private static final Duration AGAIN = Duration.ofSeconds(5);
  private static final int PART_LEFT = 2;

  private final ByteBudget budget;
  private final CurrentIdentityAssociation identity;
  private final Duration patience;

  /**
   * Reserves memory for request bodies.
   *
   * @param patience the longest wait of a request for memory, before it is answered 503
   */
  BodyBudget(
      ByteBudget budget,
      CurrentIdentityAssociation identity,
      @ConfigProperty(name = "errand.memory.parse-wait", defaultValue = "PT5S") Duration patience) {
    this.budget = budget;
    this.identity = identity;
    this.patience = patience;
  }

  /** Reserves memory for a body as it is read, until its request ends. */
  @ServerRequestFilter
  public void reserve(ContainerRequestContext request, RoutingContext context) {
    if (isEmpty(context)) {
      return;
    }
    Reservation reservation = budget.reserve(0);
    context.put(RESERVATION, reservation);
    context.addEndHandler(end -> reservation.close());
    if (context.response().closed() || context.response().ended()) {
      // The client has disconnected, and the end of its request is no longer reported.
      reservation.close();
    }
    WeighedBody body =
        new WeighedBody(
            request.getEntityStream(),
            reservation,
            isBinary(request.getMediaType()),
            patience,
            () -> isAnonymous() ? budget.capacity() / PART_LEFT : 0);
    context.put(BODY, body);
    request.setEntityStream(body);
  }

  /** The most bytes of a body without a tree for which there can be memory. */
  public long mostWithoutTree() {
    return budget.capacity() / WeighedBody.COPIES;
  }

  /** Treats a request like those of users, after its sender has proved who it is in another way. */
  public static void admit(RoutingContext context) {
    if (context.get(BODY) instanceof WeighedBody body) {
      body.leaveNothing();
    }
  }

  /**
   * Has a body hold memory for its bytes and its text alone, whatever its media type: who reads it
   * holds for its tree by {@link ParsedTexts}.
   */
  public static void leaveTree(RoutingContext context) {
    if (context.get(BODY) instanceof WeighedBody body) {
      body.leaveTree();
    }
  }

  private boolean isAnonymous() {
    try {
      return identity.getIdentity().isAnonymous();
    } catch (AuthenticationFailedException e) {
      // Some addresses have credentials of their own.
      return true;
    }
  }

  /** Releases the memory of a body, once its parsed tree is no longer needed. */
  public static void done(RoutingContext context) {
    if (context.get(RESERVATION) instanceof Reservation reservation) {
      reservation.close();
    }
  }

  /**
   * Hands on the memory of a body that was read, for work that goes on after the request. The taker
   * closes it.
   *
   * @return null where there is no body
   * @throws ApiException where the client has left meanwhile, which has ended the reservation, and
   *     the memory is not free any more
   */
  public static @Nullable Reservation handOn(RoutingContext context) {
    if (!(context.get(RESERVATION) instanceof Reservation reservation)
        || !(context.get(BODY) instanceof WeighedBody body)) {
      return null;
    }
    Reservation kept = reservation.handOn();
    try {
      kept.grow(body.reserved() - kept.bytes());
    } catch (BudgetExhaustedException e) {
      kept.close();
      throw error(e);
    }
    return kept;
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

  private static boolean isEmpty(RoutingContext context) {
    String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null ? context.request().isEnded() : Long.parseLong(length.strip()) == 0;
  }

  // The file of a form is no text.
  private static boolean isBinary(@Nullable MediaType type) {
    return type != null
        && (type.getType().equalsIgnoreCase("multipart")
            || type.getSubtype().equals("wasm")
            || type.getSubtype().equals("octet-stream"));
  }
}
