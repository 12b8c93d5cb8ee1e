package dev.errand.automation.channel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.base.secret.WebhookSecret;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Sends events to programs, signed by Standard Webhooks 1.0, in the form of callbacks. */
@Singleton
class WebhookSender implements ChannelSender {

  private final ChannelPost post;
  private final Json json;
  private final Clock clock;

  WebhookSender(ChannelPost post, Json json, Clock clock) {
    this.post = post;
    this.json = json;
    this.clock = clock;
  }

  @Override
  public ChannelKind kind() {
    return ChannelKind.WEBHOOK;
  }

  @Override
  public SendResult send(OpenChannel channel, ChannelMessage message, String deliveryId)
      throws InterruptedException {
    ObjectNode event = json.object().put("type", message.event());
    event.set("timestamp", json.toTree(message.happenedAt()));
    event.set("data", data(message));
    byte[] body = json.bytes(event);
    WebhookSecret secret =
        WebhookSecret.parse(Objects.requireNonNull(channel.secret(), "A webhook has a secret."));
    return post.send(
        channel.address(),
        WebhookSecret.headers(List.of(secret), deliveryId, clock.instant(), body),
        body,
        Set.of());
  }

  private JsonNode data(ChannelMessage message) {
    RunAnswer answer = message.answer();
    if (answer == null || !(message.data() instanceof ObjectNode given)) {
      return message.data();
    }
    ObjectNode data = given.deepCopy();
    data.put("output", answer.text());
    data.put("truncated", answer.isCut());
    answer.result(json).ifPresent(result -> data.set("result", result));
    return data;
  }
}
