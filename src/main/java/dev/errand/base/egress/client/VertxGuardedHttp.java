package dev.errand.base.egress.client;

import dev.errand.base.egress.address.EgressPolicy;
import dev.errand.base.egress.address.EgressRefusals;
import dev.errand.base.egress.address.EgressRefusedException;
import dev.errand.base.egress.address.Target;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@link GuardedHttp} on Vert.x: every connection is new and goes to a checked address. */
@ApplicationScoped
class VertxGuardedHttp implements GuardedHttp {
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);
  private static final int HANDSHAKE_SECONDS = 10;
  private static final int MOST_HEADER_BYTES = 65_536;
  private static final int MOST_CONNECTIONS = 10_000;

  private final EgressPolicy policy;
  private final EgressLookup lookup;
  private final EgressRefusals refusals;
  private final HttpClient client;

  @Inject
  VertxGuardedHttp(Vertx vertx, EgressPolicy policy, EgressLookup lookup, EgressRefusals refusals) {
    this(vertx, policy, lookup, refusals, new HttpClientOptions());
  }

  /**
   * A client with initial options, such as trusted certificates.
   *
   * @param options changed to what is needed here
   */
  VertxGuardedHttp(
      Vertx vertx,
      EgressPolicy policy,
      EgressLookup lookup,
      EgressRefusals refusals,
      HttpClientOptions options) {
    this.policy = policy;
    this.lookup = lookup;
    this.refusals = refusals;
    this.client =
        vertx.createHttpClient(
            guarded(options)
                // Its callers ask many servers once each.
                .setKeepAlive(false)
                .setMaxPoolSize(MOST_CONNECTIONS));
  }

  /** What all connections to the outside have in common. */
  static HttpClientOptions guarded(HttpClientOptions options) {
    return options
        .setProtocolVersion(HttpVersion.HTTP_1_1)
        .setUseAlpn(false)
        .setVerifyHost(true)
        // Trace headers are not sent to foreign servers.
        .setTracingPolicy(TracingPolicy.IGNORE)
        .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
        .setMaxHeaderSize(MOST_HEADER_BYTES)
        .setMaxInitialLineLength(MOST_HEADER_BYTES)
        .setDecompressionSupported(false);
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
    HttpAttempt call = HttpAttempt.of(request);
    for (int redirects = 0; ; redirects++) {
      policy.checkGranted(call.target(), request.hosts());
      Reply reply = reply(call, request.maxAnswerBytes(), deadline);
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

  /** An answer, its body as it was on the wire; empty where it is not wanted. */
  private record Reply(int status, MultiMap headers, byte[] body) {
    BodyCoding coding() {
      return BodyCoding.of(String.join(",", headers.getAll("content-encoding")));
    }
  }

  private Reply reply(HttpAttempt call, int maxBytes, Deadline deadline)
      throws IOException, InterruptedException {
    try (GuardedExchange exchange =
        GuardedExchange.connect(
            client, call, lookup.resolve(call.target(), deadline), CONNECT_PATIENCE, deadline)) {
      GuardedExchange.Head head = exchange.send();
      Reply reply = new Reply(head.status(), head.headers(), new byte[0]);
      if (maxBytes == Request.NO_BODY
          || Redirect.isOne(head.status(), head.headers().get("location"))) {
        // The body of a redirect is not for the caller.
        return reply;
      }
      long most = reply.coding().mostPacked(maxBytes);
      Buffer body = Buffer.buffer();
      for (byte[] piece = exchange.next(); piece != null; piece = exchange.next()) {
        if (body.length() + (long) piece.length > most) {
          throw new AnswerTooLargeException(call.target().place(), maxBytes);
        }
        body.appendBytes(piece);
      }
      return new Reply(head.status(), head.headers(), body.getBytes());
    }
  }

  private static Answer answer(Target target, Reply reply, int maxBytes) throws IOException {
    BodyCoding coding = reply.coding();
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (Map.Entry<String, String> field : reply.headers()) {
      headers
          .computeIfAbsent(field.getKey().toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
          .add(field.getValue());
    }
    if (coding != BodyCoding.PLAIN && reply.body().length > 0) {
      // Both describe the body on the wire, not the decoded one.
      headers.remove("content-encoding");
      headers.remove("content-length");
    }
    return new Answer(
        reply.status(),
        headers,
        coding.unpack(reply.body(), maxBytes, target.place()),
        target.uri());
  }

  /** Recognises redirects and reads their location. */
  private static final class Redirect {
    private Redirect() {}

    /** Whether an answer of this status and with this {@code Location} is a redirect. */
    static boolean isOne(int status, @Nullable String location) {
      return location != null
          && switch (status) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
          };
    }

    /** The location as it was meant, since many servers send UTF-8 where the wire reads Latin-1. */
    static String readable(String location) {
      return new String(location.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
  }
}
