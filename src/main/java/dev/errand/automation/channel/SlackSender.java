package dev.errand.automation.channel;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.channel.ChannelMessage.Fact;
import dev.errand.base.json.Json;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.commonmark.node.Node;

/**
 * Sends messages to incoming webhooks of Slack, and of servers that take the same messages. All
 * texts are plain ones, in which Slack forms no mentions, links and markup, but for the link of
 * Errand's own page and what a run answered: that is in Slack's markup, mentions nobody, and its
 * links say where they lead.
 */
@Singleton
class SlackSender implements ChannelSender {
  // What Slack says of a webhook that has ended. Other 404 come from servers that are being
  // renewed.
  private static final Set<String> GONE =
      Set.of(
          "no_service",
          "no_service_id",
          "no_team",
          "team_disabled",
          "channel_not_found",
          "channel_is_archived");
  // Slack's limits.
  private static final int TITLE = 150;
  private static final int SECTION = 3000;
  private static final int FIELD = 2000;
  private static final int FIELDS = 10;
  private static final int MOST_QUOTED = 10;
  private static final int MOST_OF_ANSWER = 10;

  private final ChannelPost post;
  private final Json json;

  SlackSender(ChannelPost post, Json json) {
    this.post = post;
    this.json = json;
  }

  @Override
  public ChannelKind kind() {
    return ChannelKind.SLACK;
  }

  @Override
  public SendResult send(OpenChannel channel, ChannelMessage message, String deliveryId)
      throws InterruptedException {
    return post.send(
        channel.address(), Map.of(), json.bytes(body(ShownMessage.of(message, json))), GONE);
  }

  private ObjectNode body(ShownMessage message) {
    ObjectNode body = json.object();
    // Slack shows it in notifications; servers without blocks show nothing else.
    body.put("text", ShownText.cut(message.title(), SECTION, SlackSender::escapedMentions));
    body.put("unfurl_links", false).put("unfurl_media", false);
    ArrayNode blocks = body.putArray("blocks");
    blocks.add(block("header").set("text", plain(message.title(), TITLE)));
    if (message.answer() != null) {
      addAnswer(blocks, message.answer());
    }
    if (!message.lines().isEmpty()) {
      blocks.add(block("section").set("text", plain(message.paragraphs(), SECTION)));
    }
    List<Fact> facts = message.facts();
    ArrayNode fields = json.array();
    for (Fact fact : facts.subList(0, Math.min(FIELDS, facts.size()))) {
      fields.add(plain(fact.name() + "\n" + fact.value(), FIELD));
    }
    blocks.add(block("section").set("fields", fields));
    for (Fact text : message.quoted().stream().limit(MOST_QUOTED).toList()) {
      blocks.add(block("section").set("text", plain(text.name() + ":\n" + text.value(), SECTION)));
    }
    String url = message.url();
    if (url != null) {
      blocks.add(block("section").set("text", markup(link(url, "Open in Errand"))));
    }
    return body;
  }

  private void addAnswer(ArrayNode blocks, ShownMessage.Answer answer) {
    Node markdown = answer.markdown();
    String text =
        markdown == null
            ? escaped(answer.text())
            : ChatMarkup.render(
                markdown,
                SlackSender::escaped,
                code -> escaped(code.replace('`', '\'')),
                "*",
                SlackSender::link);
    List<String> parts = ShownText.parts(text, SECTION);
    for (String part : parts.subList(0, Math.min(MOST_OF_ANSWER, parts.size()))) {
      blocks.add(block("section").set("text", markup(part)));
    }
    if (answer.isCut() || parts.size() > MOST_OF_ANSWER) {
      blocks.add(block("section").set("text", plain(ShownMessage.CUT, SECTION)));
    }
  }

  private ObjectNode markup(String text) {
    return json.object().put("type", "mrkdwn").put("verbatim", true).put("text", text);
  }

  private static String link(String url, String text) {
    return "<" + escaped(url.replace("|", "%7C")) + "|" + text + ">";
  }

  private ObjectNode block(String type) {
    return json.object().put("type", type);
  }

  private ObjectNode plain(String text, int most) {
    return json.object()
        .put("type", "plain_text")
        .put("text", ShownText.cut(text, most, SlackSender::escaped))
        .put("emoji", false);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  // A zero-width space: in this text, other servers would mention whom an @ names.
  private static String escapedMentions(String text) {
    return text.equals("@") ? "@\u200B" : escaped(text);
  }
}
