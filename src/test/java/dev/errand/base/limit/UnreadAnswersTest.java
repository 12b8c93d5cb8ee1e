package dev.errand.base.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers that clients do not take have a bound for all connections together. */
class UnreadAnswersTest {
  private static final int ANSWER = 60_000;

  private final OpenConnections open = new OpenConnections(100, 4 * ANSWER + 4096);
  private final OpenConnections openByHttp2 =
      new OpenConnections(100, 4 * (ANSWER + StreamFlow.PER_ANSWER) + 4096);
  private final List<EmbeddedChannel> channels = new ArrayList<>();

  @AfterEach
  void close() {
    for (EmbeddedChannel channel : channels) {
      var _ = channel.close();
    }
  }

  private EmbeddedChannel connect() {
    return connect(open);
  }

  private EmbeddedChannel connect(OpenConnections among) {
    EmbeddedChannel channel = new EmbeddedChannel();
    ConnectionGuard guard =
        new ConnectionGuard(
            new ConnectionGuard.Limits(
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                () -> false,
                _ -> new byte[0]),
            among,
            channel);
    among.add(guard);
    channel.pipeline().addLast(guard);
    channels.add(channel);
    return channel;
  }

  // Its client's system takes nothing.
  private static void answer(EmbeddedChannel channel) {
    var _ = channel.write(Unpooled.wrappedBuffer(new byte[ANSWER]));
  }

  @Test
  void theOldestAreClosedWhereTheyAreTooMany() {
    for (int i = 0; i < 4; i++) {
      answer(connect());
    }
    assertEquals(4, channels.stream().filter(EmbeddedChannel::isOpen).count());
    EmbeddedChannel idle = connect();
    answer(connect());
    // Half of what may be left is left.
    assertEquals(
        List.of(false, false, false, true, true, true),
        channels.stream().map(EmbeddedChannel::isOpen).toList());
    assertTrue(idle.isOpen());
  }

  @Test
  void whatClientsOfHttp2DoNotAskForCounts() {
    EmbeddedChannel channel = connectByHttp2(new Answers());
    for (int i = 0; i < 4; i++) {
      ask(channel, i);
    }
    assertTrue(channel.isOpen());
    ask(channel, 4);
    assertFalse(channel.isOpen());
  }

  @Test
  void requestsOfHttp2WhoseAnswersMayNotBeginCount() {
    EmbeddedChannel channel = connectByHttp2(new Http2FrameAdapter());
    for (int i = 0; i < 4; i++) {
      ask(channel, i);
    }
    assertTrue(channel.isOpen());
    ask(channel, 4);
    assertFalse(channel.isOpen());
  }

  @Test
  void whatClientsOfHttp2AskForDoesNotCount() {
    EmbeddedChannel channel = connectByHttp2(new Answers());
    for (int i = 0; i < 20; i++) {
      ask(channel, i);
      receive(channel, "000004 08 00", 0, ANSWER);
      receive(channel, "000004 08 00", stream(i), ANSWER / 2);
      receive(channel, "000004 08 00", stream(i), ANSWER / 2);
    }
    assertTrue(channel.isOpen());
  }

  @Test
  void streamsThatAreResetDoNotCount() {
    EmbeddedChannel channel = connectByHttp2(new Answers());
    for (int i = 0; i < 20; i++) {
      ask(channel, i);
      receive(channel, "000004 03 00", stream(i), 8);
    }
    assertTrue(channel.isOpen());
  }

  @Test
  void streamsBeyondAHundredAreRefused() {
    EmbeddedChannel channel =
        connectByHttp2(new Http2FrameAdapter(), new OpenConnections(1, Long.MAX_VALUE));
    for (int i = 0; i < 100; i++) {
      ask(channel, i);
    }
    channel.releaseOutbound();
    ask(channel, 100);
    ByteBuf refusal = channel.readOutbound();
    // RST_STREAM, REFUSED_STREAM
    assertEquals("00000403 00 000000c9 00000007".replace(" ", ""), ByteBufUtil.hexDump(refusal));
    refusal.release();
  }

  private EmbeddedChannel connectByHttp2(Http2FrameListener service) {
    return connectByHttp2(service, openByHttp2);
  }

  /** Its streams have windows of 0 bytes. */
  private EmbeddedChannel connectByHttp2(Http2FrameListener service, OpenConnections among) {
    EmbeddedChannel channel = connect(among);
    channel
        .pipeline()
        .addLast(new Http2ConnectionHandlerBuilder().server(true).frameListener(service).build());
    channel.writeInbound(Http2CodecUtil.connectionPrefaceBuf());
    receive(channel, "000006 04 00 00000000 0004 00000000");
    return channel;
  }

  /** Sends a request without a body. */
  private static void ask(EmbeddedChannel channel, int number) {
    receive(channel, "000003 01 05 %08x 828784".formatted(stream(number)));
  }

  private static int stream(int number) {
    return 1 + 2 * number;
  }

  private static void receive(EmbeddedChannel channel, String frame, int stream, int value) {
    receive(channel, frame + "%08x%08x".formatted(stream, value));
  }

  private static void receive(EmbeddedChannel channel, String frame) {
    channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(frame.replace(" ", ""))));
  }

  /** Answers each request. */
  private static final class Answers extends Http2FrameAdapter {
    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx,
        int stream,
        Http2Headers headers,
        int dependency,
        short weight,
        boolean exclusive,
        int padding,
        boolean ends) {
      if (ctx.handler() instanceof Http2ConnectionHandler handler) {
        Http2ConnectionEncoder encoder = handler.encoder();
        var _ =
            encoder.writeHeaders(
                ctx, stream, new DefaultHttp2Headers().status("200"), 0, false, ctx.newPromise());
        var _ =
            encoder.writeData(
                ctx, stream, Unpooled.wrappedBuffer(new byte[ANSWER]), 0, true, ctx.newPromise());
        ctx.flush();
      }
    }
  }

  @Test
  void whatIsTakenDoesNotCount() {
    for (int i = 0; i < 20; i++) {
      EmbeddedChannel channel = connect();
      answer(channel);
      channel.flush();
    }
    assertEquals(20, channels.stream().filter(EmbeddedChannel::isOpen).count());
  }
}
