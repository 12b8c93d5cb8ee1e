package dev.errand.automation.channel;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import dev.errand.automation.channel.ChannelMessage.Fact;
import dev.errand.base.database.Sql;
import dev.errand.base.json.Json;
import dev.errand.support.Mails;
import dev.errand.support.OtherUser;
import dev.errand.support.TestDatabase;
import dev.errand.support.WithMail;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Channels of e-mail, by a real SMTP server. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = WithMail.class, scope = TestResourceScope.MATCHING_RESOURCES)
class EmailChannelTest {
  private static final String MAIL = "/api/profiles/~/default/channels/mail";

  @Inject DataSource database;
  @Inject Sql sql;
  @Inject Json json;
  @Inject Channels channels;
  @Inject ChannelSenders senders;

  private final GreenMail server =
      new GreenMail(
          new ServerSetup(
              ConfigProvider.getConfig().getValue("quarkus.mailer.port", Integer.class),
              "127.0.0.1",
              ServerSetup.PROTOCOL_SMTP));

  @BeforeEach
  void start() {
    sql.statement("DELETE FROM channel_confirmation").run();
    server.start();
  }

  @AfterEach
  void tidyUp() {
    api().delete(MAIL);
    server.stop();
  }

  private static Response put(String to) {
    return api().body("{\"kind\": \"email\", \"to\": \"" + to + "\"}").put(MAIL);
  }

  private MimeMessage received(int number) {
    MimeMessage[] all = server.getReceivedMessages();
    assertEquals(number, all.length);
    return all[number - 1];
  }

  private UUID id() {
    return sql.statement("SELECT id FROM channel WHERE name = 'mail'").one(row -> row.id("id"));
  }

  private SendResult send(ChannelMessage message, String deliveryId) throws Exception {
    return senders.send(channels.open(id()).orElseThrow(), message, deliveryId);
  }

  private ChannelMessage message(String text) {
    return new ChannelMessage(
        "run.error",
        "The task " + text + " failed",
        Instant.parse("2026-11-29T08:45:10Z"),
        Instant.parse("2026-11-29T08:45:10Z"),
        null,
        text,
        "Connect it again.",
        WithMail.URL + "/console/admin/default/runs",
        List.of(new Fact("Task", text)),
        List.of(new Fact("Output", text)),
        json.object());
  }

  private void confirm() throws Exception {
    put("ada@example.org").then().statusCode(201);
    given()
        .contentType(ContentType.URLENC)
        .post(Mails.link(received(1), WithMail.URL))
        .then()
        .statusCode(200);
    server.purgeEmailFromAllMailboxes();
  }

  @Test
  void anAnswerIsRenderedAndLoadsNothing() throws Exception {
    confirm();
    String text =
        """
        # Prices

        | Name | Price |
        | --- | ---: |
        | Tea | 3 |

        ![chart](https://pics.example/a.png) <img src="https://pics.example/b.png">
        [your bank](https://evil.example/login) [x](javascript:alert(1))
        <script>alert(1)</script>
        """;
    ChannelMessage message =
        new ChannelMessage(
                "run.ready",
                "The answer of the task digest",
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                null,
                null,
                WithMail.URL + "/console/admin/default/runs",
                List.of(new Fact("Task", "digest")),
                List.of(),
                json.object())
            .with(RunAnswer.of(text, false));
    assertTrue(send(message, "d1").isAccepted());
    MimeMessage mail = received(1);
    assertEquals("The answer of the task digest", mail.getSubject());
    Document page = Jsoup.parse(Mails.part(mail, "text/html"));
    assertEquals(0, page.select("img, script, link, iframe, [src], [background]").size());
    assertEquals(List.of("Tea", "3"), page.select("div td[style]").eachText());
    assertEquals(List.of("3"), page.select("td[align=right]").eachText());
    assertEquals(
        List.of("https://pics.example/a.png", "https://evil.example/login"),
        page.select("div a").eachAttr("href"));
    assertTrue(page.text().contains("your bank (evil.example)"), page.text());
    String plain = Mails.part(mail, "text/plain");
    assertTrue(plain.contains("\"your bank\" (https://evil.example/login)"), plain);
    assertFalse(page.html().contains("javascript:"), page.html());
  }

