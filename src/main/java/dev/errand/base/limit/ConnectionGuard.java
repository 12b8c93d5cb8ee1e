package dev.errand.base.limit;

import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.ClientNetwork;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Watches one connection. A request of HTTP/1.1 whose head or body takes too long to arrive, or
 * whose head can't be understood, is answered by a problem document, and the connection is closed.
 * A connection is also closed when no request comes for long, when nothing of an answer is taken
 * for long, and when others need its place, or the memory for its answer, while it waits for its
 * client.
 *
 * <p>It is the first handler of the channel's pipeline, where it sees bytes, and adds a second
 * handler right behind the codec, where it sees messages. All of it runs on the channel's event
 * loop, unless it says otherwise.
 */
final class ConnectionGuard extends ChannelDuplexHandler {
  private static final AttributeKey<ConnectionGuard> KEY =
      AttributeKey.valueOf(ConnectionGuard.class, "connection");

  private static final Duration LINGER = Duration.ofSeconds(1);
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** A client that took nothing for that long may have to make room. */
  private static final Duration STALLED = Duration.ofSeconds(5);

  /** Who takes less in that time has to make room where memory is wanted by others. */
  private static final Duration HURRY = Duration.ofSeconds(3);

  private static final long LEAST_TAKEN = 64L * 1024;

  /** How much of its answers a client may leave before it gets another one. */
  private static final long MOST_UNSENT = 256L * 1024;

  /** How many requests of HTTP/1.1 may wait for their answers, of which clients send one. */
  private static final int MOST_UNANSWERED = 16;

  /** How many requests of HTTP/2 a connection may have at once. */
  static final int MOST_STREAMS = 100;

  private final Limits limits;
  private final OpenConnections open;
  private final Channel channel;
  private final String network;
  private Phase phase = Phase.SILENT;
  // These are read by other threads, and so is the flow of streams.
  private volatile long since = System.nanoTime();
  private volatile boolean waiting = true;
  private volatile boolean stalled;
  private volatile boolean hurried;
  private long written;
  private @Nullable ChannelHandlerContext codec;
  private int unanswered;
  private boolean answering;
  private boolean installed;
  private boolean over;
  private @Nullable Future<?> timer;
  private long due;
  private @Nullable Unsent unsent;
  private long unsentSince;
  private @Nullable Http2Connection http2;
  private volatile @Nullable StreamFlow flow;
  private int streams;

  ConnectionGuard(Limits limits, OpenConnections open, Channel channel) {
    this.limits = limits;
    this.open = open;
    this.channel = channel;
    this.network = ClientNetwork.of(channel.remoteAddress());
    channel.attr(KEY).set(this);
  }

  /** The guard of a connection; null where there is none, as on AWS Lambda. */
  static @Nullable ConnectionGuard of(Channel channel) {
    return channel.attr(KEY).get();
  }

  /** The network of the client. Any thread may read it. */
  String network() {
    return network;
  }

  /**
   * How long the connection has waited for its client, in nanoseconds; negative while it is the
   * client that waits. Any thread may read it.
   */
  long waiting(long now) {
    return waiting || stalled ? Math.max(0, now - since) : -1;
  }

  /** When the last request came. Any thread may read it. */
  long since() {
    return since;
  }

  /**
   * How many bytes are held for what was written and the client's system has not taken. Any thread
   * may read it.
   */
  long unsentBytes() {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    StreamFlow ofStreams = flow;
    return (buffer == null ? 0 : buffer.totalPendingWriteBytes())
        + (ofStreams == null ? 0 : ofStreams.waiting());
  }

  /** Closes the connection with all that its client has not taken. Any thread may call it. */
  void drop() {
    if (channel.eventLoop().inEventLoop()) {
      close();
    } else {
      channel.eventLoop().execute(this::close);
    }
  }

  private void close() {
    if (channel.isActive()) {
      var _ = channel.pipeline().firstContext().close();
    }
  }

