package dev.errand.automation.channel;

import dev.errand.automation.channel.ChannelSender.Answer;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Sends messages to channels of any kind. */
@Singleton
public class ChannelSenders {
  private final Map<Channel.Kind, ChannelSender> byKind = new EnumMap<>(Channel.Kind.class);

  ChannelSenders(@All List<ChannelSender> senders) {
    senders.forEach(sender -> byKind.put(sender.kind(), sender));
  }

  /** Makes one attempt, as {@link ChannelSender#send} does. */
  public Answer send(Channel channel, ChannelMessage message, String deliveryId)
      throws InterruptedException {
    return Objects.requireNonNull(byKind.get(channel.kind())).send(channel, message, deliveryId);
  }
}
