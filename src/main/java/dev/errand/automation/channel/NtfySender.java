package dev.errand.automation.channel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.runs.event.EventKind;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Sends messages to topics of ntfy servers. */
@Singleton
class NtfySender implements ChannelSender {
  // In bytes. The server would make a file of a longer message.
  private static final int MESSAGE = 4096;
  private static final int TITLE = 250;
  private static final int HIGH = 4;
  private static final int NORMAL = 3;

  private final ChannelPost post;
  private final Json json;

  NtfySender(ChannelPost post, Json json) {
    this.post = post;
    this.json = json;
  }

  @Override
  public ChannelKind kind() {
    return ChannelKind.NTFY;
  }

  /** The topic that an address names; empty where it is not that of one. */
  static String topic(URI url) {
    String path = url.getPath() == null ? "" : url.getPath();
    return path.matches("/[A-Za-z0-9_-]{1,64}") && url.getRawQuery() == null
        ? path.substring(1)
        : "";
  }

  @Override
  public SendResult send(OpenChannel channel, ChannelMessage message, String deliveryId)
      throws InterruptedException {
    URI url = URI.create(channel.address());
    Map<String, String> headers =
        channel.secret() == null ? Map.of() : Map.of("authorization", "Bearer " + channel.secret());
    return post.send(
        url.resolve("/").toString(), headers, json.bytes(body(topic(url), message)), Set.of());
  }

  // As JSON to the root, since fields of a header can't have all texts.
  private ObjectNode body(String topic, ChannelMessage message) {
    ShownMessage shown = ShownMessage.of(message, json);
    ObjectNode body =
        json.object()
            .put("topic", topic)
            .put("title", cut(shown.title(), TITLE))
            .put("message", cut(shown.text(), MESSAGE))
            .put("priority", isGood(message.event()) ? NORMAL : HIGH);
    if (shown.url() != null) {
      body.put("click", shown.url());
    }
    return body;
  }

  private static boolean isGood(String event) {
    return event.endsWith(".recovered")
        || event.equals(EventKind.RUN_READY.code())
        || event.equals(ChannelService.TEST);
  }

  private static String cut(String text, int most) {
    return ShownText.cut(
        text,
        most,
        UnaryOperator.identity(),
        piece -> piece.getBytes(StandardCharsets.UTF_8).length);
  }
}