  /**
   * Closes the connection, unless a request has arrived meanwhile. Any thread may call it.
   *
   * @param otherwise runs if it stays open
   */
  void close(Runnable otherwise) {
    channel
        .eventLoop()
        .execute(
            () -> {
              if (!channel.isActive()) {
                return;
              }
              if (awaitsClient()) {
                // At once, from before the handlers that would end it with ceremony.
                var _ = channel.pipeline().firstContext().close();
              } else {
                stalled = false;
                otherwise.run();
              }
            });
  }

  /**
   * Does something once the client's system has all of an answer, whose end was written before, or
   * the connection is closed. Any thread may call it.
   *
   * @param streamId the stream of HTTP/2 that has the answer; anything with HTTP/1.1
   */
  void whenSent(int streamId, Runnable then) {
    try {
      channel.eventLoop().execute(() -> awaitSent(streamId, then));
    } catch (RejectedExecutionException e) {
      // The process stops.
      then.run();
    }
  }

  private void awaitSent(int streamId, Runnable then) {
    Http2Connection connection = http2;
    if (connection == null || connection.stream(streamId) == null) {
      afterAllBefore(then);
      return;
    }
    awaitClosed(connection, streamId, then);
  }

  private void awaitClosed(Http2Connection connection, int streamId, Runnable then) {
    connection.addListener(
        new Http2EventAdapter() {
          @Override
          public void onStreamClosed(Http2Stream stream) {
            if (stream.id() == streamId) {
              afterAllBefore(then);
              // Not while the listeners are called.
              channel.eventLoop().execute(() -> connection.removeListener(this));
            }
          }
        });
  }

