package dev.errand.automation.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.automation.channel.ChannelMessage.Fact;
import dev.errand.automation.delivery.Receiver;
import dev.errand.automation.delivery.Receiver.Call;
import dev.errand.automation.delivery.Receiver.Reply;
import dev.errand.base.json.Json;
import dev.errand.base.secret.WebhookSecret;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the receivers of channels get, and what their answers mean. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ChannelSendersTest {
  private static final String URL = "https://errand.example/console/admin/default/runs?a=1&b=2|3";
  private static final String HOSTILE =
      "<!channel> <https://evil.example|click> @everyone <@U1> https://evil.example *b*"
          + " [x](https://evil.example) \u202Eabc \u0007 & {x}";

  @Inject ChannelSenders senders;
  @Inject Json json;

  private final Receiver receiver = new Receiver();

  @AfterEach
  void close() {
    receiver.close();
  }

  private OpenChannel channel(ChannelKind kind, String path, @Nullable String secret) {
    return new OpenChannel(UUID.randomUUID(), "ops", kind, receiver.url(path), secret, true, null);
  }

  private ChannelMessage message(String event, String text) {
    return new ChannelMessage(
        event,
        "A task failed: " + text,
        Instant.parse("2026-11-29T08:45:10Z"),
        Instant.parse("2026-11-30T09:00:00Z"),
        null,
        text,
        "Connect it again.",
        URL,
        List.of(new Fact("Task", text)),
        List.of(new Fact("Output", text)),
        json.object().put("task", text));
  }

  private SendResult send(ChannelKind kind) throws InterruptedException {
    return senders.send(
        channel(kind, "/secret-topic", kind == ChannelKind.WEBHOOK ? secret() : null),
        message("run.error", "digest"),
        "d1");
  }

  private static String secret() {
    return WebhookSecret.generate().open().value();
  }

  private JsonNode sent(ChannelKind kind, String path, ChannelMessage message)
      throws InterruptedException {
    receiver.answer(200);
    assertTrue(senders.send(channel(kind, path, null), message, "d1").isAccepted());
    Call call = receiver.calls().getLast();
    assertEquals("POST", call.method());
    return json.tree(call.body());
  }

  private static void assertHarmless(String text) {
    assertFalse(text.contains("https://evil"), text);
    assertFalse(text.contains("\u202E") || text.contains("\u0007"), text);
    assertFalse(text.contains("evil.example"), text);
  }

  @Test
  void slackGetsPlainTexts() throws InterruptedException {
    JsonNode body = sent(ChannelKind.SLACK, "/services/a", message("run.error", HOSTILE));
    assertHarmless(body.toString());
    String text = body.path("text").asText();
    assertFalse(text.contains("<") || text.contains("@everyone"), text);
    assertEquals("header", body.at("/blocks/0/type").asText());
    int links = 0;
    for (JsonNode block : body.path("blocks")) {
      List<JsonNode> texts = new ArrayList<>(block.path("fields").valueStream().toList());
      if (block.has("text")) {
        texts.add(block.path("text"));
      }
      for (JsonNode each : texts) {
        if (each.path("type").asText().equals("mrkdwn")) {
          links++;
          assertEquals(
              "<https://errand.example/console/admin/default/runs?a=1&amp;b=2%7C3|Open in Errand>",
              each.path("text").asText());
        } else {
          assertEquals("plain_text", each.path("type").asText());
          assertFalse(each.path("text").asText().contains("<"), each.toString());
        }
      }
    }
    assertEquals(1, links);
    assertTrue(body.toString().contains("&lt;!channel&gt;"));
    assertEquals("Happened\n2026-11-30 09:00 UTC", body.at("/blocks/2/fields/0/text").asText());
    assertEquals("Since\n2026-11-29 08:45 UTC", body.at("/blocks/2/fields/1/text").asText());
    assertTrue(body.toString().contains("Connect it again."));
  }

  @Test
  void slackGetsNoMoreThanItTakes() throws InterruptedException {
    JsonNode body = sent(ChannelKind.SLACK, "/services/a", longMessage());
    assertTrue(body.at("/blocks/0/text/text").asText().length() <= 150);
    assertTrue(body.at("/blocks/1/text/text").asText().length() <= 3000);
    assertTrue(body.path("blocks").size() <= 50);
    for (JsonNode block : body.path("blocks")) {
      assertTrue(block.path("fields").size() <= 10);
      block
          .path("fields")
          .forEach(field -> assertTrue(field.path("text").asText().length() <= 2000));
      assertTrue(block.at("/text/text").asText().length() <= 3000);
    }
  }

  private ChannelMessage longMessage() {
    String text = "&*".repeat(10_000);
    return new ChannelMessage(
        "run.error",
        text,
        Instant.EPOCH,
        Instant.EPOCH,
        null,
        text,
        text,
        null,
        Collections.nCopies(60, new Fact(text, text)),
        Collections.nCopies(60, new Fact(text, text)),
        json.object());
  }

  @Test
  void discordMentionsNobodyAndShowsMarkupAsText() throws InterruptedException {
    JsonNode body = sent(ChannelKind.DISCORD, "/api/webhooks/1/a", message("run.error", HOSTILE));
    assertHarmless(body.toString());
    assertEquals("[]", body.at("/allowed_mentions/parse").toString());
    assertFalse(body.has("content"));
    JsonNode embed = body.at("/embeds/0");
    assertEquals(URL, embed.path("url").asText());
    String description = embed.path("description").asText();
    assertTrue(description.contains("\\<\\!channel\\>"), description);
    assertTrue(description.contains("\\*b\\*"), description);
    assertTrue(description.contains("\\@everyone"), description);
    assertTrue(description.contains("\\[x\\]\\("), description);
  }

  @Test
  void discordGetsNoMoreThanItTakes() throws InterruptedException {
    JsonNode embed = sent(ChannelKind.DISCORD, "/api/webhooks/1/a", longMessage()).at("/embeds/0");
    int all = embed.path("title").asText().length() + embed.path("description").asText().length();
    assertTrue(embed.path("title").asText().length() <= 256);
    assertTrue(embed.path("description").asText().length() <= 4096);
    assertTrue(embed.path("fields").size() <= 25);
    for (JsonNode field : embed.path("fields")) {
      assertTrue(field.path("name").asText().length() <= 256);
      assertTrue(field.path("value").asText().length() <= 1024);
      assertFalse(field.path("value").asText().isBlank());
      all += field.path("name").asText().length() + field.path("value").asText().length();
    }
    assertTrue(all <= 6000, all + " characters");
  }

  @Test
  void timesAreShownInTheZoneOfAMessage() throws InterruptedException {
    Instant at = Instant.parse("2026-11-29T08:45:10Z");
    ChannelMessage message =
        new ChannelMessage(
            "run.error",
            "It failed",
            at,
            at,
            "Europe/Berlin",
            null,
            null,
            null,
            List.of(),
            List.of(),
            json.object());
    assertEquals(
        "Happened: 2026-11-29 09:45 Europe/Berlin",
        sent(ChannelKind.NTFY, "/t", message).path("message").asText());
    JsonNode field =
        sent(ChannelKind.DISCORD, "/api/webhooks/1/a", message).at("/embeds/0/fields/0");
    assertEquals("Happened", field.path("name").asText());
  }

  @Test
  void ntfyGetsATopicAndAToken() throws InterruptedException {
    receiver.answer(200);
    OpenChannel channel = channel(ChannelKind.NTFY, "/my-topic", "tk_abc");
    assertTrue(senders.send(channel, message("run.error", HOSTILE), "d1").isAccepted());
    Call call = receiver.calls().getFirst();
    assertEquals("/", call.path());
    assertEquals("Bearer tk_abc", call.authorization());
    assertHarmless(call.body());
    JsonNode body = json.tree(call.body());
    assertEquals("my-topic", body.path("topic").asText());
    assertEquals(4, body.path("priority").asInt());
    assertEquals(URL, body.path("click").asText());
    assertFalse(body.has("markdown"));
    assertEquals(
        3,
        sent(ChannelKind.NTFY, "/my-topic", message("run.recovered", "x"))
            .path("priority")
            .asInt());
    String text = sent(ChannelKind.NTFY, "/t", longMessage()).path("message").asText();
    assertTrue(text.getBytes(StandardCharsets.UTF_8).length <= 4096);
  }

  @Test
  void aProgramGetsASignedEvent() throws InterruptedException {
    receiver.answer(204);
    String secret = secret();
    OpenChannel channel = channel(ChannelKind.WEBHOOK, "/hook", secret);
    assertTrue(senders.send(channel, message("run.error", HOSTILE), "delivery-1").isAccepted());
    Call call = receiver.calls().getFirst();
    assertEquals("delivery-1", call.id());
    assertEquals(call.expected(secret), call.signature());
    JsonNode body = json.tree(call.body());
    assertEquals("run.error", body.path("type").asText());
    assertEquals("2026-11-30T09:00:00.000Z", body.path("timestamp").asText());
    // A program gets what it was.
    assertEquals(HOSTILE, body.at("/data/task").asText());
  }

  private static final String REPORT =
      """
      # Prices *today*

      Tea is **cheaper** than `milk`, see [the shop](https://shop.example/tea?a=(1)|2).
      <!channel> <@U1> @everyone [x](javascript:alert) ![chart](https://pics.example/a.png)

      | Name | Price |
      | --- | --- |
      | Tea | 3 |

      3. buy
      4. drink
         - slowly

      ```
      code & ``
      ```
      """;

  private ChannelMessage answer(String text, boolean isResult) {
    return new ChannelMessage(
            "run.ready",
            "The answer of the task digest",
            Instant.EPOCH,
            Instant.EPOCH,
            null,
            null,
            null,
            URL,
            List.of(new Fact("Task", "digest")),
            List.of(),
            json.object().put("task", "digest"))
        .with(RunAnswer.of(text, isResult));
  }

  @Test
  void slackGetsAnAnswerInItsMarkup() throws InterruptedException {
    JsonNode body = sent(ChannelKind.SLACK, "/services/a", answer(REPORT, false));
    JsonNode text = body.at("/blocks/1/text");
    assertEquals("mrkdwn", text.path("type").asText());
    assertTrue(text.path("verbatim").asBoolean());
    assertEquals(
        """
        *Prices _today_*

        Tea is *cheaper* than `milk`, see <https://shop.example/tea?a=(1)%7C2|the shop> (shop.example).
        &lt;!channel&gt; &lt;@U1&gt; @everyone x <https://pics.example/a.png|picture: chart> (pics.example)

        *Name* | *Price*
        Tea | 3

        3. buy
        4. drink
          • slowly

        ```
        code &amp; ''
        ```""",
        text.path("text").asText());
  }

  @Test
  void discordGetsAnAnswerInItsMarkup() throws InterruptedException {
    JsonNode body = sent(ChannelKind.DISCORD, "/api/webhooks/1/a", answer(REPORT, false));
    String description = body.at("/embeds/0/description").asText();
    assertTrue(description.startsWith("**Prices _today_**\n\nTea is **cheaper** than `milk`"));
    assertTrue(
        description.contains(
            "[the shop](https://shop.example/tea?a=%281%29|2) \\(shop\\.example\\)"),
        description);
    assertTrue(description.contains("\\<\\!channel\\>"), description);
    assertFalse(description.contains("javascript"), description);
    assertEquals("[]", body.at("/allowed_mentions/parse").toString());
  }

  @Test
  void ntfyGetsAnAnswerInLinesAndQuietly() throws InterruptedException {
    JsonNode body = sent(ChannelKind.NTFY, "/t", answer(REPORT, false));
    assertEquals(3, body.path("priority").asInt());
    String message = body.path("message").asText();
    assertTrue(message.startsWith("Prices today\n"), message);
    assertTrue(message.contains("https://shop.example/tea"), message);
    assertFalse(message.contains("**"), message);
  }

  @Test
  void aProgramGetsAnAnswerAsItIs() throws InterruptedException {
    receiver.answer(204);
    OpenChannel channel = channel(ChannelKind.WEBHOOK, "/hook", secret());
    assertTrue(senders.send(channel, answer(REPORT, false), "d1").isAccepted());
    assertTrue(senders.send(channel, answer("{\"price\": 3}", true), "d2").isAccepted());
    JsonNode data = json.tree(receiver.calls().getFirst().body()).path("data");
    assertEquals(REPORT, data.path("output").asText());
    assertFalse(data.has("result"));
    assertEquals(3, json.tree(receiver.calls().getLast().body()).at("/data/result/price").asInt());
  }

  @Test
  void aResultIsATable() throws InterruptedException {
    String result =
        "{\"price\": 3, \"note\": \"a | b *c* [x](https://evil.example)\", \"list\": [1, 2]}";
    JsonNode body = sent(ChannelKind.SLACK, "/services/a", answer(result, true));
    assertEquals(
        """
        *Name* | *Value*
        price | 3
        note | a | b *c* [x](https://evil.example)
        list | [1,2]""",
        body.at("/blocks/1/text/text").asText());
    assertEquals(
        "```\n[1, 2]\n```",
        sent(ChannelKind.SLACK, "/services/a", answer("[1, 2]", true))
            .at("/blocks/1/text/text")
            .asText());
  }

  @Test
  void aLongAnswerIsCutAndSaysSo() throws InterruptedException {
    String text = "A line with <b>marks</b> & *more*.\n\n".repeat(250_000);
    JsonNode slack = sent(ChannelKind.SLACK, "/services/a", answer(text, false));
    int sections = 0;
    for (JsonNode block : slack.path("blocks")) {
      assertTrue(block.at("/text/text").asText().length() <= 3000);
      sections += block.at("/text/text").asText().startsWith("A line") ? 1 : 0;
    }
    assertEquals(10, sections);
    assertTrue(slack.toString().contains(ShownMessage.CUT));
    JsonNode embed =
        sent(ChannelKind.DISCORD, "/api/webhooks/1/a", answer(text, false)).at("/embeds/0");
    assertTrue(embed.path("description").asText().length() <= 4096);
    assertTrue(embed.path("description").asText().endsWith(ShownMessage.CUT));
    JsonNode ntfy = sent(ChannelKind.NTFY, "/t", answer(text, false));
    assertTrue(ntfy.path("message").asText().getBytes(StandardCharsets.UTF_8).length <= 4096);
    receiver.answer(204);
    OpenChannel channel = channel(ChannelKind.WEBHOOK, "/hook", secret());
    assertTrue(senders.send(channel, answer(text, false), "d1").isAccepted());
    JsonNode data = json.tree(receiver.calls().getLast().body()).path("data");
    assertTrue(data.path("truncated").asBoolean());
    assertEquals(RunAnswer.MOST, data.path("output").asText().length());
  }

  @Test
  void receiversThatAreGoneWantNoMore() throws InterruptedException {
    reply(404, "", "", "no_service");
    SendResult answer = send(ChannelKind.SLACK);
    assertTrue(answer.isUnwanted() && answer.isFinal());
    assertEquals("The receiver answered 404 no_service.", answer.error());
    reply(410, "", "", "channel_is_archived");
    assertTrue(send(ChannelKind.SLACK).isUnwanted());
    reply(404, "", "", "<html>not found</html>");
    assertFalse(send(ChannelKind.SLACK).isUnwanted() || send(ChannelKind.DISCORD).isUnwanted());
    reply(404, "", "", "{\"message\": \"Unknown Webhook\", \"code\": 10015}");
    answer = send(ChannelKind.DISCORD);
    assertTrue(answer.isUnwanted());
    assertEquals("The receiver answered 404 with the code 10015.", answer.error());
    reply(410, "", "", "");
    assertTrue(send(ChannelKind.WEBHOOK).isUnwanted());
    reply(404, "", "", "");
    assertFalse(send(ChannelKind.WEBHOOK).isUnwanted());
    reply(403, "", "", "{\"code\":40301,\"http\":403,\"error\":\"forbidden\"}");
    answer = send(ChannelKind.NTFY);
    assertFalse(answer.isUnwanted());
    assertEquals("The receiver answered 403 with the code 40301.", answer.error());
  }

  // What a mail server means by these statuses is nothing to a web server.
  @Test
  void noStatusOfAWebServerRejectsAMessageForGood() throws InterruptedException {
    for (int status : List.of(550, 552, 559)) {
      reply(status, "", "", "");
      for (ChannelKind kind :
          List.of(ChannelKind.SLACK, ChannelKind.DISCORD, ChannelKind.NTFY, ChannelKind.WEBHOOK)) {
        SendResult answer = send(kind);
        assertEquals(status, answer.status());
        assertFalse(answer.isAccepted() || answer.isFinal(), answer::toString);
      }
    }
  }

  @Test
  void receiversThatAreBusyAreGivenTime() throws InterruptedException {
    reply(429, "Retry-After", "30", "rate_limited");
    assertEquals(Duration.ofSeconds(30), send(ChannelKind.SLACK).askedToWait());
    reply(
        429,
        "x-ratelimit-scope",
        "shared",
        "{\"message\": \"You are being rate limited.\", \"retry_after\": 1.336, \"global\":"
            + " false}");
    SendResult answer = send(ChannelKind.DISCORD);
    assertEquals(Duration.ofMillis(1336), answer.askedToWait());
    assertFalse(answer.isFinal());
    reply(503, "Retry-After", "5", "");
    assertEquals(Duration.ofSeconds(5), send(ChannelKind.WEBHOOK).askedToWait());
  }

  @Test
  void failuresTellNoSecret() throws InterruptedException {
    reply(0, "", "", "");
    SendResult cut = send(ChannelKind.SLACK);
    assertFalse(cut.isAccepted());
    assertNull(cut.status());
    assertFalse(String.valueOf(cut.error()).contains("secret-topic"), cut.error());
    reply(400, "", "", "the address /secret-topic is wrong");
    assertEquals("The receiver answered 400.", send(ChannelKind.NTFY).error());
    reply(302, "Location", "http://127.0.0.1:1/secret-topic", "");
    assertEquals("The receiver answered 302.", send(ChannelKind.DISCORD).error());
    OpenChannel inside =
        new OpenChannel(
            UUID.randomUUID(),
            "ops",
            ChannelKind.SLACK,
            "http://169.254.169.254/secret-topic",
            null,
            true,
            null);
    SendResult refused = senders.send(inside, message("run.error", "x"), "d1");
    assertFalse(refused.isAccepted());
    assertFalse(String.valueOf(refused.error()).contains("secret-topic"), refused.error());
  }

  private void reply(int status, String header, String value, String body) {
    receiver.script(
        call ->
            new Reply(
                status,
                header,
                value,
                status == 0 ? null : out -> out.write(body.getBytes(StandardCharsets.UTF_8))));
  }
}
