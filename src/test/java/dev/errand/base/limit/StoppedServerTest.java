package dev.errand.base.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that outlives the service, as after a start that fails at its last port. */
class StoppedServerTest {
  private static final String REQUEST = "GET /api/users/~ HTTP/1.1\r\nHost: localhost\r\n\r\n";

  private final AtomicBoolean stopped = new AtomicBoolean();

  @Test
  void aRequestReachesTheService() {
    EmbeddedChannel connection = connection();
    connection.writeInbound(Unpooled.copiedBuffer(REQUEST, StandardCharsets.US_ASCII));
    HttpRequest request = connection.readInbound();
    assertEquals("/api/users/~", request.uri());
    assertNull(connection.readOutbound());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "half of it came before"})
  void aRequestIsRefusedOnceTheServiceHasStopped(String before) {
    EmbeddedChannel connection = connection();
    int half = before.isEmpty() ? 0 : REQUEST.length() / 2;
    connection.writeInbound(
        Unpooled.copiedBuffer(REQUEST.substring(0, half), StandardCharsets.US_ASCII));
    stopped.set(true);
    connection.writeInbound(
        Unpooled.copiedBuffer(REQUEST.substring(half), StandardCharsets.US_ASCII));
    assertNull(connection.readInbound());
    ByteBuf answer = connection.readOutbound();
    assertNotNull(answer);
    assertEquals("STOPPED", answer.toString(StandardCharsets.US_ASCII));
    ReferenceCountUtil.release(answer);
  }

  private EmbeddedChannel connection() {
    Duration minute = Duration.ofMinutes(1);
    EmbeddedChannel channel = new EmbeddedChannel();
    ConnectionGuard.Limits limits =
        new ConnectionGuard.Limits(
            minute,
            minute,
            minute,
            stopped::get,
            refusal -> refusal.name().getBytes(StandardCharsets.US_ASCII));
    channel
        .pipeline()
        .addLast(
            new ConnectionGuard(limits, new OpenConnections(1, Long.MAX_VALUE), channel),
            new HttpRequestDecoder(),
            new HttpResponseEncoder());
    return channel;
  }
}