  // Nothing, written behind what was written before.
  private void afterAllBefore(Runnable then) {
    ChannelHandlerContext from = codec;
    if (from == null || !channel.isActive()) {
      then.run();
    } else {
      var _ = from.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> then.run());
    }
  }

  /**
   * Closes the connection, unless its client takes some of what it is sent within a while, or there
   * is nothing that it could take. Any thread may call it.
   */
  void closeUnlessTaking() {
    if (hurried) {
      return;
    }
    hurried = true;
    channel
        .eventLoop()
        .execute(
            () -> {
              if (unsentBytes() == 0) {
                hurried = false;
                return;
              }
              long before = taken();
              var _ =
                  channel
                      .eventLoop()
                      .schedule(
                          () -> closeIfNotTaken(before), HURRY.toNanos(), TimeUnit.NANOSECONDS);
            });
  }

  private void closeIfNotTaken(long before) {
    hurried = false;
    if (channel.isActive() && unsentBytes() > 0 && taken() - before < LEAST_TAKEN) {
      var _ = channel.pipeline().firstContext().close();
    }
  }

  /** How many bytes the client's system has taken. */
  private long taken() {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    return buffer == null ? written : written - buffer.totalPendingWriteBytes();
  }

  /**
   * The limits of a connection.
   *
   * @param head how long the head of a request may take, from its first byte or from the opening of
   *     the connection
   * @param body how long its body may take from then on
   * @param idle how long the connection may be without a request, or nothing of an answer be taken
   * @param answer the bytes of an answer, the connection's last one
   */
  record Limits(
      Duration head,
      Duration body,
      Duration idle,
      BooleanSupplier stopped,
      Function<Refusal, byte[]> answer) {}

  /** Why a request is refused before it reaches the service. */
  enum Refusal {
    STOPPED(ErrorCode.UNAVAILABLE, "The service is stopping: try again."),
    HEAD_TOO_SLOW(
        ErrorCode.REQUEST_TIMEOUT,
        "The head of the request took too long to arrive: send it at once."),
    BODY_TOO_SLOW(
        ErrorCode.REQUEST_TIMEOUT,
        "The body took too long to arrive: send it faster, or have errand.http.body-timeout"
            + " raised."),
    ADDRESS_TOO_LONG(
        ErrorCode.ADDRESS_TOO_LONG,
        "The address is too long: send what is long in the body, if there is one."),
    HEADERS_TOO_LARGE(
        ErrorCode.HEADERS_TOO_LARGE, "The header fields are too large: send fewer, or shorter."),
    MALFORMED_ADDRESS(
        ErrorCode.INVALID_INPUT,
        "The address has a % that is not followed by two hexadecimal digits: write it as %25."),
    AMBIGUOUS_HEAD(
        ErrorCode.INVALID_INPUT,
        "The head of the request has two Host fields, or a Transfer-Encoding other than chunked:"
            + " send one Host, and the body as it is or in chunks."),
    MALFORMED_HEAD(
        ErrorCode.INVALID_INPUT,
        "The head of the request is not valid HTTP: look at its method, its header fields, which"
            + " may have no control characters, and its Content-Length."),
    MALFORMED_BODY(
        ErrorCode.INVALID_INPUT,
        "The body of the request is not valid HTTP: look at the sizes of its chunks.");

    final ErrorCode code;
    final String detail;

    Refusal(ErrorCode code, String detail) {
      this.code = code;
      this.detail = detail;
    }
  }

  private enum Phase {
    /** Open, and nothing has come yet. */
    SILENT,
    /** The head of a request is arriving. */
    HEAD,
    /** The body of a request is arriving. */
    BODY,
    /** The last request has arrived as a whole, and may have been answered. */
    ARRIVED,
    /** The connection uses HTTP/2. */
    HTTP2
  }

  /** Finds out whether the client takes what it is sent. Any thread may call it. */
  void checkProgress() {
    channel.eventLoop().execute(() -> stalled = stalledFor().compareTo(STALLED) >= 0);
  }

  /** The first piece of an answer that the client has not taken yet. */
  private record Unsent(int piece, long taken) {}

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    lookWithin(limits.head());
    ctx.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    cancel();
    ctx.fireChannelInactive();
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    int bytes = message instanceof ByteBuf buffer ? buffer.readableBytes() : 0;
    written += bytes;
    var _ = ctx.write(message, promise);
    open.sends(bytes);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (over) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (phase == Phase.SILENT) {
      phase = Phase.HEAD;
      ChannelHandlerContext tls = ctx.pipeline().context(SslHandler.class);
      if (tls != null) {
        ctx.pipeline().addAfter(tls.name(), "errand-handshake", new Handshake());
      }
    } else if (phase == Phase.ARRIVED && unanswered == 0) {
      // Old clients send a line break after a body; before the answer is sent, it does not start a
      // request.
      begin(Phase.HEAD);
    }
    install(ctx.pipeline());
    ctx.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Http2Exception {
    // Most requests arrive at once, and need no timer.
    if (!over && (phase == Phase.HEAD || phase == Phase.BODY)) {
      lookBy(since + limit().toNanos());
    }
    Http2Connection connection = http2;
    if (connection != null && streams != connection.remote().lastStreamCreated()) {
      streams = connection.remote().lastStreamCreated();
      since = System.nanoTime();
    }
    if (connection != null) {
      waiting = !isAnswering(connection);
    }
    ctx.fireChannelReadComplete();
    StreamFlow ofStreams = flow;
    if (ofStreams != null) {
      ofStreams.count();
    }
  }

  /** Once the server has added the codec. */
  private void install(ChannelPipeline pipeline) {
    if (installed) {
      return;
    }
    ChannelHandlerContext encoder = pipeline.context(HttpResponseEncoder.class);
    Http2ConnectionHandler ofStreams = pipeline.get(Http2ConnectionHandler.class);
    installed = encoder != null || ofStreams != null;
    if (encoder != null) {
      codec = encoder;
      pipeline.addAfter(encoder.name(), "errand-messages", new Messages());
    } else if (ofStreams != null) {
      codec = pipeline.context(Http2ConnectionHandler.class);
      Http2Connection connection = ofStreams.connection();
      http2 = connection;
      // The setting holds for clients that have acknowledged it.
      connection.remote().maxActiveStreams(MOST_STREAMS);
      StreamFlow counted = new StreamFlow(connection, open);
      connection.remote().flowController(counted);
      flow = counted;
      begin(Phase.HTTP2);
    }
  }

  private void begin(Phase next) {
    phase = next;
    since = System.nanoTime();
    waiting = next != Phase.ARRIVED || unanswered == 0;
  }

  private Duration limit() {
    return switch (phase) {
      case SILENT, HEAD -> limits.head();
      case BODY -> limits.body();
      case ARRIVED, HTTP2 -> limits.idle();
    };
  }

  private void lookWithin(Duration time) {
    lookBy(System.nanoTime() + time.toNanos());
  }

  /** Looks again at that time, or before. */
  private void lookBy(long wanted) {
    if (timer != null && due - wanted > 0) {
      cancel();
    }
    if (timer == null) {
      due = wanted;
      timer =
          channel
              .eventLoop()
              .schedule(this::look, wanted - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
  }

  private void cancel() {
    Future<?> pending = timer;
    if (pending != null) {
      pending.cancel(false);
      timer = null;
    }
  }

  private void look() {
    timer = null;
    if (over) {
      return;
    }
    Duration left = limit().minusNanos(System.nanoTime() - since);
    switch (phase) {
      case SILENT, HEAD, BODY -> lookAtRequest(left);
      case ARRIVED, HTTP2 -> lookAtAnswers(left);
    }
  }

  private void lookAtRequest(Duration left) {
    if (left.isPositive()) {
      lookWithin(left);
    } else if (phase == Phase.SILENT) {
      var _ = channel.pipeline().firstContext().close();
    } else if (channel.pipeline().get(HttpRequestDecoder.class) == null) {
      // It is now a web socket, which has its own rules.
      unanswered = 1;
      begin(Phase.ARRIVED);
    } else if (!channel.config().isAutoRead()) {
      // The service itself has paused reading.
      lookWithin(AGAIN);
    } else {
      refuse(phase == Phase.HEAD ? Refusal.HEAD_TOO_SLOW : Refusal.BODY_TOO_SLOW);
    }
  }

  /** Closes a connection without a request, and one whose client takes nothing of its answers. */
  private void lookAtAnswers(Duration left) {
    Http2Connection connection = http2;
    if (connection != null) {
      waiting = !isAnswering(connection);
    }
    Duration unmoved = stalledFor();
    if (unmoved.compareTo(limits.idle()) >= 0) {
      var _ = channel.pipeline().firstContext().close();
    } else if (unsent != null) {
      lookWithin(limits.idle().minus(unmoved));
    } else if (unanswered > 0 || (connection != null && connection.numActiveStreams() > 0)) {
      lookWithin(limits.idle());
    } else if (left.isPositive()) {
      lookWithin(left);
    } else {
      var _ = channel.close();
    }
  }

  /** How long the client has taken nothing of what it is sent, as far as was looked. */
  private Duration stalledFor() {
    Unsent before = unsent;
    unsent = unsent();
    if (unsent == null || !unsent.equals(before)) {
      unsentSince = System.nanoTime();
    }
    return Duration.ofNanos(System.nanoTime() - unsentSince);
  }

  private @Nullable Unsent unsent() {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    Object piece = buffer == null ? null : buffer.current();
    if (piece != null && buffer != null) {
      return new Unsent(System.identityHashCode(piece), buffer.currentProgress());
    }
    StreamFlow ofStreams = flow;
    return ofStreams == null || ofStreams.waiting() == 0 ? null : new Unsent(0, ofStreams.sent());
  }

  /** Whether nothing can go on before the client sends more. */
  private boolean awaitsClient() {
    if (stalledFor().compareTo(STALLED) >= 0) {
      return true;
    }
    Http2Connection connection = http2;
    return connection == null
        ? waiting && unsent == null && channel.config().isAutoRead()
        : !isAnswering(connection);
  }

  /** Whether a request has arrived as a whole and is not yet answered. */
  private static boolean isAnswering(Http2Connection connection) {
    try {
      return connection.forEachActiveStream(
              stream -> stream.state() != Http2Stream.State.HALF_CLOSED_REMOTE)
          != null;
    } catch (Http2Exception e) {
      return true;
    }
  }

  private void refuse(Refusal refusal) {
    over = true;
    ChannelHandlerContext decoder = channel.pipeline().context(HttpRequestDecoder.class);
    if (decoder == null || answering) {
      var _ = channel.close();
      return;
    }
    // Written from there it bypasses the encoder, which only accepts the framework's own messages.
    // Bytes that still arrive are read for a moment, or the client's system would drop the answer.
    var _ = decoder.writeAndFlush(Unpooled.wrappedBuffer(limits.answer().apply(refusal)));
    channel.config().setAutoRead(true);
    cancel();
    timer =
        channel
            .eventLoop()
            .schedule(
                () -> {
                  var _ = channel.close();
                },
                LINGER.toNanos(),
                TimeUnit.NANOSECONDS);
  }

  private static @Nullable Refusal refusalOf(HttpRequest request) {
    DecoderResult result = request.decoderResult();
    if (result.isFailure()) {
      return result.cause() instanceof TooLongHttpLineException
          ? Refusal.ADDRESS_TOO_LONG
          : result.cause() instanceof TooLongHttpHeaderException
              ? Refusal.HEADERS_TOO_LARGE
              : Refusal.MALFORMED_HEAD;
    }
    if (isAmbiguous(request)) {
      return Refusal.AMBIGUOUS_HEAD;
    }
    return isEncoded(request.uri()) ? null : Refusal.MALFORMED_ADDRESS;
  }

  /**
   * Whether a proxy in front may see another host, or another end of the body (RFC 9112, 3.2 and
   * 6.1): what follows such a body would be the next request.
   */
  private static boolean isAmbiguous(HttpRequest request) {
    List<String> encodings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    return request.headers().getAll(HttpHeaderNames.HOST).size() > 1
        || encodings.size() > 1
        || (encodings.size() == 1
            && !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(encodings.getFirst().strip()));
  }

  private static boolean isEncoded(String address) {
    for (int i = address.indexOf('%'); i >= 0; i = address.indexOf('%', i + 1)) {
      if (i + 2 >= address.length()
          || Character.digit(address.charAt(i + 1), 16) < 0
          || Character.digit(address.charAt(i + 2), 16) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Waits for the handshake of TLS, after which the server adds the codec. */
  private final class Handshake extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      ctx.fireUserEventTriggered(event);
      if (event instanceof SslHandshakeCompletionEvent) {
        // Before the first request, which may have come with the end of the handshake.
        install(ctx.pipeline());
      }
    }
  }

  /** Sees requests as they are decoded, and answers before they are encoded. */
  private final class Messages extends ChannelDuplexHandler {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (over || !channel.isActive()) {
        ReferenceCountUtil.release(message);
        return;
      }
      if (message instanceof HttpRequest request) {
        // While another answer is under way, the server itself refuses what it can't understand.
        Refusal refusal = unanswered == 0 ? refusalOf(request) : null;
        if (unanswered > 0 && isAmbiguous(request)) {
          ReferenceCountUtil.release(message);
          drop();
          return;
        }
        if (limits.stopped.getAsBoolean()) {
          refusal = Refusal.STOPPED;
        }
        if (refusal != null) {
          ReferenceCountUtil.release(message);
          refuse(refusal);
          return;
        }
        if (unanswered == MOST_UNANSWERED) {
          ReferenceCountUtil.release(message);
          drop();
          return;
        }
        unanswered++;
        begin(Phase.BODY);
      }
      if (message instanceof HttpContent content && content.decoderResult().isFailure()) {
        // The server would end the request by an exception, and close without an answer.
        ReferenceCountUtil.release(message);
        if (unanswered > 1) {
          drop();
        } else {
          refuse(Refusal.MALFORMED_BODY);
        }
        return;
      }
      if (message instanceof LastHttpContent) {
        begin(Phase.ARRIVED);
      }
      ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      // Who asks again and again, and reads nothing, would have all answers wait in memory.
      boolean isNotRead = message instanceof HttpResponse && unsentBytes() > MOST_UNSENT;
      if (over || isNotRead) {
        ReferenceCountUtil.release(message);
        promise.tryFailure(new ClosedChannelException());
        if (isNotRead) {
          drop();
        }
        return;
      }
      boolean interim = message instanceof HttpResponse response && response.status().code() < 200;
      if (!interim && message instanceof HttpResponse) {
        answering = true;
      }
      if (!interim && message instanceof LastHttpContent) {
        answering = false;
        unanswered = Math.max(0, unanswered - 1);
        if (unanswered == 0 && phase == Phase.ARRIVED) {
          begin(Phase.ARRIVED);
          lookWithin(limits.idle());
        }
      }
      var _ = ctx.write(message, promise);
    }
  }
}
