package dev.errand.adapters.serverless;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.errand.support.TestFolder;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Takes the events that request mode sends, and delivers none: what is done then, the test's own
 * events have led to. One run goes on at once, and one event may be worked on for six seconds.
 */
public final class Sink implements QuarkusTestResourceLifecycleManager {
  static final List<Taken> TAKEN = new CopyOnWriteArrayList<>();

  /** The heartbeats that came. */
  static final AtomicInteger BEATS = new AtomicInteger();

  /** What it answers; it is asked before each answer, and may take its time. */
  static volatile Answers answers = () -> 202;

  /** Holds the token that events are to bring. */
  static final Path TOKEN_FILE = TestFolder.of("dispatch-token");

  private @Nullable HttpServer server;

  /**
   * An event that came.
   *
   * @param authorization what it brought
   * @param type its content type
   * @param body the event
   */
  record Taken(String authorization, String type, String body) {}

  /** Says what an event is answered with. */
  @FunctionalInterface
  interface Answers {
    int next();
  }

  @Override
  public Map<String, String> start() {
    try {
      Files.writeString(TOKEN_FILE, EventSender.TOKEN);
      HttpServer started =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
      started.createContext("/", Sink::take);
      started.createContext("/heartbeat", Sink::beat);
      started.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      started.start();
      server = started;
      Map<String, String> config = new HashMap<>();
      String here = "http://127.0.0.1:" + started.getAddress().getPort();
      config.put("errand.worker.mode", "request");
      config.put("errand.worker.concurrency", "1");
      config.put("errand.worker.most", "2");
      config.put("errand.worker.budget", "PT10S");
      config.put("errand.watch.longest", "PT0S");
      config.put("errand.callback.timeout", "PT10M");
      config.put("errand.events.token", EventSender.TOKEN);
      config.put("errand.dispatch.token-file", TOKEN_FILE.toString());
      config.put("errand.dispatch.timeout", "PT60S");
      config.put("errand.heartbeat.url", here + "/heartbeat");
      config.put("errand.dispatch.url", here + "/");
      return config;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Takes everything from now on, and knows of nothing that was. */
  static void reset() {
    answers = () -> 202;
    TAKEN.clear();
  }

  private static void beat(HttpExchange exchange) throws IOException {
    BEATS.incrementAndGet();
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  private static void take(HttpExchange exchange) throws IOException {
    TAKEN.add(
        new Taken(
            exchange.getRequestHeaders().getFirst("Authorization"),
            exchange.getRequestHeaders().getFirst("Content-Type"),
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
    exchange.sendResponseHeaders(answers.next(), -1);
    exchange.close();
  }

  @Override
  public void stop() {
    if (server != null) {
      server.stop(0);
    }
  }
}
