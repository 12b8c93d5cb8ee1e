package dev.errand.egress;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * {@link GuardedHttp} on Vert.x: every connection is new and goes to an address that was judged.
 */
@ApplicationScoped
class VertxGuardedHttp implements GuardedHttp {

  private static final int CONNECT_MILLIS = 5_000;
  private static final int HANDSHAKE_SECONDS = 10;
  private static final int MOST_HEADER_BYTES = 65_536;
  private static final int MOST_CONNECTIONS = 10_000;

  private final VertxInternal vertx;
  private final EgressPolicy policy;
  private final EgressLookup lookup;
  private final EgressRefusals refusals;
  private final HttpClient client;

  @Inject
  VertxGuardedHttp(Vertx vertx, EgressPolicy policy, EgressLookup lookup, EgressRefusals refusals) {
    this(vertx, policy, lookup, refusals, new HttpClientOptions());
  }

  /**
   * With options to begin from, which may say whom to trust.
   *
   * @param options changed to what is needed here
   */
  VertxGuardedHttp(
      Vertx vertx,
      EgressPolicy policy,
      EgressLookup lookup,
      EgressRefusals refusals,
      HttpClientOptions options) {
    // A context of its own: the caller's may be one that this very call keeps busy.
    this.vertx = (VertxInternal) vertx;
    this.policy = policy;
    this.lookup = lookup;
    this.refusals = refusals;
    this.client =
        vertx.createHttpClient(
            options
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setUseAlpn(false)
                .setVerifyHost(true)
                // What is traced here is no business of theirs who are called.
                .setTracingPolicy(TracingPolicy.IGNORE)
                // A connection kept would outlive the judgement by which it was made.
                .setKeepAlive(false)
                .setMaxPoolSize(MOST_CONNECTIONS)
                .setConnectTimeout(CONNECT_MILLIS)
                .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                .setMaxHeaderSize(MOST_HEADER_BYTES)
                .setMaxInitialLineLength(MOST_HEADER_BYTES)
                .setDecompressionSupported(false));
  }

  @PreDestroy
  void close() {
    client.close();
  }

  @Override
  public Answer send(Request request) throws IOException, InterruptedException {
    if (Context.isOnEventLoopThread()) {
      throw new IllegalStateException("An event loop may not wait for an answer.");
    }
    try {
      return follow(request);
    } catch (EgressRefusedException e) {
      refusals.refused(e.reason());
      throw e;
    }
  }

  private Answer follow(Request request) throws IOException, InterruptedException {
    Deadline deadline = Deadline.in(request.timeout());
    Call call = Call.of(request);
    for (int redirects = 0; ; redirects++) {
      policy.checkGranted(call.target(), request.hosts());
      Exchange.Reply reply = exchange(call, request.maxAnswerBytes(), deadline);
      String location = reply.headers().get("location");
      if (location == null
          || !Redirect.isOne(reply.status(), location)
          || request.maxRedirects() == 0) {
        return answer(call.target(), reply, request.maxAnswerBytes());
      }
      if (redirects == request.maxRedirects()) {
        throw new IOException(
            "%s redirects more than %d times."
                .formatted(call.target().place(), request.maxRedirects()));
      }
      call = call.follow(reply.status(), Redirect.readable(location));
    }
  }

  private Exchange.Reply exchange(Call call, int maxBytes, Deadline deadline)
      throws IOException, InterruptedException {
    IOException unreachable = new IOException(call.target().place() + " can't be reached.");
    for (InetAddress address : lookup.resolve(call.target(), deadline)) {
      Exchange exchange = new Exchange(call, maxBytes);
      try {
        vertx.createEventLoopContext().runOnContext(_ -> exchange.start(client, address));
        try {
          await(exchange.connected(), deadline, call.target());
        } catch (ExecutionException e) {
          unreachable = Failure.toConnect(call.target(), e.getCause());
          continue;
        }
        return await(exchange.replied(), deadline, call.target());
      } catch (ExecutionException e) {
        throw Failure.toAnswer(call.target(), e.getCause());
      } finally {
        exchange.cut();
      }
    }
    throw unreachable;
  }

  private static <T> T await(CompletableFuture<T> future, Deadline deadline, Target target)
      throws SocketTimeoutException, ExecutionException, InterruptedException {
    try {
      return future.get(deadline.left(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw (SocketTimeoutException)
          new SocketTimeoutException(target.place() + " did not answer in full in time.")
              .initCause(e);
    }
  }

  private static Answer answer(Target target, Exchange.Reply reply, int maxBytes)
      throws IOException {
    BodyCoding coding = reply.coding();
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (Map.Entry<String, String> field : reply.headers()) {
      headers
          .computeIfAbsent(field.getKey().toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
          .add(field.getValue());
    }
    if (coding != BodyCoding.PLAIN && reply.body().length > 0) {
      // Both told of the body on the wire, which is not the one that is handed on.
      headers.remove("content-encoding");
      headers.remove("content-length");
    }
    return new Answer(
        reply.status(),
        headers,
        coding.unpack(reply.body(), maxBytes, target.place()),
        target.uri());
  }
}
