package dev.errand.base.http.limit;

import dev.errand.base.http.Problem;
import dev.errand.base.http.limit.ConnectionGuard.Limits;
import dev.errand.base.http.limit.ConnectionGuard.Refusal;
import dev.errand.base.json.Json;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.EventExecutor;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.quarkus.vertx.http.HttpServerStart;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Adds a {@link ConnectionGuard} to every connection of the HTTP server. The framework has no time
 * limit for the head or the body of a request, and answers malformed requests without a body.
 */
@ApplicationScoped
class HttpServerGuard implements HttpServerOptionsCustomizer {
  private static final String NAME = "errand-guard";

  private final Vertx vertx;
  private final Json json;
  private final Limits limits;

  /**
   * Guards the HTTP server.
   *
   * @param head the longest time that the head of a request may take to arrive
   * @param body the longest time that the body of a request may take to arrive after its head
   */
  HttpServerGuard(
      Vertx vertx,
      Json json,
      @ConfigProperty(name = "errand.http.head-timeout", defaultValue = "PT30S") Duration head,
      @ConfigProperty(name = "errand.http.body-timeout", defaultValue = "PT1M") Duration body) {
    this.vertx = vertx;
    this.json = json;
    this.limits = new Limits(head, body, this::answer);
  }

  /** An upgrade from HTTP/1.1 of a request with a body never gets an answer from the server. */
  @Override
  public void customizeHttpServer(HttpServerOptions options) {
    options.setHttp2ClearTextEnabled(false);
  }

  void watch(@ObservesAsync HttpServerStart started) {
    for (EventExecutor loop : ((VertxInternal) vertx).getAcceptorEventLoopGroup()) {
      if (loop instanceof SingleThreadEventLoop acceptors) {
        acceptors.execute(
            () -> acceptors.registeredChannelsIterator().forEachRemaining(this::watch));
      }
    }
  }

  private void watch(Channel channel) {
    if (channel instanceof ServerChannel && channel.pipeline().get(NAME) == null) {
      channel.pipeline().addFirst(NAME, new Accepted(limits));
    }
  }

  private byte[] answer(Refusal refusal) {
    Problem problem = Problem.of(refusal.code, refusal.detail, List.of());
    byte[] body;
    body = json.bytes(problem);
    String head =
        """
        HTTP/1.1 %s
        Content-Type: %s
        Content-Length: %d
        Cache-Control: no-store
        X-Content-Type-Options: nosniff
        Connection: close

        """
            .formatted(
                HttpResponseStatus.valueOf(problem.status()), Problem.MEDIA_TYPE, body.length)
            .replace("\n", "\r\n");
    byte[] start = head.getBytes(StandardCharsets.US_ASCII);
    byte[] answer = new byte[start.length + body.length];
    System.arraycopy(start, 0, answer, 0, start.length);
    System.arraycopy(body, 0, answer, start.length, body.length);
    return answer;
  }

  /** Adds the guard to each accepted connection, before the server has set it up. */
  @ChannelHandler.Sharable
  private static final class Accepted extends ChannelInboundHandlerAdapter {
    private final Limits limits;

    Accepted(Limits limits) {
      this.limits = limits;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof Channel connection) {
        connection.pipeline().addLast(NAME, new ConnectionGuard(limits));
      }
      ctx.fireChannelRead(message);
    }
  }
}
