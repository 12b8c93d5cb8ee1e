package dev.errand.base.limit;

import dev.errand.base.error.RetryDelay;
import dev.errand.base.http.Problem;
import dev.errand.base.json.Json;
import dev.errand.base.limit.ConnectionGuard.Limits;
import dev.errand.base.limit.ConnectionGuard.Refusal;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.EventExecutor;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Adds a {@link ConnectionGuard} to every connection of the HTTP server. The framework has no time
 * limit for the head or the body of a request, answers malformed requests without a body, and keeps
 * connections that nobody uses while it refuses new ones.
 */
@ApplicationScoped
class HttpServerGuard implements HttpServerOptionsCustomizer {
  private static final String NAME = "errand-guard";
  private static final Duration RESTART = Duration.ofSeconds(5);

  /** The part of the heap for answers that clients have not taken yet. */
  private static final int PART_UNSENT = 6;

  private final Vertx vertx;
  private final Json json;
  private final Limits limits;
  private final long unsent;
  private final OpenConnections open;
  private final int management;
  private volatile boolean stopped;

  /**
   * Guards the HTTP server.
   *
   * @param head the longest time that the head of a request may take to arrive
   * @param body the longest time that the body of a request may take to arrive after its head
   * @param idle how long a connection stays open without a request, or without taking more of an
   *     answer; a load balancer in front must close its connections earlier
   * @param most how many connections may be open, besides those of the management port. When they
   *     are, those without a request are closed for new ones
   */
  HttpServerGuard(
      Vertx vertx,
      Json json,
      @ConfigProperty(name = "errand.http.head-timeout", defaultValue = "PT30S") Duration head,
      @ConfigProperty(name = "errand.http.body-timeout", defaultValue = "PT1M") Duration body,
      @ConfigProperty(name = "errand.http.idle-timeout", defaultValue = "PT75S") Duration idle,
      @ConfigProperty(name = "errand.http.max-connections", defaultValue = "4096") int most,
      @ConfigProperty(name = "quarkus.management.port", defaultValue = "9000") int management) {
    if (most < 1 || !idle.isPositive()) {
      throw new IllegalStateException(
          "ERRAND_HTTP_MAX_CONNECTIONS and ERRAND_HTTP_IDLE_TIMEOUT must be more than 0.");
    }
    this.vertx = vertx;
    this.json = json;
    this.limits = new Limits(head, body, idle, () -> stopped, this::answer);
    this.unsent = Runtime.getRuntime().maxMemory() / PART_UNSENT;
    this.open = new OpenConnections(most, unsent);
    this.management = management;
  }

  /**
   * Where a start fails, the server may outlive all that answers its requests. In development it
   * outlives each reload.
   */
  @PreDestroy
  void stop() {
    stopped = LaunchMode.current() != LaunchMode.DEVELOPMENT;
  }

  /** An upgrade from HTTP/1.1 of a request with a body never gets an answer from the server. */
  @Override
  public void customizeHttpServer(HttpServerOptions options) {
    options.setHttp2ClearTextEnabled(false);
  }

  /** There is no bound unless it is set. */
  @Override
  public void customizeHttpsServer(HttpServerOptions options) {
    options.getInitialSettings().setMaxConcurrentStreams(ConnectionGuard.MOST_STREAMS);
  }

  void watch(@ObservesAsync HttpServerStart started) {
    watchAll();
  }

  void watchTls(@ObservesAsync HttpsServerStart started) {
    watchAll();
  }

  private void watchAll() {
    for (EventExecutor loop : ((VertxInternal) vertx).getAcceptorEventLoopGroup()) {
      if (loop instanceof SingleThreadEventLoop acceptors) {
        acceptors.execute(
            () -> acceptors.registeredChannelsIterator().forEachRemaining(this::watch));
      }
    }
  }

  private void watch(Channel channel) {
    if (channel instanceof ServerChannel && channel.pipeline().get(NAME) == null) {
      // Probes are answered however many others there are.
      boolean probes =
          channel.localAddress() instanceof InetSocketAddress address
              && address.getPort() == management;
      channel
          .pipeline()
          .addFirst(
              NAME,
              new Accepted(limits, probes ? new OpenConnections(Integer.MAX_VALUE, unsent) : open));
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
        %sConnection: close

        """
            .formatted(
                HttpResponseStatus.valueOf(problem.status()),
                Problem.MEDIA_TYPE,
                body.length,
                refusal == Refusal.STOPPED
                    ? "Retry-After: " + RetryDelay.seconds(RESTART) + "\n"
                    : "")
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
    private final OpenConnections open;

    Accepted(Limits limits, OpenConnections open) {
      this.limits = limits;
      this.open = open;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof Channel connection) {
        ConnectionGuard guard = new ConnectionGuard(limits, open, connection);
        if (!open.add(guard)) {
          connection.unsafe().closeForcibly();
          return;
        }
        connection.pipeline().addLast(NAME, guard);
        connection.closeFuture().addListener(_ -> open.remove(guard));
      }
      ctx.fireChannelRead(message);
    }
  }
}
