package dev.errand.automation.notice;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedMcp.tool;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.errand.app.telemetry.Observed;
import dev.errand.automation.schedule.TestTime;
import dev.errand.base.database.DatabaseTime;
import dev.errand.support.Eventually;
import dev.errand.support.Guide;
import dev.errand.support.Mails;
import dev.errand.support.ScriptedMcp;
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
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Who looks at nothing but his mail follows the guide: an assistant posts each morning, its token
 * is revoked, three runs fail, one message comes; it is mended, and one more comes. All of it by
 * HTTP, with the clock in the test's hand.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(MorningPostTest.MailAndTime.class)
class MorningPostTest {
  private static final String PROFILE = "/api/profiles/~/default";
  private static final String TASK = TASKS + "/morning-post";

  @Inject @DatabaseTime TestTime time;

  private final GreenMail server =
      new GreenMail(
          new ServerSetup(
              ConfigProvider.getConfig().getValue("quarkus.mailer.port", Integer.class),
              "127.0.0.1",
              ServerSetup.PROTOCOL_SMTP));
  private final ScriptedMcp chat = new ScriptedMcp().tools(tool("post", "Posts a text"));
  private final ScriptedModel model = new ScriptedModel();
  private final Guide guide =
      new Guide("guide-know-when-it-fails.md", PROFILE, TASK)
          .with("https://chat.example/mcp", chat.url())
          .with("https://api.openai.com/v1", model.url())
          .with("YOUR_KEY", "sk-a-key-for-tests-1234")
          .with("YOUR_TOKEN", "token-1")
          .with("YOUR_NEW_TOKEN", "token-2");
  private volatile String token = "token-1";

  /** Mail is sent, and nothing happens but by an event, at the test's time. */
  public static final class MailAndTime implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      Map<String, String> all = new HashMap<>(new WithMail().start());
      all.put("errand.worker.mode", "request");
      all.put("errand.events.token", Observed.EVENTS_TOKEN);
      return all;
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
      return Set.of(TestTime.class);
    }
  }

  @BeforeEach
  void start() {
    time.set("2026-11-22T12:00:00Z");
    server.start();
    chat.before(
        request ->
            ("Bearer " + token).equals(request.headers().get("authorization"))
                ? null
                : ScriptedMcp.unauthorized("Bearer error=\"invalid_token\""));
    // A model that is content with whatever comes of its call.
    model.script(
        request ->
            request.size() == 1
                ? call("a", "chat_post", "{\"text\": \"Good morning!\"}")
                : say("I have done what I could."));
  }

  @AfterEach
  void tidyUp() {
    api().delete(TASK + "?force=true");
    api().delete(PROFILE + "/notices/failures");
    api().delete(PROFILE + "/notices/silence");
    api().delete(PROFILE + "/channels/mail");
    api().delete(PROFILE + "/installations/chat");
    server.stop();
    chat.close();
    model.close();
  }

  @Test
  void oneMessageTellsThatItFailsAndOneThatItWorksAgain() {
    guide.follow("the tool", 201);
    guide.follow("the task", 201);
    guide.follow("its schedule", 201);
    guide.follow("what a run must have done", 200);
    guide.follow("a channel", 201).body("confirmed", equalTo(false));
    given()
        .contentType(ContentType.URLENC)
        .post(Mails.link(server.getReceivedMessages()[0], WithMail.URL))
        .then()
        .statusCode(200);
    guide.follow("a test", 200).body("accepted", equalTo(true));
    // The first start with a mail server has made one of this name, without a channel.
    guide.follow("a notice", 200).body("state", equalTo("ready"));
    assertEquals(2, server.getReceivedMessages().length);

    assertEquals("ready", morning(23).getString("status"));
    assertEquals(1, chat.requests("tools/call").size());
    token = "token-2";
    JsonPath failed = morning(24);
    assertEquals("expectation_failed", failed.getString("error.code"), failed.prettify());
    assertEquals(List.of("tools_failed"), failed.getList("warnings"));
    morning(25);
    assertEquals(2, server.getReceivedMessages().length);
    morning(26);
    assertEquals(3, server.getReceivedMessages().length);
    MimeMessage told = server.getReceivedMessages()[2];
    List<String> shown = guide.shown();
    assertEquals(shown.getFirst().lines().findFirst().orElseThrow(), Mails.subject(told));
    assertEquals(withoutTime(shown.getFirst()), withoutTime(text(told)));
    String answered = failed.getString("results.find { it.is_error }.exchange.content");
    assertEquals(
        shown.get(1).replace("chat.example", URI.create(chat.url()).getAuthority()), answered);

    // It goes on to fail, of which he knows.
    morning(27);
    assertEquals(3, server.getReceivedMessages().length);

    guide.follow("a token that is good", 200);
    String byHand = guide.follow("a run by hand", 201).extract().path("name");
    assertEquals("ready", ended(byHand).getString("status"));
    assertEquals("ready", morning(28).getString("status"));
    assertEquals(4, server.getReceivedMessages().length);
    MimeMessage well = server.getReceivedMessages()[3];
    assertTrue(text(well).startsWith(shown.get(2)), text(well));
    api()
        .get(PROFILE + "/notices/failures/deliveries")
        .then()
        .body("event", equalTo(List.of("run.recovered", "run.errors_in_a_row")))
        .body("state", equalTo(List.of("delivered", "delivered")))
        .body("attempts.status", equalTo(List.of(List.of(250), List.of(250))));

    guide.follow("a watch", 200);
    guide.follow("a notice of it", 201);
    assertTrue(guide.isOver());
  }

  static String text(MimeMessage message) {
    return Mails.part(message, "text/plain").replace("\r", "").split("\n-- \n", 2)[0].strip();
  }

  private static String withoutTime(String message) {
    return message.replaceAll("(?m)^(Happened|Since): [0-9-]{10} [0-9:]{5} UTC$", "$1: then");
  }

  /** Seven o'clock of a day in November, and what comes of it. */
  private JsonPath morning(int day) {
    String at = "2026-11-" + day + "T07:00:00Z";
    time.set(at);
    return ended("morning@" + at);
  }

  /** A run, once events have executed it and told of it. */
  private static JsonPath ended(String name) {
    String run = TASK + "/runs/" + name.replace("@", "%40");
    Eventually.await(
        "the end of " + name,
        () -> {
          tick();
          return api().get(run).path("finished_at") != null;
        });
    // What the event of the end has left to another one, if anything.
    tick();
    return api().get(run).jsonPath();
  }

  static void tick() {
    given()
        .header("Authorization", "Bearer " + Observed.EVENTS_TOKEN)
        .contentType("application/cloudevents+json")
        .body(
            "{\"specversion\": \"1.0\", \"id\": \"e\", \"source\": \"test\", \"type\": \"dev.errand.tick\"}")
        .post("/events")
        .then()
        .statusCode(204);
  }
}
