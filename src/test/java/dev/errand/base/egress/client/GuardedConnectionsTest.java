package dev.errand.base.egress.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.errand.base.egress.address.EgressPolicy;
import dev.errand.base.egress.address.EgressRefusedException;
import dev.errand.base.egress.address.EgressRefusedException.Reason;
import dev.errand.support.Eventually;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GuardedConnectionsTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int MEBIBYTE = 1024 * 1024;
  private static final int MOST = 300;
  private static final String ENDLESS = "HTTP/1.1 200 OK\r\n\r\n";

  private final Vertx vertx = Vertx.vertx();
  private final Deque<String> addresses = new ArrayDeque<>(List.of("127.0.0.1"));
  private final List<Reason> refused = new CopyOnWriteArrayList<>();
  private final EgressLookup lookup = lookup("127.0.0.1");
  private final GuardedConnections connections =
      new GuardedConnections(vertx, lookup, refused::add, MOST);

  @AfterEach
  void close() {
    connections.close();
    lookup.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void connectionsAreKeptAndEachRequestIsJudged() throws Exception {
    Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          clients.add(exchange.getRemoteAddress());
          byte[] body = exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      int port = server.getAddress().getPort();
      String large = "x".repeat(MEBIBYTE);
      for (int i = 0; i < 10; i++) {
        assertEquals(large, ask(port, large, LONG));
      }
      // A request may come before the connection of the one before is free, so there can be two.
      assertTrue(clients.size() <= 2, "connections: " + clients);
      addresses.clear();
      addresses.add("10.0.0.1");

      assertThrows(EgressRefusedException.class, () -> ask(port, "", LONG));
      assertEquals(List.of(Reason.ADDRESS), refused);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void anAnswerThatFollowsAnUnknownInterimOneIsNobodyElses() throws Exception {
    try (TestServer server =
        TestServer.running(
            (request, in, out) -> {
              if (request.endsWith("first")) {
                GuardedHttpTest.write(out, "HTTP/1.1 102 Processing\r\n\r\n");
                out.flush();
                // The next request, if it comes by the same connection.
                in.read();
                GuardedHttpTest.write(out, TestServer.ok("for the first"));
              } else {
                GuardedHttpTest.write(out, TestServer.ok("for the second"));
              }
            })) {
      assertThrows(IOException.class, () -> ask(server.port(), "first", LONG));
      assertEquals("for the second", ask(server.port(), "second", LONG));
    }
  }

  @Test
  void theOperatorsOwnEndpointIsNotJudged() throws Exception {
    EgressLookup strict = lookup();
    GuardedConnections guarded = new GuardedConnections(vertx, strict, refused::add, MOST);
    try (TestServer server = TestServer.answering(TestServer.ok("Hello"))) {
      assertThrows(
          EgressRefusedException.class, () -> guarded.connect(request(server.port(), "", LONG)));
      GuardedConnections.Request judged = request(server.port(), "", LONG);
      GuardedConnections.Request trusted =
          new GuardedConnections.Request(
              judged.method(), judged.url(), judged.headers(), judged.body(), LONG, LONG, true);
      try (GuardedExchange exchange = guarded.connect(trusted)) {
        assertEquals(200, exchange.send().status());
      }
    } finally {
      guarded.close();
      strict.close();
    }
  }

  @Test
  void aSenderIsNoFurtherAheadThanItsReader() throws Exception {
    AtomicLong written = new AtomicLong();
    AtomicReference<Thread> writer = new AtomicReference<>(Thread.currentThread());
    try (TestServer server =
            TestServer.running(
                (_, _, out) -> {
                  writer.set(Thread.currentThread());
                  GuardedHttpTest.write(out, ENDLESS);
                  byte[] part = new byte[8192];
                  while (written.addAndGet(part.length) < 512L * MEBIBYTE) {
                    out.write(part);
                  }
                });
        GuardedExchange exchange = connections.connect(request(server.port(), "", LONG))) {
      exchange.send();
      // Nobody reads, and the writer, a virtual thread, has to wait.
      Eventually.await(
          "a writer that waits", () -> writer.get().getState() == Thread.State.WAITING);
      assertTrue(written.get() < 64 * MEBIBYTE, "written: " + written);
      long read = 0;
      while (read < 64 * MEBIBYTE) {
        read += Objects.requireNonNull(exchange.next(), "more").length;
        assertTrue(written.get() - read < 64 * MEBIBYTE, "written: " + written + " of " + read);
      }
    }
  }

  @Test
  @SuppressWarnings("try") // Closing it is what is tested.
  void bufferedDataIsNotReadPastTheDeadline() throws Exception {
    try (TestServer server =
            TestServer.running(
                (_, _, out) -> {
                  GuardedHttpTest.write(out, ENDLESS);
                  while (true) {
                    out.write(new byte[8192]);
                  }
                });
        GuardedExchange exchange =
            connections.connect(request(server.port(), "", Duration.ofSeconds(5)))) {
      exchange.send();

      assertThrows(
          SocketTimeoutException.class,
          () -> {
            while (true) {
              exchange.next();
            }
          });
      exchange.close();
      server.awaitCut();
    }
  }

  @Test
  void anExchangeThatWasNotSentSendsNothing() throws Exception {
    try (TestServer server = TestServer.answering(TestServer.ok("Hello"))) {
      connections.connect(request(server.port(), "secret", LONG)).close();
      server.awaitCut();

      assertEquals(List.of(), server.requests());
    }
  }

  @Test
  void aServerGetsAsManyConnectionsAsAreAllowed() throws Exception {
    List<GuardedExchange> exchanges = new ArrayList<>();
    try (ServerSocket silent = new ServerSocket(0, 512, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < MOST; i++) {
        exchanges.add(connections.connect(request(silent.getLocalPort(), "", LONG)));
      }
      GuardedConnections.Request oneMore =
          new GuardedConnections.Request(
              "GET",
              "http://site.test:" + silent.getLocalPort() + "/",
              Map.of(),
              new byte[0],
              LONG,
              Duration.ofMillis(100),
              false);
      assertThrows(IOException.class, () -> connections.connect(oneMore));
    } finally {
      exchanges.forEach(GuardedExchange::close);
    }
  }

  @Test
  void aRequestIsNotKeptWhileItsAnswerIsAwaited() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    AtomicReference<WeakReference<byte[]>> body = new AtomicReference<>();
    try (TestServer server =
            TestServer.running(
                (_, _, out) -> {
                  answer.await();
                  GuardedHttpTest.write(out, TestServer.ok("Hello"));
                });
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> status =
          threads.submit(
              () -> {
                try (GuardedExchange exchange = connect(server.port(), body)) {
                  return exchange.send().status();
                }
              });
      Eventually.await("the request", () -> server.requests().size() == 1);
      Eventually.await(
          "no body",
          () -> {
            System.gc();
            return body.get().refersTo(null);
          });
      assertFalse(status.isDone());
      answer.countDown();
      assertEquals(200, status.get());
    }
  }

  private GuardedExchange connect(int port, AtomicReference<WeakReference<byte[]>> body)
      throws IOException, InterruptedException {
    GuardedConnections.Request request = request(port, "x".repeat(MEBIBYTE), LONG);
    body.set(new WeakReference<>(request.body()));
    return connections.connect(request);
  }

  @Test
  void aHeaderFieldOfTheConnectionIsRefused() {
    GuardedConnections.Request request =
        new GuardedConnections.Request(
            "GET", "http://site.test/", Map.of("Host", "other"), new byte[0], LONG, LONG, false);

    assertThrows(EgressRefusedException.class, () -> connections.connect(request));
    assertEquals(List.of(Reason.REQUEST), refused);
  }

  private String ask(int port, String body, Duration timeout)
      throws IOException, InterruptedException {
    try (GuardedExchange exchange = connections.connect(request(port, body, timeout))) {
      assertEquals(200, exchange.send().status());
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (byte[] piece = exchange.next(); piece != null; piece = exchange.next()) {
        all.writeBytes(piece);
      }
      return all.toString(StandardCharsets.UTF_8);
    }
  }

  private static GuardedConnections.Request request(int port, String body, Duration timeout) {
    return new GuardedConnections.Request(
        "POST",
        "http://site.test:" + port + "/",
        Map.of("content-type", "text/plain"),
        body.getBytes(StandardCharsets.UTF_8),
        timeout,
        LONG,
        false);
  }

  private EgressLookup lookup(String... allow) {
    return new EgressLookup(
        new EgressPolicy(List.of(allow), List.of(), List.of("1-65535")),
        _ -> addresses.stream().map(InetAddress::ofLiteral).toList());
  }
}
