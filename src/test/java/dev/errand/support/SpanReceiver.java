package dev.errand.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A collector of traces (OTLP over HTTP), which keeps in a folder what it is sent. */
public final class SpanReceiver implements QuarkusTestResourceLifecycleManager {
  private static final Path FOLDER = TestFolder.of("spans");

  private final AtomicInteger number = new AtomicInteger();
  private @Nullable HttpServer server;

  @Override
  public Map<String, String> start() {
    try {
      Files.createDirectories(FOLDER);
      for (Path old : files()) {
        Files.delete(old);
      }
      HttpServer started =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
      server = started;
      started.createContext("/v1/traces", this::take);
      started.start();
      return Map.of(
          "quarkus.otel.sdk.disabled",
          "false",
          "otel.exporter.otlp.endpoint",
          "http://127.0.0.1:" + started.getAddress().getPort(),
          "otel.exporter.otlp.protocol",
          "http/protobuf",
          "quarkus.otel.bsp.schedule.delay",
          "PT0.1S");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  private void take(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    Path whole = FOLDER.resolve(number.incrementAndGet() + ".spans");
    Path part = FOLDER.resolve(whole.getFileName() + ".part");
    Files.write(part, body);
    Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
    exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  /** The spans of a trace, when so many have come. */
  public static List<ReceivedSpan> await(String traceId, int number) {
    Eventually.await(number + " spans", () -> spans(traceId).size() >= number);
    return spans(traceId);
  }

  /** The one span of that name in a trace, when it has come. */
  public static ReceivedSpan await(String traceId, String name) {
    Eventually.await(name, () -> !ReceivedSpan.named(spans(traceId), name).isEmpty());
    return ReceivedSpan.only(spans(traceId), name);
  }

  /** The spans of a trace that came so far. */
  public static List<ReceivedSpan> spans(String traceId) {
    try {
      List<ReceivedSpan> spans = new ArrayList<>();
      for (Path file : files()) {
        if (file.toString().endsWith(".spans")) {
          spans.addAll(ReceivedSpan.all(Files.readAllBytes(file)));
        }
      }
      return spans.stream().filter(span -> span.traceId().equals(traceId)).toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  // In the order in which they came, which a folder does not keep.
  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted(Comparator.comparingInt(SpanReceiver::numberOf)).toList();
    }
  }

  private static int numberOf(Path file) {
    String name = file.getFileName().toString();
    return Integer.parseInt(name.substring(0, name.indexOf('.')));
  }
}
