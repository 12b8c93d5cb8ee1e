package dev.errand.app.migration;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.Problem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * The answers of a process that waits for the database, or migrates its schema: it is alive, and
 * neither started nor ready.
 */
final class MigratingAnswers implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(MigratingAnswers.class);
  private static final int OK = 200;
  private static final String HEALTH = "/q/health";
  private static final String UP = "{\"status\": \"UP\", \"checks\": []}";
  private static final String UNREACHED =
      """
      {"status": "DOWN", "checks": [{"name": "database", "status": "DOWN", "data": {"reached": false}}]}
      """;
  private static final String DOWN =
      """
      {"status": "DOWN", "checks": [{"name": "schema", "status": "DOWN", "data": {"migrating": true}}]}
      """;
  private static final String PROBLEM =
      """
      {"type": "urn:errand:error:%1$s", "title": "%2$s", "status": %3$d, "code": "%1$s",
       "detail": "The service starts: try again."}
      """
          .formatted(
              ErrorCode.UNAVAILABLE.code(),
              ErrorCode.UNAVAILABLE.title(),
              ErrorCode.UNAVAILABLE.status());

  private final HttpServer server;
  private final ExecutorService threads;
  private final boolean hasProbes;
  private final BooleanSupplier isReached;

  private MigratingAnswers(HttpServer server, boolean hasProbes, BooleanSupplier isReached) {
    this.server = server;
    this.threads = Executors.newVirtualThreadPerTaskExecutor();
    this.hasProbes = hasProbes;
    this.isReached = isReached;
  }

  /**
   * Starts to answer; empty where the address can't be used, which the framework will report.
   *
   * @param hasProbes whether this is the port of the probes
   * @param isReached returns whether the database has answered
   */
  static Optional<MigratingAnswers> at(
      InetSocketAddress address, boolean hasProbes, BooleanSupplier isReached) {
    try {
      MigratingAnswers answers =
          new MigratingAnswers(HttpServer.create(address, 0), hasProbes, isReached);
      answers.server.setExecutor(answers.threads);
      answers.server.createContext("/", answers::answer);
      answers.server.start();
      return Optional.of(answers);
    } catch (IOException e) {
      LOG.debugf(e, "%s can't be listened at", address);
      return Optional.empty();
    }
  }

  /** Releases the port. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (!hasProbes || !(path.equals(HEALTH) || path.startsWith(HEALTH + "/"))) {
      send(exchange, ErrorCode.UNAVAILABLE.status(), Problem.MEDIA_TYPE, PROBLEM);
    } else if (path.equals(HEALTH + "/live")) {
      send(exchange, OK, "application/json", UP);
    } else {
      send(
          exchange,
          ErrorCode.UNAVAILABLE.status(),
          "application/json",
          isReached.getAsBoolean() ? DOWN : UNREACHED);
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", type);
      if (status != OK) {
        exchange.getResponseHeaders().set("Retry-After", "5");
      }
      // Keeping the connection open would be useless.
      exchange.getResponseHeaders().set("Connection", "close");
      byte[] bytes = body.strip().getBytes(StandardCharsets.UTF_8);
      boolean isHead = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(status, isHead ? -1 : bytes.length);
      if (!isHead) {
        exchange.getResponseBody().write(bytes);
      }
    }
  }
}
