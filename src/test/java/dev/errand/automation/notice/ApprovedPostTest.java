package dev.errand.automation.notice;

import static dev.errand.automation.notice.MorningPostTest.text;
import static dev.errand.automation.notice.MorningPostTest.tick;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.ScriptedMcp.tool;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
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
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import jakarta.mail.internet.MimeMessage;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Who wants to look before anything is posted follows the guide: an assistant asks to post, one
 * message comes, and one more when little time is left; it is approved, and it posts once. All of
 * it by HTTP, with the clock in the test's hand.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(MorningPostTest.MailAndTime.class)
class ApprovedPostTest {
  private static final String PROFILE = "/api/profiles/~/default";
  private static final String TASK = TASKS + "/morning-post";

  @Inject @DatabaseTime TestTime time;

  private final GreenMail server =
      new GreenMail(
          new ServerSetup(
              ConfigProvider.getConfig().getValue("quarkus.mailer.port", Integer.class),
              "127.0.0.1",
              ServerSetup.PROTOCOL_SMTP));
  private final ScriptedMcp chat =
      new ScriptedMcp().tools(tool("post", "Posts a text"), tool("search", "Finds texts"));
  private final ScriptedModel model = new ScriptedModel();
  private final Guide guide =
      new Guide("guide-approve-before-it-posts.md", PROFILE, TASK)
          .with("https://chat.example/mcp", chat.url())
          .with("https://api.openai.com/v1", model.url())
          .with("YOUR_KEY", "sk-a-key-for-tests-1234")
          .with("YOUR_TOKEN", "token-1");

  @BeforeEach
  void start() {
    time.set("2026-11-23T12:00:00Z");
    server.start();
    model.script(
        request ->
            switch (request.size()) {
              case 1 -> call("a", "chat_search", "{\"text\": \"yesterday\"}");
              case 3 -> call("b", "chat_post", "{\"text\": \"Good morning!\"}");
              default -> say("I have done what I could.");
            });
  }

  @AfterEach
  void tidyUp() {
    api().delete(TASK + "?force=true");
    api().delete(PROFILE + "/notices/approvals");
    api().delete(PROFILE + "/channels/mail");
    api().delete(PROFILE + "/installations/chat");
    server.stop();
    chat.close();
    model.close();
  }

  @Test
  void anAssistantAsksIsRemindedIsApprovedAndPostsOnce() {
    guide.follow("the tool", 201);
    guide.follow("a tool that is there", 200);
    guide.follow("a channel", 201).body("confirmed", equalTo(false));
    given()
        .contentType(ContentType.URLENC)
        .post(Mails.link(mails(1).getFirst(), WithMail.URL))
        .then()
        .statusCode(200);
    guide.follow("a notice", 201).body("state", equalTo("ready"));
    guide.follow("the task", 201);
    guide.follow("its schedule", 201);

    time.set("2026-11-24T07:00:00Z");
    JsonPath asking = waiting("morning@2026-11-24T07:00:00Z");
    String id = asking.getString("waiting_for.approvals[0]");
    assertEquals("2026-11-24T11:00:00.000Z", asking.getString("waiting_for.until"));
    assertEquals(List.of("search"), called(), "a search needs nobody");
    MimeMessage asked = mails(2).getLast();
    assertEquals(guide.shown().getFirst().lines().findFirst().orElseThrow(), Mails.subject(asked));
    assertEquals(
        guide
            .shown()
            .getFirst()
            .replace("https://errand.example", WithMail.URL)
            .replaceFirst("[0-9a-f-]{36}$", id),
        text(asked));

    time.set("2026-11-24T09:59:59Z");
    tick();
    tick();
    assertEquals(2, server.getReceivedMessages().length);
    time.set("2026-11-24T10:00:00Z");
    tick();
    tick();
    assertEquals(guide.shown().get(1), Mails.subject(mails(3).getLast()));

    time.set("2026-11-24T10:30:00Z");
    guide
        .follow("what waits", 200)
        .body("id", equalTo(List.of(id)))
        .body("tool", equalTo(List.of("chat_post")))
        .body("arguments.text", equalTo(List.of("Good morning!")));
    guide
        .with("$APPROVAL", id)
        .follow("the answer", 200)
        .body("status", equalTo("approved"))
        .body("decided_by", equalTo("admin"))
        .body("decided_at", equalTo("2026-11-24T10:30:00.000Z"));
    problem(
        api().body(Map.of("decision", "reject")).post(PROFILE + "/approvals/" + id),
        409,
        "already_decided");
    JsonPath ended = ended("morning@2026-11-24T07:00:00Z");
    assertEquals("ready", ended.getString("status"), ended.prettify());
    assertEquals(
        "admin",
        ended.getString("results.find { it.msg == 'approval decided' }.approval.decided_by"));
    assertEquals(List.of("search", "post"), called());
    assertEquals(
        "Good morning!", chat.requests("tools/call").getLast().arguments().path("text").asText());

    // Nobody looks on the next day.
    time.set("2026-11-25T07:00:00Z");
    waiting("morning@2026-11-25T07:00:00Z");
    time.set("2026-11-25T11:00:00Z");
    JsonPath unread = ended("morning@2026-11-25T07:00:00Z");
    assertEquals("ready", unread.getString("status"), unread.prettify());
    guide.follow("failing where nobody answers", 200);
    time.set("2026-11-26T07:00:00Z");
    waiting("morning@2026-11-26T07:00:00Z");
    time.set("2026-11-26T11:00:00Z");
    assertEquals("approval_expired", ended("morning@2026-11-26T07:00:00Z").getString("error.code"));
    assertEquals(List.of("search", "post", "search", "search"), called());

    guide.follow("what a condition would do", 200);
    guide.follow("a condition", 200);
    assertTrue(guide.isOver());
    time.set("2026-11-27T07:00:00Z");
    assertEquals("ready", ended("morning@2026-11-27T07:00:00Z").getString("status"));
    assertEquals("post", called().getLast());
  }

  private List<String> called() {
    return chat.requests("tools/call").stream()
        .map(request -> request.body().path("params").path("name").asText())
        .toList();
  }

  /** All messages, once there are that many, and no more of them. */
  private List<MimeMessage> mails(int number) {
    Eventually.await(
        number + " messages",
        () -> {
          tick();
          return server.getReceivedMessages().length >= number;
        });
    List<MimeMessage> all = List.of(server.getReceivedMessages());
    assertEquals(number, all.size());
    return all;
  }

  private static JsonPath waiting(String run) {
    return read(run, "waiting_for.kind");
  }

  private static JsonPath ended(String run) {
    return read(run, "finished_at");
  }

  /** A run, once events have brought it so far that it has a field. */
  private static JsonPath read(String run, String field) {
    String address = TASK + "/runs/" + run.replace("@", "%40");
    Eventually.await(
        run + " with " + field,
        () -> {
          tick();
          return api().get(address).path(field) != null;
        });
    return api().get(address).jsonPath();
  }
}
