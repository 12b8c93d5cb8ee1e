package dev.errand.support;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A collector of traces (OTLP over gRPC without TLS), which keeps what it is sent. */
public final class GrpcCollector implements QuarkusTestResourceLifecycleManager {
  private static final String EXPORT =
      "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
  private static final int PREFIX_BYTES = 5;
  private static final Queue<Buffer> RECEIVED = new ConcurrentLinkedQueue<>();

  private final Vertx vertx = Vertx.vertx();

  @Override
  public Map<String, String> start() {
    RECEIVED.clear();
    HttpServer server =
        vertx
            .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
            .requestHandler(GrpcCollector::take)
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    return Map.of(
        "quarkus.otel.sdk.disabled",
        "false",
        "otel.exporter.otlp.endpoint",
        "http://127.0.0.1:" + server.actualPort(),
        "quarkus.otel.bsp.schedule.delay",
        "PT0.1S");
  }

  @Override
  public void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static void take(HttpServerRequest request) {
    request.bodyHandler(
        body -> {
          boolean isExport =
              EXPORT.equals(request.path())
                  && "application/grpc".equals(request.getHeader("content-type"));
          if (isExport) {
            RECEIVED.add(body.getBuffer(PREFIX_BYTES, body.length()));
          }
          // An empty message: all of it was accepted.
          Future<Void> _ =
              request
                  .response()
                  .setChunked(true)
                  .putHeader("content-type", "application/grpc")
                  .putTrailer("grpc-status", isExport ? "0" : "12")
                  .end(Buffer.buffer(new byte[PREFIX_BYTES]));
        });
  }

  /** Waits for spans in which that text stands. */
  public static void await(String text) {
    Eventually.await(
        "spans with " + text,
        () -> RECEIVED.stream().anyMatch(spans -> spans.toString("ISO-8859-1").contains(text)));
  }
}
