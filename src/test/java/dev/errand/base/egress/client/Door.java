package dev.errand.base.egress.client;

import dev.errand.base.egress.address.EgressPolicy;
import dev.errand.base.egress.address.EgressRefusedException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** {@link GuardedHttp} whose names resolve as a test says. */
public final class Door implements AutoCloseable {

  static final Duration LONG = Duration.ofSeconds(60);

  private final Vertx vertx = Vertx.vertx();
  private final Map<String, Deque<List<InetAddress>>> names = new ConcurrentHashMap<>();
  private final List<String> lookups = new CopyOnWriteArrayList<>();
  private final List<EgressRefusedException.Reason> refused = new CopyOnWriteArrayList<>();
  private final EgressLookup lookup;
  private final VertxGuardedHttp http;

  public Door(String... allow) {
    this(new HttpClientOptions(), allow);
  }

  public Door(HttpClientOptions options, String... allow) {
    EgressPolicy policy = new EgressPolicy(List.of(allow), List.of(), List.of("80", "443"));
    lookup = new EgressLookup(policy, this::resolve);
    http = new VertxGuardedHttp(vertx, policy, lookup, refused::add, options);
  }

  /** Lets a name resolve to these; of several calls the last answer stays. */
  public Door name(String name, String... addresses) {
    names
        .computeIfAbsent(name, _ -> new ArrayDeque<>())
        .add(Stream.of(addresses).map(InetAddress::ofLiteral).toList());
    return this;
  }

  List<String> lookups() {
    return lookups;
  }

  /** Why calls were refused, in order. */
  public List<EgressRefusedException.Reason> refused() {
    return refused;
  }

  public GuardedHttp.Answer get(String url) throws IOException, InterruptedException {
    return send("GET", url, Map.of(), "");
  }

  public GuardedHttp.Answer send(
      String method, String url, Map<String, String> headers, String body)
      throws IOException, InterruptedException {
    return http.send(request(method, url, headers, body, List.of("*"), LONG, 1_000_000));
  }

  public GuardedHttp.Answer send(GuardedHttp.Request request)
      throws IOException, InterruptedException {
    return http.send(request);
  }

  public static GuardedHttp.Request get(String url, Duration timeout, int maxAnswerBytes) {
    return request("GET", url, Map.of(), "", List.of("*"), timeout, maxAnswerBytes);
  }

  public static GuardedHttp.Request get(String url, List<String> hosts) {
    return request("GET", url, Map.of(), "", hosts, LONG, 1_000_000);
  }

  public static String sentence(Throwable failure) {
    return Objects.requireNonNull(failure.getMessage());
  }

  private static GuardedHttp.Request request(
      String method,
      String url,
      Map<String, String> headers,
      String body,
      List<String> hosts,
      Duration timeout,
      int maxAnswerBytes) {
    return new GuardedHttp.Request(
        method,
        url,
        headers,
        body.getBytes(StandardCharsets.UTF_8),
        hosts,
        timeout,
        maxAnswerBytes);
  }

  private synchronized List<InetAddress> resolve(String name) throws UnknownHostException {
    lookups.add(name);
    Deque<List<InetAddress>> answers = names.get(name);
    if (answers == null) {
      throw new UnknownHostException(name);
    }
    return answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
  }

  @Override
  public void close() {
    http.close();
    lookup.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
