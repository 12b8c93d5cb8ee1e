package dev.errand.adapters.serverless;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Takes events and delivers them as a platform does on a bad day: some never, some twice, all of
 * them late and in another order.
 */
public final class UnreliableBroker implements QuarkusTestResourceLifecycleManager {
  static final AtomicInteger DROPPED = new AtomicInteger();
  static final AtomicInteger DOUBLED = new AtomicInteger();
  static final List<Integer> ANSWERS = new CopyOnWriteArrayList<>();
  static volatile URI target = URI.create("http://127.0.0.1:1/");

  private static final int LATEST_MS = 50;

  private final Random random = new Random(7);
  private final ScheduledExecutorService later = Executors.newScheduledThreadPool(8);
  private final HttpClient http = HttpClient.newHttpClient();
  private @Nullable HttpServer server;

  @Override
  public Map<String, String> start() {
    HttpServer started;
    try {
      started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    started.createContext("/", this::take);
    started.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    started.start();
    server = started;
    return Map.of(
        "errand.worker.mode",
        "request",
        "errand.worker.budget",
        "PT20S",
        "errand.events.token",
        EventSender.TOKEN,
        "errand.dispatch.token",
        EventSender.TOKEN,
        "errand.dispatch.url",
        "http://127.0.0.1:" + started.getAddress().getPort() + "/");
  }

  private void take(HttpExchange exchange) throws IOException {
    byte[] event = exchange.getRequestBody().readAllBytes();
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    exchange.sendResponseHeaders(202, -1);
    exchange.close();
    int deliveries;
    synchronized (random) {
      deliveries = random.nextInt(10) < 3 ? 0 : random.nextInt(10) < 3 ? 2 : 1;
    }
    if (deliveries == 0) {
      DROPPED.incrementAndGet();
    } else if (deliveries == 2) {
      DOUBLED.incrementAndGet();
    }
    for (int i = 0; i < deliveries; i++) {
      int delay;
      synchronized (random) {
        delay = random.nextInt(LATEST_MS);
      }
      var _ = later.schedule(() -> deliver(event, authorization), delay, TimeUnit.MILLISECONDS);
    }
  }

  private void deliver(byte[] event, String authorization) {
    HttpRequest request =
        HttpRequest.newBuilder(target)
            .header("Content-Type", "application/cloudevents+json")
            .header("Authorization", authorization)
            .POST(HttpRequest.BodyPublishers.ofByteArray(event))
            .build();
    try {
      ANSWERS.add(http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
    } catch (IOException e) {
      ANSWERS.add(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void stop() {
    if (server != null) {
      server.stop(0);
    }
    later.shutdownNow();
  }
}
