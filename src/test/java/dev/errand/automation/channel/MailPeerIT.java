package dev.errand.automation.channel;

import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.error;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.channel.ChannelMessage.Fact;
import dev.errand.base.database.Sql;
import dev.errand.base.json.Json;
import dev.errand.support.Api;
import dev.errand.support.Eventually;
import dev.errand.support.Mails;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import dev.errand.support.WithMail;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Channels of e-mail, by a Postfix, which delivers what it is sent: {@code ./mvnw test -Pmail}.
 * {@link EmailChannelTest} has the rest, by a server for tests.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(MailPeerIT.PatientMail.class)
class MailPeerIT {
  private static final String PROFILE = "/api/profiles/~/default";
  private static final String MAIL = PROFILE + "/channels/mail";
  private static final String NOTICE = PROFILE + "/notices/of-a-test";
  private static final String TASK = PROFILE + "/tasks/daily";

  // RFC 5322, 2.1.1.
  private static final int LONGEST_LINE = 998;

  @Inject Sql sql;
  @Inject Json json;
  @Inject Channels channels;
  @Inject ChannelSenders senders;

  private final ScriptedModel model = new ScriptedModel();
  private Postfix postfix;

  /** A service that sends e-mail, and waits for the server as long as any does. */
  public static final class PatientMail implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      Map<String, String> all = new HashMap<>(new WithMail().start());
      all.remove("errand.mail.timeout");
      return all;
    }
  }

  @BeforeAll
  static void require() {
    Postfix.require();
  }

  @BeforeEach
  void start() throws Exception {
    sql.statement("DELETE FROM channel_confirmation").run();
    postfix =
        new Postfix(ConfigProvider.getConfig().getValue("quarkus.mailer.port", Integer.class));
    postfix.start();
  }

  @AfterEach
  void tidyUp() throws Exception {
    api().delete(TASK + "?force=true");
    api().delete(NOTICE);
    api().delete(MAIL);
    model.close();
    postfix.close();
  }

  /** Makes the channel, and confirms it by the first mail. */
  private void confirm() throws Exception {
    api()
        .body(Map.of("kind", "email", "to", Postfix.RECIPIENT))
        .put(MAIL)
        .then()
        .statusCode(201)
        .body("confirmed", equalTo(false))
        .body("confirmation.error", nullValue());
    Postfix.Mail asked = postfix.received(1);
    checkForm(asked);
    MimeMessage message = asked.message();
    assertEquals("Confirm that Errand may write to you", message.getSubject());
    assertNull(message.getHeader("List-Unsubscribe"));
    given()
        .contentType(ContentType.URLENC)
        .post(Mails.link(message, WithMail.URL))
        .then()
        .statusCode(200);
    api().get(MAIL).then().body("confirmed", equalTo(true));
  }

  private void failARun() {
    api()
        .body(Map.of("events", List.of("run.error"), "channel", "mail"))
        .put(NOTICE)
        .then()
        .statusCode(201)
        .body("state", equalTo("ready"));
    model.script(request -> error(404, "model_not_found", "There is no such model."));
    Api.register("daily", "Hello", model).then().statusCode(201);
    api().body("{}").put(TASK + "/runs/fr%C3%BCh").then().statusCode(201);
  }

  private static JsonPath delivery() {
    return api().get(NOTICE + "/deliveries").jsonPath().setRootPath("[0]");
  }

  private static void awaitDelivery() {
    Eventually.await(
        "the delivery",
        () -> api().get(NOTICE + "/deliveries").path("state").equals(List.of("delivered")));
  }

  /** Asserts what a server may change or refuse. */
  private static void checkForm(Postfix.Mail mail) {
    // Postfix delivers lines as those of files, and has refused a bare line feed.
    assertFalse(mail.text().contains("\r"), mail.text());
    assertTrue(mail.text().lines().allMatch(line -> line.length() <= LONGEST_LINE), mail.text());
    String head = mail.text().substring(0, mail.text().indexOf("\n\n"));
    assertTrue(StandardCharsets.US_ASCII.newEncoder().canEncode(head), head);
    for (String field : List.of("From", "To", "Subject", "Date", "Message-ID", "MIME-Version")) {
      assertEquals(
          1,
          head.lines()
              .filter(line -> line.regionMatches(true, 0, field + ":", 0, field.length() + 1))
              .count(),
          head);
    }
    assertTrue(head.startsWith("Return-Path: <" + WithMail.FROM + ">\n"), head);
    assertTrue(head.contains("\nDelivered-To: " + Postfix.RECIPIENT + "\n"), head);
  }

  @Test
  void aNoticeArrivesAndItsHeaderEndsFurtherOnes() throws Exception {
    confirm();
    failARun();
    Postfix.Mail told = postfix.received(2);
    checkForm(told);
    MimeMessage message = told.message();
    assertEquals("A run of the task daily failed", message.getSubject());
    assertEquals("Errand <" + WithMail.FROM + ">", message.getFrom()[0].toString());
    assertTrue(message.isMimeType("multipart/alternative"), message.getContentType());
    String page = WithMail.URL + "/console/admin/default/tasks/daily/runs/fr%C3%BCh";
    String text = Mails.part(message, "text/plain");
    assertTrue(text.contains("\nRun: früh\n"), text);
    assertTrue(text.contains("Open in Errand: " + page + "\n"), text);
    Document html = Jsoup.parse(Mails.part(message, "text/html"));
    assertEquals(page, html.expectFirst("a").attr("href"));
    assertTrue(html.text().contains("Run früh"), html.text());

    assertEquals("auto-generated", message.getHeader("Auto-Submitted", null));
    assertEquals("List-Unsubscribe=One-Click", message.getHeader("List-Unsubscribe-Post", null));
    Matcher link =
        Pattern.compile("<" + WithMail.URL + "(/channels/unsubscribe/\\S+)>")
            .matcher(message.getHeader("List-Unsubscribe", null));
    assertTrue(link.matches(), told.text());
    awaitDelivery();
    assertEquals("<" + delivery().getString("id") + "@errand.example>", message.getMessageID());
    // As the recipient's provider does it, RFC 8058.
    given()
        .contentType(ContentType.URLENC)
        .body("List-Unsubscribe=One-Click")
        .post(link.group(1))
        .then()
        .statusCode(200);
    api().get(MAIL).then().body("enabled", equalTo(false));
  }

  @Test
  void textsArriveAsTheyWereWritten() throws Exception {
    confirm();
    // Without characters of two units, which the client breaks in a header: no name has any.
    String title = "„Grüße“ – 朝のあいさつ " + "ß".repeat(100);
    String quoted =
        ".\n..\n.end\nFrom here\n  a = b 🦊 \t\n\n"
            + "é".repeat(2 * LONGEST_LINE)
            + "\n"
            + "long ".repeat(LONGEST_LINE)
            + "\n.";
    ChannelMessage message =
        new ChannelMessage(
            "run.error",
            title,
            Instant.EPOCH,
            Instant.EPOCH,
            null,
            null,
            null,
            null,
            List.of(new Fact("Task", "täglich")),
            List.of(new Fact("Output", quoted)),
            json.object());
    UUID channel =
        sql.statement("SELECT id FROM channel WHERE name = 'mail'").one(row -> row.id("id"));
    SendResult answer =
        senders.send(channels.open(channel).orElseThrow(), message, UUID.randomUUID().toString());
    assertTrue(answer.isAccepted(), answer.toString());

    Postfix.Mail mail = postfix.received(2);
    checkForm(mail);
    assertEquals(title, mail.message().getSubject());
    String text = Mails.part(mail.message(), "text/plain");
    assertTrue(text.contains("\nOutput:\n" + quoted + "\n"), text);
    assertEquals(
        quoted,
        Jsoup.parse(Mails.part(mail.message(), "text/html")).expectFirst("pre").wholeText());
  }

  @Test
  void aMessageWaitsForAServerThatIsDownAndArrivesOnce() throws Exception {
    confirm();
    postfix.stop();
    failARun();
    Eventually.await("an attempt", () -> delivery().getString("attempts[0].error") != null);
    JsonPath waiting = delivery();
    assertEquals("pending", waiting.getString("state"));
    assertEquals("The mail server can't be reached.", waiting.getString("attempts[0].error"));
    postfix.start();
    awaitDelivery();
    Postfix.Mail told = postfix.received(2);
    checkForm(told);
    JsonPath delivered = delivery();
    assertEquals(
        "<" + delivered.getString("id") + "@errand.example>", told.message().getMessageID());
    List<Integer> answers = delivered.getList("attempts.status");
    assertTrue(answers.size() > 1, delivered.prettify());
    assertNull(answers.getFirst(), delivered.prettify());
    assertEquals(250, answers.getLast(), delivered.prettify());
  }

  @Test
  void aRecipientWhomTheServerDoesNotKnowIsToldByItsCode() {
    api()
        .body(Map.of("kind", "email", "to", "eve@example.org"))
        .put(MAIL)
        .then()
        .statusCode(201)
        .body("confirmation.error", equalTo("The mail server answered 550 5.1.1."));
  }
}