  @Test
  void nothingElseIsSentBeforeTheRecipientConfirms() throws Exception {
    put("ada@example.org")
        .then()
        .statusCode(201)
        .body("to", equalTo("ada@example.org"))
        .body("confirmed", equalTo(false))
        .body("confirmation.sent_at", notNullValue())
        .body("confirmation.error", nullValue());
    MimeMessage asked = received(1);
    assertEquals("ada@example.org", asked.getAllRecipients()[0].toString());
    assertEquals("Errand <" + WithMail.FROM + ">", asked.getFrom()[0].toString());
    assertTrue(Mails.part(asked, "text/plain").contains("admin/default"));
    api()
        .post(MAIL + "/test")
        .then()
        .statusCode(200)
        .body("accepted", equalTo(false))
        .body("error", containsString("has not confirmed"));
    received(1);

    String link = Mails.link(asked, WithMail.URL);
    given().get(link).then().statusCode(200).body(containsString("Yes, write to me"));
    given()
        .get(link)
        .then()
        .header("Content-Security-Policy", containsString("default-src 'none'"));
    api().get(MAIL).then().body("confirmed", equalTo(false));
    given()
        .contentType(ContentType.URLENC)
        .post(link)
        .then()
        .statusCode(200)
        .body(containsString("is confirmed"));
    api().get(MAIL).then().body("confirmed", equalTo(true)).body("confirmation", nullValue());
    given().get(link).then().statusCode(200).body(containsString("is confirmed"));
    api().post(MAIL + "/test").then().body("accepted", equalTo(true)).body("status", equalTo(250));
    received(2);
    String audit =
        sql.statement(
                "SELECT string_agg(action, ' ' ORDER BY id) AS actions FROM audit WHERE object = 'channels/admin/default/mail'")
            .one(row -> row.text("actions"));
    assertTrue(audit.contains("channel.confirmed"), audit);
    problem(api().post(MAIL + "/confirmation"), 409, "already_confirmed");
  }

  @Test
  void anotherAddressIsAskedAnewAndTheOldLinkEnds() throws Exception {
    confirm();
    put("ada@example.org").then().statusCode(200).body("confirmed", equalTo(true));
    assertEquals(0, server.getReceivedMessages().length);
    put("eve@example.org").then().statusCode(200).body("confirmed", equalTo(false));
    String link = Mails.link(received(1), WithMail.URL);
    put("ada@example.org").then().statusCode(200).body("confirmed", equalTo(false));
    given().post(link).then().statusCode(404).body(containsString("This link has ended"));
    given().get("/channels/confirm/unknown").then().statusCode(404);
  }

  @Test
  void aLinkEndsAfterAWeek() throws Exception {
    put("ada@example.org").then().statusCode(201);
    sql.statement(
            "UPDATE channel SET confirmation_sent_at = confirmation_sent_at - interval '8 days'")
        .run();
    String link = Mails.link(received(1), WithMail.URL);
    given().get(link).then().statusCode(404);
    given().post(link).then().statusCode(404);
    api().get(MAIL).then().body("confirmed", equalTo(false));
  }

  @Test
  void aRecipientIsAskedThreeTimesADay() throws Exception {
    put("ada@example.org").then().statusCode(201);
    api().post(MAIL + "/confirmation").then().statusCode(200);
    String first = Mails.link(received(2), WithMail.URL);
    api().delete(MAIL).then().statusCode(204);
    // By another channel, and in other letters.
    put("ADA@example.org").then().statusCode(201);
    problem(api().post(MAIL + "/confirmation"), 429, "rate_limited")
        .then()
        .header("Retry-After", notNullValue());
    received(3);
    given().post(first).then().statusCode(404);
    put("eve@example.org").then().statusCode(200);
    received(4);
  }

  @Test
  void othersLeaveAnOwnerQuestionsAndFloodNoAddress() throws Exception {
    put("ada@example.org").then().statusCode(201);
    // Of this address, by strangers who ask as often as one may.
    int strangers = 4;
    for (int i = 0; i < 10; i++) {
      sql.statement(
              """
              INSERT INTO channel_confirmation (id, address_digest, asked_by, sent_at)
              SELECT gen_random_uuid(), address_digest, :stranger, sent_at FROM channel_confirmation LIMIT 1
              """)
          .with("stranger", new UUID(0, i % strangers))
          .run();
    }
    api().post(MAIL + "/confirmation").then().statusCode(200);
    received(2);
    problem(api().post(MAIL + "/confirmation"), 429, "rate_limited");
  }

