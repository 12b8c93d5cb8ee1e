package dev.errand.base.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers that clients do not take have a bound for all connections together. */
class UnreadAnswersTest {
  private static final int ANSWER = 60_000;

  private final OpenConnections open = new OpenConnections(100, 4 * ANSWER + 4096);
  private final List<EmbeddedChannel> channels = new ArrayList<>();

  @AfterEach
  void close() {
    for (EmbeddedChannel channel : channels) {
      var _ = channel.close();
    }
  }

  private EmbeddedChannel connect() {
    EmbeddedChannel channel = new EmbeddedChannel();
    ConnectionGuard guard =
        new ConnectionGuard(
            new ConnectionGuard.Limits(
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                () -> false,
                _ -> new byte[0]),
            open,
            channel);
    open.add(guard);
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
  void whatIsTakenDoesNotCount() {
    for (int i = 0; i < 20; i++) {
      EmbeddedChannel channel = connect();
      answer(channel);
      channel.flush();
    }
    assertEquals(20, channels.stream().filter(EmbeddedChannel::isOpen).count());
  }
}
