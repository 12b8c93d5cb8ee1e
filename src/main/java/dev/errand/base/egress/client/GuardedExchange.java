package dev.errand.base.egress.client;

import dev.errand.base.egress.address.Target;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One request to one checked address, and its answer as it arrives. An event loop does the input
 * and output; one other thread, the caller's, sends, reads and closes. The event loop reads no
 * further ahead than a few pieces, so that a slow reader slows the sender down.
 *
 * <p>Closing it before its end cuts the connection.
 */
public final class GuardedExchange implements AutoCloseable {
  /** How many pieces are read ahead, each at most 8 KiB. */
  private static final int WINDOW = 32;

  private static final int REFILL = WINDOW / 2;

  /** How many interim answers may come before the answer; nothing is kept of them. */
  private static final int MOST_INTERIM = 8;

  private static final int LEAST_FINAL_STATUS = 200;

  /** How an answer begins. */
  public record Head(int status, MultiMap headers) {}

  private sealed interface Event {
    record Piece(Buffer bytes) implements Event {}

    record Ended() implements Event {}

    record Broken(Throwable why) implements Event {}
  }

  private final Target target;
  private final Deadline deadline;
  private final CompletableFuture<HttpClientRequest> connected = new CompletableFuture<>();
  private final CompletableFuture<HttpClientResponse> begun = new CompletableFuture<>();
  private final ConnectionFailures failures = new ConnectionFailures();
  // Holds at most the requested pieces and one failure.
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  // Null once it is sent: an answer may take minutes, and the request is not needed meanwhile.
  private @Nullable HttpAttempt unsent;
  private boolean ended;
  private int taken;
  // Only the event loop counts.
  private int interim;

  /**
   * Receives the failures of the connection until the exchange ends. The connection is kept for
   * later exchanges, and must not keep a reference to this one, whose header fields may hold a key.
   */
  private static final class ConnectionFailures implements Handler<Throwable> {
    private volatile @Nullable GuardedExchange exchange;

    @Override
    public void handle(Throwable why) {
      GuardedExchange known = exchange;
      if (known != null) {
        known.broken(why);
      }
    }
  }

  private GuardedExchange(HttpAttempt call, Deadline deadline) {
    this.target = call.target();
    this.unsent = call;
    this.deadline = deadline;
  }

  /**
   * Connects to the first of these addresses that can be reached; nothing is sent.
   *
   * @throws IOException when none of them can be reached in time
   */
  static GuardedExchange connect(
      HttpClient client,
      HttpAttempt call,
      List<InetAddress> addresses,
      Duration patience,
      Deadline deadline)
      throws IOException, InterruptedException {
    IOException unreachable = new IOException(call.target().place() + " can't be reached.");
    for (InetAddress address : addresses) {
      GuardedExchange exchange = new GuardedExchange(call, deadline);
      boolean stands = false;
      try {
        exchange.connect(client, call, address, patience);
        exchange.await(exchange.connected);
        stands = true;
        return exchange;
      } catch (ExecutionException e) {
        unreachable = NetworkFailure.toConnect(call.target(), e.getCause());
      } finally {
        if (!stands) {
          exchange.close();
        }
      }
    }
    throw unreachable;
  }

  /**
   * Sends the request, once, and waits for the beginning of its answer.
   *
   * @throws SocketTimeoutException when it does not begin in time
   * @throws IOException when it does not begin at all; the message may be shown
   */
  public Head send() throws IOException, InterruptedException {
    write();
    try {
      HttpClientResponse response = await(begun);
      return new Head(response.statusCode(), response.headers());
    } catch (ExecutionException e) {
      throw NetworkFailure.toAnswer(target, e.getCause());
    }
  }

  private void write() {
    HttpAttempt call = Objects.requireNonNull(unsent, "the request is sent once");
    unsent = null;
    HttpClientRequest request = connected.join();
    request.response().onSuccess(this::receive).onFailure(begun::completeExceptionally);
    boolean bodyless =
        call.body().length == 0
            && switch (call.method()) {
              case "POST", "PUT", "PATCH" -> false;
              default -> true;
            };
    (bodyless ? request.end() : request.end(Buffer.buffer(call.body())))
        .onFailure(begun::completeExceptionally);
  }

  /**
   * Waits for the next piece of the answer's body, after {@link #send}.
   *
   * @return null when there is no more
   * @throws SocketTimeoutException when it is not here in time
   * @throws IOException when the connection breaks; the message may be shown
   */
  public byte @Nullable [] next() throws IOException, InterruptedException {
    return next(deadline);
  }

  /**
   * Reads on to the end of the answer's body, if that comes soon, so that the connection can be
   * kept.
   */
  public void drain(Duration patience) throws InterruptedException {
    Deadline soon = Deadline.in(patience);
    try {
      while (next(soon.left() < deadline.left() ? soon : deadline) != null) {
        // What is left is of no use.
      }
    } catch (IOException e) {
      // The connection is cut when the exchange is closed.
    }
  }

  /** Ends the exchange at whatever stage; without effect when it has ended. */
  @Override
  public void close() {
    failures.exchange = null;
    if (!ended && !connected.cancel(false) && !connected.isCompletedExceptionally()) {
      connected.join().connection().close();
    }
  }