  @Test
  void theOwnersVerifiedAddressNeedsNoConfirmation() {
    sql.statement(
            "UPDATE account SET email = 'Owner@example.org', email_verified = true WHERE username = 'admin'")
        .run();
    try {
      put("owner@example.org").then().statusCode(201).body("confirmed", equalTo(true));
      assertEquals(0, server.getReceivedMessages().length);
      // The owner may have switched it off: another editor can't undo that.
      OtherUser editor = OtherUser.named("editor", database);
      api()
          .body("{\"role\": \"editor\"}")
          .put("/api/profiles/~/default/members/editor")
          .then()
          .statusCode(201);
      String theirs = "/api/profiles/admin/default/channels/mail";
      editor.api().delete(theirs).then().statusCode(204);
      editor
          .api()
          .body("{\"kind\": \"email\", \"to\": \"owner@example.org\"}")
          .put(theirs)
          .then()
          .statusCode(201)
          .body("confirmed", equalTo(false));
      received(1);
    } finally {
      sql.statement(
              "UPDATE account SET email = NULL, email_verified = false WHERE username = 'admin'")
          .run();
    }
  }

  @Test
  void messagesCanBeEndedByOneClick() throws Exception {
    confirm();
    String id = UUID.randomUUID().toString();
    assertTrue(send(message("digest"), id).isAccepted());
    assertTrue(send(message("digest"), id).isAccepted());
    MimeMessage message = received(2);
    assertEquals("<" + id + "@errand.example>", message.getMessageID());
    assertEquals(
        message.getMessageID(), server.getReceivedMessages()[0].getMessageID(), "a repetition");
    assertEquals("auto-generated", message.getHeader("Auto-Submitted", null));
    assertNull(message.getHeader("Cc"), "an empty field is none of RFC 5322");
    assertEquals("List-Unsubscribe=One-Click", message.getHeader("List-Unsubscribe-Post", null));
    String header = message.getHeader("List-Unsubscribe", null).replaceAll("\\s", "");
    Matcher link =
        Pattern.compile("<" + WithMail.URL + "(/channels/unsubscribe/[^>]+)>").matcher(header);
    assertTrue(link.matches(), header);
    String path = link.group(1);
    assertTrue(Mails.part(message, "text/plain").contains(path));
    assertTrue(Mails.part(message, "text/html").contains(path));

    given().get(path).then().statusCode(200).body(containsString("Send me no more"));
    api().get(MAIL).then().body("enabled", equalTo(true));
    given().post(path.substring(0, path.length() - 4) + "AAAA").then().statusCode(404);
    given().post("/channels/unsubscribe/x").then().statusCode(404);
    given()
        .multiPart("List-Unsubscribe", "One-Click")
        .post(path)
        .then()
        .statusCode(200)
        .body(containsString("no more"));
    api().get(MAIL).then().body("enabled", equalTo(false)).body("confirmed", equalTo(false));
    assertTrue(channels.open(id()).isEmpty());
    problem(api().post(MAIL + "/confirmation"), 409, "channel_off");
    server.purgeEmailFromAllMailboxes();
    // Only the recipient can undo it.
    put("ada@example.org")
        .then()
        .statusCode(200)
        .body("enabled", equalTo(true))
        .body("confirmed", equalTo(false));
    given().post(Mails.link(received(1), WithMail.URL)).then().statusCode(200);
    api().get(MAIL).then().body("confirmed", equalTo(true));
  }

  @Test
  void textsOfOthersFormNoMarkupAndNoLinks() throws Exception {
    confirm();
    String hostile =
        "<img src=x onerror=alert(1)> <a href=\"https://evil.example\">x</a>\r\nBcc: eve@example.org\r\n\r\n{view} \u202Egpj.exe \u0007 [a](https://evil.example)";
    assertTrue(send(message(hostile), UUID.randomUUID().toString()).isAccepted());
    MimeMessage message = received(1);
    assertEquals(1, message.getAllRecipients().length);
    assertFalse(message.getSubject().contains("\n"));
    assertTrue(message.getSubject().contains("[U+202E]"), message.getSubject());
    String html = Mails.part(message, "text/html");
    assertTrue(Jsoup.parse(html).select("img, script").isEmpty(), html);
    List<String> links = Jsoup.parse(html).select("a").eachAttr("href");
    assertEquals(2, links.size(), html);
    assertTrue(links.stream().allMatch(link -> link.startsWith(WithMail.URL + "/")), html);
    for (String text : List.of(html, Mails.part(message, "text/plain"))) {
      assertFalse(text.contains("https://evil"), text);
      assertFalse(text.contains("evil.example"), text);
      assertFalse(text.contains("\u202E") || text.contains("\u0007"), text);
      assertTrue(text.contains("2026-11-29 08:45 UTC"), text);
    }
    assertTrue(GreenMailUtil.getWholeMessage(message).contains("multipart/alternative"));
  }

