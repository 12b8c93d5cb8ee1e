package dev.errand.automation.notice;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedMcp.tool;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.errand.app.telemetry.Observed;
import dev.errand.automation.schedule.TestTime;
import dev.errand.base.database.DatabaseTime;
import dev.errand.support.Api;
import dev.errand.support.Eventually;
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
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Somebody who looks at nothing but his mail: an assistant posts each morning, its token is
 * revoked, three runs fail, one message comes; it is mended, and one more comes. All of it by HTTP,
 * with the clock in the test's hand. The guide tells the same.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(MorningPostTest.MailAndTime.class)
class MorningPostTest {
  private static final String PROFILE = "/api/profiles/~/default";
  private static final String CHAT = PROFILE + "/installations/chat";
  private static final String MAIL = PROFILE + "/channels/mail";
  private static final String NOTICE = PROFILE + "/notices/morning-post";
  private static final String TASK = TASKS + "/morning-post";
  private static final String TO = "morning-post@example.org";

  @Inject @DatabaseTime TestTime time;

  private final GreenMail server =
      new GreenMail(
          new ServerSetup(
              ConfigProvider.getConfig().getValue("quarkus.mailer.port", Integer.class),
              "127.0.0.1",
              ServerSetup.PROTOCOL_SMTP));
  private final ScriptedMcp chat = new ScriptedMcp().tools(tool("post", "Posts a text"));
  private final ScriptedModel model = new ScriptedModel();
  private volatile String token = "token-1";

  /** Mail is sent, and nothing happens but by an event, at the test's time. */
  public static final class MailAndTime implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      Map<String, String> all = new HashMap<>(new WithMail().getConfigOverrides());
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
  void anAssistantThatPostsEachMorning() throws Exception {
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
    api()
        .body(Map.of("name", "chat", "mcp", server("token-1")))
        .post(PROFILE + "/installations")
        .then()
        .statusCode(201);
    Api.register(
            "morning-post",
            "Say good morning.",
            model,
            Map.of(
                "key",
                "sk-a-key-for-tests-1234",
                "expect",
                Map.of("tools", Map.of("chat_post", 1))))
        .then()
        .statusCode(201);
    api()
        .body(Map.of("cron", "0 7 * * *", "timezone", "UTC"))
        .put(TASK + "/schedules/morning")
        .then()
        .statusCode(201);

    api().body(Map.of("kind", "email", "to", TO)).put(MAIL).then().statusCode(201);
    given()
        .contentType(ContentType.URLENC)
        .post(Mails.link(server.getReceivedMessages()[0], WithMail.URL))
        .then()
        .statusCode(200);
    api()
        .body(Map.of("events", List.of("run.errors_in_a_row", "run.recovered"), "channel", "mail"))
        .put(NOTICE)
        .then()
        .statusCode(201)
        .body("state", equalTo("ready"));
    server.purgeEmailFromAllMailboxes();
  }

  @AfterEach
  void tidyUp() {
    api().delete(TASK + "?force=true");
    api().delete(NOTICE);
    api().delete(MAIL);
    api().delete(CHAT);
    server.stop();
    chat.close();
    model.close();
  }

  @Test
  void oneMessageTellsThatItFailsAndOneThatItWorksAgain() throws Exception {
    assertEquals("ready", morning(23).getString("status"));
    assertEquals(1, chat.requests("tools/call").size());

    token = "token-2";
    JsonPath failed = morning(24);
    assertEquals("expectation_failed", failed.getString("error.code"), failed.prettify());
    assertEquals(List.of("tools_failed"), failed.getList("warnings"));
    morning(25);
    assertEquals(List.of(), subjects());
    morning(26);
    assertEquals(List.of("3 runs of the task morning-post failed in a row"), subjects());
    MimeMessage told = server.getReceivedMessages()[0];
    assertEquals(TO, told.getAllRecipients()[0].toString());
    String text = Mails.part(told, "text/plain");
    assertTrue(text.contains("chat_post had 0 of 1 successful calls, and 1 that failed"), text);
    assertTrue(text.contains("See in the run what its tools answered, mend that"), text);
    assertTrue(text.contains("Failures in a row: 3"), text);
    assertTrue(
        text.contains(
            WithMail.URL
                + "/console/admin/default/tasks/morning-post/runs/morning%402026-11-26T07%3A00%3A00Z"),
        text);
    assertFalse(text.contains("token-") || text.toLowerCase(Locale.ROOT).contains("good"), text);

    // It goes on to fail, of which he knows.
    morning(27);
    assertEquals(1, subjects().size());

    api().body(Map.of("mcp", server("token-2"))).patch(CHAT).then().statusCode(200);
    assertEquals("ready", morning(28).getString("status"));
    assertEquals("ready", morning(29).getString("status"));
    assertEquals(
        List.of(
            "3 runs of the task morning-post failed in a row", "The task morning-post works again"),
        subjects());
    text = Mails.part(server.getReceivedMessages()[1], "text/plain");
    assertTrue(text.contains("4 runs in a row had failed before."), text);
    api()
        .get(NOTICE + "/deliveries")
        .then()
        .body("event", equalTo(List.of("run.recovered", "run.errors_in_a_row")))
        .body("state", equalTo(List.of("delivered", "delivered")))
        .body("attempts.status", equalTo(List.of(List.of(250), List.of(250))));
  }

  private Map<String, Object> server(String credential) {
    return Map.of("url", chat.url(), "headers", Map.of("Authorization", "Bearer " + credential));
  }

  /** Seven o'clock of a day in November, and what comes of it. */
  private JsonPath morning(int day) {
    String at = "2026-11-" + day + "T07:00:00Z";
    time.set(Instant.parse(at));
    String run = TASK + "/runs/morning%40" + at;
    Eventually.await(
        "the run of " + at,
        () -> {
          tick();
          return api().get(run).path("finished_at") != null;
        });
    // What an event leaves to another one, such as what the end of its last run is told by.
    tick();
    return api().get(run).jsonPath();
  }

  private static void tick() {
    given()
        .header("Authorization", "Bearer " + Observed.EVENTS_TOKEN)
        .contentType("application/cloudevents+json")
        .body(
            "{\"specversion\": \"1.0\", \"id\": \"e\", \"source\": \"test\", \"type\": \"dev.errand.tick\"}")
        .post("/events")
        .then()
        .statusCode(204);
  }

  private List<String> subjects() {
    return List.of(server.getReceivedMessages()).stream().map(Mails::subject).toList();
  }
}
