package dev.errand.base.http.limit;

import dev.errand.base.error.ErrorCode;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Watches one HTTP/1.1 connection: a request whose head or body takes too long to arrive, or whose
 * head can't be understood, is answered by a problem document, and the connection is closed.
 *
 * <p>It is the first handler of the channel's pipeline, where it sees bytes, and adds a second
 * handler right behind the codec, where it sees messages. All of it runs on the channel's event
 * loop.
 */
final class ConnectionGuard extends ChannelInboundHandlerAdapter {
  private static final Duration LINGER = Duration.ofSeconds(1);
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final Limits limits;
  private Phase phase = Phase.SILENT;
  private long since = System.nanoTime();
  private int unanswered;
  private boolean answering;
  private boolean installed;
  private boolean over;
  private @Nullable Future<?> timer;

  ConnectionGuard(Limits limits) {
    this.limits = limits;
  }

  /**
   * The limits of a connection.
   *
   * @param head how long the head of a request may take, from its first byte or from the opening of
   *     the connection
   * @param body how long its body may take from then on
   * @param answer the bytes of an answer, the connection's last one
   */
  record Limits(Duration head, Duration body, Function<Refusal, byte[]> answer) {}

  /** Why a request is refused before it reaches the service. */
  enum Refusal {
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
    MALFORMED_HEAD(
        ErrorCode.INVALID_INPUT,
        "The head of the request is not valid HTTP: look at its method, its header fields, which"
            + " may have no control characters, and its Content-Length.");

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
    /** The last request has arrived as a whole. */
    IDLE
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    schedule(ctx, limits.head());
    ctx.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    Future<?> waiting = timer;
    if (waiting != null) {
      waiting.cancel(false);
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (over) {
      ReferenceCountUtil.release(message);
      return;
    }
    // Where TLS comes first, the codec is there only after the handshake.
    installed = installed || install(ctx.pipeline());
    if (phase == Phase.SILENT) {
      phase = Phase.HEAD;
    } else if (phase == Phase.IDLE && unanswered == 0) {
      // Old clients send a line break after a body; before the answer is sent, it does not start a
      // request.
      begin(Phase.HEAD);
    }
    ctx.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    // Most requests arrive at once, and need no timer.
    if (timer == null && (phase == Phase.HEAD || phase == Phase.BODY)) {
      schedule(ctx, limit());
    }
    ctx.fireChannelReadComplete();
  }

  private boolean install(ChannelPipeline pipeline) {
    ChannelHandlerContext encoder = pipeline.context(HttpResponseEncoder.class);
    if (encoder == null) {
      return false;
    }
    pipeline.addAfter(encoder.name(), "errand-messages", new Messages());
    return true;
  }

  private void begin(Phase next) {
    phase = next;
    since = System.nanoTime();
  }

  private Duration limit() {
    return phase == Phase.BODY ? limits.body() : limits.head();
  }

  private void schedule(ChannelHandlerContext ctx, Duration in) {
    timer = ctx.executor().schedule(() -> look(ctx), in.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void look(ChannelHandlerContext ctx) {
    timer = null;
    if (over || phase == Phase.IDLE) {
      return;
    }
    Duration left = limit().minusNanos(System.nanoTime() - since);
    if (left.isPositive()) {
      schedule(ctx, left);
    } else if (phase == Phase.SILENT) {
      var _ = ctx.close();
    } else if (ctx.pipeline().get(HttpRequestDecoder.class) == null) {
      // The connection uses HTTP/2 or is now a web socket; both have their own rules.
      phase = Phase.IDLE;
      unanswered = 1;
    } else if (!ctx.channel().config().isAutoRead()) {
      // The service itself has paused reading.
      schedule(ctx, AGAIN);
    } else {
      refuse(ctx.channel(), phase == Phase.HEAD ? Refusal.HEAD_TOO_SLOW : Refusal.BODY_TOO_SLOW);
    }
  }

  private void refuse(Channel channel, Refusal refusal) {
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
    return isEncoded(request.uri()) ? null : Refusal.MALFORMED_ADDRESS;
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

  /** Sees requests as they are decoded, and answers before they are encoded. */
  private final class Messages extends ChannelDuplexHandler {

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (over) {
        ReferenceCountUtil.release(message);
        return;
      }
      if (message instanceof HttpRequest request) {
        // While another answer is under way, the server itself refuses what it can't understand.
        Refusal refusal = unanswered == 0 ? refusalOf(request) : null;
        if (refusal != null) {
          ReferenceCountUtil.release(message);
          refuse(ctx.channel(), refusal);
          return;
        }
        unanswered++;
        begin(Phase.BODY);
      }
      if (message instanceof LastHttpContent) {
        phase = Phase.IDLE;
      }
      ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      if (over) {
        ReferenceCountUtil.release(message);
        promise.tryFailure(new ClosedChannelException());
        return;
      }
      boolean interim = message instanceof HttpResponse response && response.status().code() < 200;
      if (!interim && message instanceof HttpResponse) {
        answering = true;
      }
      if (!interim && message instanceof LastHttpContent) {
        answering = false;
        unanswered = Math.max(0, unanswered - 1);
      }
      var _ = ctx.write(message, promise);
    }
  }
}
