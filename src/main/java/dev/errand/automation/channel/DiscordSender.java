package dev.errand.automation.channel;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.channel.ChannelMessage.Fact;
import dev.errand.base.json.Json;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.commonmark.node.Node;

/** Sends messages to webhooks of Discord, as an embed that mentions nobody. */
@Singleton
class DiscordSender implements ChannelSender {
  // The code of an unknown webhook. Other 404 come from servers that are being renewed.
  private static final Set<String> GONE = Set.of("10015");
  // What Discord's markup is made of; a backslash before each makes it plain.
  private static final String MARKUP = "\\*_~`|<>#[]()!:@-+.";
  // Discord's limits, the last one for all texts together.
  private static final int TITLE = 256;
  private static final int DESCRIPTION = 2000;
  private static final int ANSWER = 3900;
  private static final int FIELDS = 25;
  private static final int NAME = 256;
  private static final int VALUE = 1024;
  private static final int ALL = 6000;
  private static final int SHORTEST = 16;

  private final ChannelPost post;
  private final Json json;

  DiscordSender(ChannelPost post, Json json) {
    this.post = post;
    this.json = json;
  }

  @Override
  public ChannelKind kind() {
    return ChannelKind.DISCORD;
  }

  @Override
  public SendResult send(OpenChannel channel, ChannelMessage message, String deliveryId)
      throws InterruptedException {
    return post.send(
        channel.address(), Map.of(), json.bytes(body(ShownMessage.of(message, json))), GONE);
  }

  private ObjectNode body(ShownMessage message) {
    ObjectNode body = json.object();
    body.putObject("allowed_mentions").putArray("parse");
    ObjectNode embed = body.putArray("embeds").addObject();
    String title = cut(message.title(), TITLE);
    String description = description(message);
    embed.put("title", title);
    if (!description.isEmpty()) {
      embed.put("description", description);
    }
    if (message.url() != null) {
      embed.put("url", message.url());
    }
    ArrayNode fields = embed.putArray("fields");
    int left = ALL - title.length() - description.length();
    List<Fact> all = Stream.concat(message.facts().stream(), message.quoted().stream()).toList();
    for (Fact fact : all.subList(0, Math.min(FIELDS, all.size()))) {
      String name = cut(fact.name(), NAME);
      if (left < name.length() + SHORTEST) {
        break;
      }
      String value = cut(fact.value(), Math.min(VALUE, left - name.length()));
      // Discord refuses a field without a value.
      fields.addObject().put("name", name).put("value", value.isBlank() ? "–" : value);
      left -= name.length() + Math.max(1, value.length());
    }
    return body;
  }

  private static String description(ShownMessage message) {
    ShownMessage.Answer answer = message.answer();
    if (answer == null) {
      return cut(message.paragraphs(), DESCRIPTION);
    }
    Node markdown = answer.markdown();
    List<String> parts =
        ShownText.parts(
            markdown == null
                ? escaped(answer.text())
                : ChatMarkup.render(
                    markdown,
                    DiscordSender::escaped,
                    code -> code.replace('`', '\''),
                    "**",
                    DiscordSender::link),
            ANSWER);
    return (parts.isEmpty() ? "" : parts.getFirst())
        + (answer.isCut() || parts.size() > 1 ? "\n\n" + ShownMessage.CUT : "");
  }

  private static String link(String url, String text) {
    return "["
        + text
        + "]("
        + url.replace("(", "%28").replace(")", "%29").replaceAll("\\s", "%20")
        + ")";
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .mapToObj(Character::toString)
        .map(DiscordSender::escape)
        .forEach(escaped::append);
    return escaped.toString();
  }

  private static String escape(String character) {
    return MARKUP.contains(character) ? "\\" + character : character;
  }

  private static String cut(String text, int most) {
    return ShownText.cut(text, most, DiscordSender::escape);
  }
}
