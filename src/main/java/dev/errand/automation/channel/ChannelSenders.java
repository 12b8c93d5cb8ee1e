package dev.errand.automation.channel;

import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Sends messages to channels of any kind. */
@Singleton
public class ChannelSenders {
  private final Map<ChannelKind, ChannelSender> byKind = new EnumMap<>(ChannelKind.class);
  private final Duration longest;

  ChannelSenders(@All List<ChannelSender> senders, ChannelConfig config, Mail mail) {
    senders.forEach(sender -> byKind.put(sender.kind(), sender));
    for (ChannelKind kind : ChannelKind.values()) {
      if (!byKind.containsKey(kind)) {
        throw new IllegalStateException("No ChannelSender is of the kind " + kind.code());
      }
    }
    this.longest = Collections.max(List.of(config.timeout(), mail.longest()));
  }

  /** The longest time that an attempt takes, whatever the kind of the channel. */
  public Duration longest() {
    return longest;
  }

  /** Makes one attempt, as {@link ChannelSender#send} does. */
  public SendResult send(OpenChannel channel, ChannelMessage message, String deliveryId)
      throws InterruptedException {
    return Objects.requireNonNull(byKind.get(channel.kind())).send(channel, message, deliveryId);
  }
}
