package dev.errand.runner.openai;

import io.vertx.core.AsyncResult;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One request to a model's server and its answer, as it comes. The event loop puts what arrives
 * into a queue that one other thread takes it from; closing it before its end cuts the connection,
 * since an answer that nobody waits for any more would still be paid for.
 */
final class ModelExchange implements AutoCloseable {

  /**
   * How an answer begins.
   *
   * @param status the HTTP status
   * @param headers the header fields
   */
  record Head(int status, MultiMap headers) {}

  private sealed interface Event {
    record Begun(Head head) implements Event {}

    record Piece(Buffer bytes) implements Event {}

    record Ended() implements Event {}

    record Broken(IOException why) implements Event {}
  }

  private final String host;
  private final long most;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private volatile @Nullable HttpClientRequest request;
  private volatile boolean closed;
  private boolean ended;
  private long arrived;

  /**
   * An exchange that has not begun.
   *
   * @param host whom it is with, for messages
   * @param most the most bytes of an answer as they are on the wire
   */
  ModelExchange(String host, long most) {
    this.host = host;
    this.most = most;
  }

  /**
   * Sends the request.
   *
   * @param mayCall is asked about the address that the connection stands on, before a byte of the
   *     request is sent
   * @param isHeld is asked after that whether there is still reason to send it
   */
  void begin(
      HttpClient client,
      RequestOptions options,
      byte[] body,
      Predicate<SocketAddress> mayCall,
      BooleanSupplier isHeld) {
    client
        .request(options)
        .onComplete(connected -> send(connected, Buffer.buffer(body), mayCall, isHeld));
  }

  /**
   * Waits for the beginning of the answer.
   *
   * @param until the {@link System#nanoTime()} by which it has to be here
   */
  Head head(long until) throws IOException, InterruptedException, TimeoutException {
    return switch (take(until)) {
      case Event.Begun(Head head) -> head;
      case Event.Broken(IOException why) -> throw why;
      case Event.Piece _, Event.Ended _ -> throw new IOException("An answer without a beginning.");
    };
  }

  /**
   * Waits for the next piece of the answer's body.
   *
   * @param until the {@link System#nanoTime()} by which it has to be here
   * @return null when there is no more
   */
  byte @Nullable [] next(long until) throws IOException, InterruptedException, TimeoutException {
    if (ended) {
      return null;
    }
    return switch (take(until)) {
      case Event.Piece(Buffer bytes) -> bytes.getBytes();
      case Event.Ended _ -> {
        ended = true;
        yield null;
      }
      case Event.Broken(IOException why) -> throw why;
      case Event.Begun _ -> throw new IOException("An answer that begins twice.");
    };
  }

  /** Waits for the rest of the answer's body, which is UTF-8. */
  String rest(long until) throws IOException, InterruptedException, TimeoutException {
    Buffer all = Buffer.buffer();
    for (byte[] piece = next(until); piece != null; piece = next(until)) {
      all.appendBytes(piece);
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    if (!ended) {
      closed = true;
      cut(request);
    }
  }

  private Event take(long until) throws InterruptedException, TimeoutException {
    Event event = events.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
    if (event == null) {
      throw new TimeoutException();
    }
    return event;
  }

  private void send(
      AsyncResult<HttpClientRequest> connected,
      Buffer body,
      Predicate<SocketAddress> mayCall,
      BooleanSupplier isHeld) {
    if (connected.failed()) {
      broken(connected.cause());
      return;
    }
    HttpClientRequest sent = connected.result();
    request = sent;
    sent.exceptionHandler(this::broken);
    // Without it, whatever a hostile server sends would fill the log with errors.
    sent.connection().exceptionHandler(this::broken);
    if (closed) {
      cut(sent);
    } else if (!mayCall.test(sent.connection().remoteAddress())) {
      broken(new AddressRefusedException(host));
      cut(sent);
    } else if (!isHeld.getAsBoolean()) {
      broken(new NotHeldException());
      cut(sent);
    } else {
      sent.send(body).onSuccess(this::receive).onFailure(this::broken);
    }
  }

  private void receive(HttpClientResponse response) {
    events.add(new Event.Begun(new Head(response.statusCode(), response.headers())));
    response.exceptionHandler(this::broken);
    response.handler(bytes -> arrived(response, bytes));
    response.endHandler(_ -> events.add(new Event.Ended()));
  }

  private void arrived(HttpClientResponse response, Buffer bytes) {
    arrived += bytes.length();
    if (arrived <= most) {
      events.add(new Event.Piece(bytes));
      return;
    }
    response.handler(null);
    broken(new AnswerTooLargeException(host, most));
    cut(response.request());
  }

  private void broken(Throwable why) {
    events.add(new Event.Broken(why instanceof IOException io ? io : new IOException(why)));
  }

  private static void cut(@Nullable HttpClientRequest request) {
    if (request != null) {
      request.connection().close();
    }
  }
}