  @Test
  void aServerThatIsDownIsToldAndDoesNotCount() throws Exception {
    server.stop();
    for (int i = 0; i < 4; i++) {
      put(i % 2 == 0 ? "ada@example.org" : "eve@example.org")
          .then()
          .body("confirmed", equalTo(false))
          .body("confirmation.error", equalTo("The mail server can't be reached."));
    }
    given().get("/q/health/ready").then().statusCode(200);
    server.start();
    api()
        .post(MAIL + "/confirmation")
        .then()
        .statusCode(200)
        .body("confirmation.error", nullValue());
    received(1);
  }

  @Test
  void whatTheServerRejectsIsToldWithoutTheAddress() throws Exception {
    confirm();
    server.stop();
    SendResult gone =
        rejected("550 5.1.1 <ada@example.org>: Recipient address rejected: unknown user");
    assertEquals("The mail server answered 550 5.1.1.", gone.error());
    assertEquals(550, gone.status());
    assertTrue(gone.isFinal());
    assertFalse(gone.isUnwanted());
    SendResult busy = rejected("451 4.7.1 <ada@example.org>: Greylisted, try again");
    assertEquals("The mail server answered 451 4.7.1.", busy.error());
    assertFalse(busy.isFinal());
  }

  /** What comes of a message whose recipient a server answers like this. */
  private SendResult rejected(String answer) throws Exception {
    try (ServerSocket listener = listen()) {
      Thread _ = Thread.ofVirtual().start(() -> talk(listener, answer));
      return send(message("digest"), UUID.randomUUID().toString());
    }
  }

  @Test
  void aServerThatSaysNothingGetsNoMoreThanItsConnections() throws Exception {
    confirm();
    server.stop();
    // One more than there are connections.
    List<FutureTask<SendResult>> sends =
        Stream.generate(
                () ->
                    new FutureTask<>(
                        () -> send(message("abandoned"), UUID.randomUUID().toString())))
            .limit(3)
            .toList();
    try (ServerSocket silent = listen()) {
      sends.forEach(Thread.ofVirtual()::start);
      for (int i = 0; i < sends.size(); i++) {
        try (Socket socket = silent.accept()) {
          socket.setSoTimeout(60_000);
          assertEquals(-1, socket.getInputStream().read(), "the connection is closed");
        }
      }
      for (FutureTask<SendResult> sending : sends) {
        assertEquals("The mail server did not answer within 5 seconds.", sending.get().error());
      }
    }
    server.start();
    assertTrue(send(message("digest"), UUID.randomUUID().toString()).isAccepted());
    assertFalse(received(1).getSubject().contains("abandoned"));
  }

  @Test
  void aQuestionThatMayHaveArrivedCounts() throws Exception {
    server.stop();
    try (ServerSocket _ = listen()) {
      put("ada@example.org")
          .then()
          .statusCode(201)
          .body("confirmation.error", containsString("did not answer"));
    }
    long number =
        sql.statement("SELECT count(*) AS number FROM channel_confirmation")
            .one(row -> row.number("number"));
    assertEquals(1, number);
  }

  private static ServerSocket listen() throws IOException {
    ServerSocket listener = new ServerSocket();
    listener.setReuseAddress(true);
    listener.setSoTimeout(60_000);
    listener.bind(
        new InetSocketAddress(
            InetAddress.getLoopbackAddress(),
            ConfigProvider.getConfig().getValue("quarkus.mailer.port", Integer.class)));
    return listener;
  }

  private static void talk(ServerSocket listener, String answer) {
    try (Socket socket = listener.accept();
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        Writer out = new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.US_ASCII)) {
      say(out, "220 mail.example ready");
      String line = in.readLine();
      while (line != null && !line.startsWith("QUIT")) {
        say(out, line.startsWith("RCPT") ? answer : "250 ok");
        line = in.readLine();
      }
      say(out, "221 bye");
    } catch (IOException e) {
      // The client is gone.
    }
  }

  private static void say(Writer out, String line) throws IOException {
    out.write(line + "\r\n");
    out.flush();
  }
}
