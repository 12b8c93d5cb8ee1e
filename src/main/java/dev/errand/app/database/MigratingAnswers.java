package dev.errand.app.database;

import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.RetryDelay;
import dev.errand.base.http.Problem;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The answers of a process that waits for the database, or migrates its schema: it is alive, and
 * neither started nor ready.
 */
final class MigratingAnswers implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(MigratingAnswers.class);
  private static final int LONGEST_SILENCE_SECONDS = 10;
  private static final long LAST_ANSWERS_MS = 1000;
  private static final String HEALTH = "/q/health";
  private static final String UP = "{\"status\": \"UP\", \"checks\": []}";
  private static final String UNREACHED =
      """
      {"status": "DOWN", "checks": [{"name": "database", "status": "DOWN", "data": {"reached": false}}]}
      """;
  private static final Duration WAIT = Duration.ofSeconds(5);
  private static final String DOWN =
      """
      {"status": "DOWN", "checks": [{"name": "schema", "status": "DOWN", "data": {"migrating": true}}]}
      """;
  private static final String PROBLEM =
      """
      {"type": "urn:errand:error:%1$s", "title": "%2$s", "status": %3$d, "code": "%1$s",
       "detail": "The service is starting: try again."}
      """
          .formatted(
              ErrorCode.UNAVAILABLE.code(),
              ErrorCode.UNAVAILABLE.title(),
              ErrorCode.UNAVAILABLE.status());

  private final EventLoopGroup loop =
      new NioEventLoopGroup(1, new DefaultThreadFactory("starting-ports", true));

  // A connection that is accepted while it is closed is closed, too. The server of the JDK leaves
  // such a connection open, and its client waits for ever.
  private final ChannelGroup channels =
      new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);

  private final boolean hasProbes;
  private final BooleanSupplier isReached;
  private @Nullable Channel listening;

  private MigratingAnswers(boolean hasProbes, BooleanSupplier isReached) {
    this.hasProbes = hasProbes;
    this.isReached = isReached;
  }

  /** Starts to answer; empty where the address can't be used, which the framework will report. */
  static Optional<MigratingAnswers> at(
      InetSocketAddress address, boolean hasProbes, BooleanSupplier isReached) {
    MigratingAnswers answers = new MigratingAnswers(hasProbes, isReached);
    ChannelFuture bound = answers.bind(address);
    if (bound.isSuccess()) {
      return Optional.of(answers);
    }
    LOG.debugf(bound.cause(), "%s can't be listened at", address);
    answers.close();
    return Optional.empty();
  }

  private ChannelFuture bind(InetSocketAddress address) {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loop)
            .channelFactory(Listener::new)
            .childHandler(new Connection())
            .bind(address)
            .awaitUninterruptibly();
    channels.add(bound.channel());
    listening = bound.channel();
    return bound;
  }

  /** Releases the port, and ends all connections; a request that has come is still answered. */
  @Override
  public void close() {
    if (listening != null) {
      listening.close().awaitUninterruptibly();
    }
    // Those that were accepted last are added meanwhile.
    long since = System.nanoTime();
    long left = LAST_ANSWERS_MS;
    while (!channels.isEmpty() && left > 0) {
      channels.newCloseFuture().awaitUninterruptibly(left);
      left = LAST_ANSWERS_MS - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
    }
    channels.close().awaitUninterruptibly();
    // A closed channel holds its port until its loop has ended.
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private FullHttpResponse answer(String path) {
    if (!hasProbes || !(path.equals(HEALTH) || path.startsWith(HEALTH + "/"))) {
      return response(HttpResponseStatus.SERVICE_UNAVAILABLE, Problem.MEDIA_TYPE, PROBLEM);
    }
    if (path.equals(HEALTH + "/live")) {
      return response(HttpResponseStatus.OK, "application/json", UP);
    }
    return response(
        HttpResponseStatus.SERVICE_UNAVAILABLE,
        "application/json",
        isReached.getAsBoolean() ? DOWN : UNREACHED);
  }

  private static FullHttpResponse response(HttpResponseStatus status, String type, String text) {
    ByteBuf body = Unpooled.copiedBuffer(text.strip(), StandardCharsets.UTF_8);
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, type)
        .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
        // Keeping the connection open would be useless.
        .set(HttpHeaderNames.CONNECTION, "close");
    if (!status.equals(HttpResponseStatus.OK)) {
      response.headers().set(HttpHeaderNames.RETRY_AFTER, RetryDelay.seconds(WAIT));
    }
    return response;
  }

  /** A port whose last callers are answered: those that nobody has accepted would be reset. */
  private static final class Listener extends NioServerSocketChannel {
    @Override
    protected void doClose() throws Exception {
      List<Object> last = new ArrayList<>();
      while (doReadMessages(last) > 0) {
        // The next one.
      }
      super.doClose();
      last.forEach(pipeline()::fireChannelRead);
    }
  }

  /** Sets each connection up. */
  private final class Connection extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      channel
          .pipeline()
          .addLast(
              new ReadTimeoutHandler(LONGEST_SILENCE_SECONDS),
              new HttpServerCodec(),
              new Answering());
      channels.add(channel);
    }
  }

  /** Answers the first request of a connection, and closes it. */
  private final class Answering extends SimpleChannelInboundHandler<HttpObject> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
      if (!(part instanceof HttpRequest request)) {
        return;
      }
      if (request.decoderResult().isFailure()) {
        var _ = context.close();
        return;
      }
      FullHttpResponse response = answer(new QueryStringDecoder(request.uri()).path());
      // The length stays that of the answer to GET.
      boolean isHead = request.method().equals(HttpMethod.HEAD);
      context
          .writeAndFlush(isHead ? response.replace(Unpooled.EMPTY_BUFFER) : response)
          .addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      var _ = context.close();
    }
  }
}