  private byte @Nullable [] next(Deadline until) throws IOException, InterruptedException {
    if (ended) {
      return null;
    }
    if (taken % REFILL == 0) {
      begun.join().fetch(taken == 0 ? WINDOW : REFILL);
    }
    // Pieces that have arrived already do not extend the deadline.
    long left = until.left();
    Event event = left > 0 ? events.poll(left, TimeUnit.NANOSECONDS) : null;
    taken++;
    return switch (event) {
      case Event.Piece(Buffer bytes) -> bytes.getBytes();
      case Event.Ended _ -> {
        ended = true;
        yield null;
      }
      case Event.Broken(Throwable why) -> throw NetworkFailure.toAnswer(target, why);
      case null -> throw late();
    };
  }

  private <T> T await(CompletableFuture<T> future)
      throws SocketTimeoutException, ExecutionException, InterruptedException {
    try {
      return future.get(deadline.left(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw (SocketTimeoutException) late().initCause(e);
    }
  }

  private SocketTimeoutException late() {
    return new SocketTimeoutException(target.place() + " did not answer completely in time.");
  }

  private void connect(
      HttpClient client, HttpAttempt call, InetAddress address, Duration patience) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.valueOf(call.method()))
            .setSsl(target.secure())
            // The name is for the Host field, SNI and the certificate; the address alone decides
            // where the bytes go.
            .setHost(target.host().name())
            .setPort(target.port())
            .setServer(
                SocketAddress.inetSocketAddress(new InetSocketAddress(address, target.port())))
            .setURI(target.path())
            .setConnectTimeout(patience.toMillis())
            .setFollowRedirects(false);
    for (Map.Entry<String, String> field : call.headers().entrySet()) {
      options.putHeader(field.getKey(), field.getValue());
    }
    // A new thread has no context, so that Vert.x takes an event loop. The caller's context may be
    // one that this very call keeps busy.
    Thread.startVirtualThread(
        () -> {
          try {
            client.request(options).onComplete(this::connected);
          } catch (RuntimeException e) {
            connected.completeExceptionally(e);
          }
        });
  }

  private void connected(AsyncResult<HttpClientRequest> result) {
    if (result.failed()) {
      connected.completeExceptionally(result.cause());
      return;
    }
    HttpClientRequest request = result.result();
    request.exceptionHandler(this::broken);
    request.continueHandler(_ -> receiveInterim());
    request.earlyHintsHandler(_ -> receiveInterim());
    // Without a handler, a hostile server could fill the log with errors.
    failures.exchange = this;
    request.connection().exceptionHandler(failures);
    if (!connected.complete(request)) {
      request.connection().close();
    }
  }

  private void receiveInterim() {
    interim++;
    if (interim > MOST_INTERIM) {
      broken(new InterimAnswersException());
    }
  }

  private void receive(HttpClientResponse response) {
    if (response.statusCode() < LEAST_FINAL_STATUS) {
      // The client takes it for the answer, and would give the connection to another request, which
      // would get the one that follows.
      broken(new InterimAnswersException());
      response.request().connection().close();
      return;
    }
    response.pause();
    response.exceptionHandler(this::broken);
    response.handler(bytes -> events.add(new Event.Piece(bytes)));
    response.endHandler(_ -> events.add(new Event.Ended()));
    begun.complete(response);
  }

  private void broken(Throwable why) {
    if (!begun.completeExceptionally(why)) {
      events.add(new Event.Broken(why));
    }
  }

  /** A server answers with more interim answers, or other ones, than are passed over. */
  private static final class InterimAnswersException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** Describes network failures in a sentence that reveals only host and port. */
  private static final class NetworkFailure {
    private NetworkFailure() {}

    /** Why no connection was established. */
    static IOException toConnect(Target target, @Nullable Throwable cause) {
      if (cause != null && has(cause, CertificateException.class)) {
        return new UntrustedCertificateException(
            "The certificate of %s is not trusted, or is not for that name."
                .formatted(target.place()),
            cause);
      }
      String sentence =
          has(cause, SSLException.class)
              ? "No secure connection to %s could be made."
              : "%s can't be reached.";
      return new IOException(sentence.formatted(target.place()), cause);
    }

    /** Why no whole answer came over a connection. */
    static IOException toAnswer(Target target, @Nullable Throwable cause) {
      String sentence =
          has(cause, TooLongHttpHeaderException.class) || has(cause, TooLongHttpLineException.class)
              ? "%s answered with header fields that are too long."
              : has(cause, InterimAnswersException.class)
                  ? "%s sent too many answers of a status below 200, or one that is not known."
                  : has(cause, DecoderException.class) || has(cause, IllegalArgumentException.class)
                      ? "%s answered with something that is not HTTP."
                      : "The connection to %s broke before the answer was whole.";
      return new IOException(sentence.formatted(target.place()), cause);
    }

    private static boolean has(@Nullable Throwable cause, Class<? extends Throwable> type) {
      Throwable at = cause;
      for (int depth = 0; at != null && depth < 10; depth++) {
        if (type.isInstance(at)) {
          return true;
        }
        at = at.getCause();
      }
      return false;
    }
  }
}
