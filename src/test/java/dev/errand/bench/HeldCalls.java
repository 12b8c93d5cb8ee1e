package dev.errand.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A model's server that takes any number of calls, and answers them at once or when it is told to.
 */
final class HeldCalls implements AutoCloseable {
  private static final String ANSWER =
      """
      {"id":"chatcmpl-1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant",\
      "content":"Done."},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5,\
      "total_tokens":15}}""";

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  private final HttpServer server;
  private final Queue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
  private volatile boolean released = true;

  HeldCalls() {
    server =
        vertx
            .createHttpServer(new HttpServerOptions().setAcceptBacklog(4096).setHost("127.0.0.1"))
            .requestHandler(this::take)
            .listen(0)
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  /** The base URL, for {@code openai.base_url}. */
  String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/v1";
  }

  /** How many calls wait for their answer. */
  int held() {
    return held.size();
  }

  /** Answers no call from now on. */
  void hold() {
    released = false;
  }

  /** Answers all calls that wait, and all that come from now on. */
  void release() {
    released = true;
    for (HttpServerRequest call = held.poll(); call != null; call = held.poll()) {
      HttpServerRequest one = call;
      vertx.runOnContext(_ -> answer(one));
    }
  }

  private void take(HttpServerRequest call) {
    call.endHandler(
        _ -> {
          if (released) {
            answer(call);
          } else {
            held.add(call);
            call.connection().closeHandler(_ -> held.remove(call));
          }
        });
  }

  private static void answer(HttpServerRequest call) {
    call.response().putHeader("Content-Type", "application/json").end(ANSWER);
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
