package dev.errand.automation.callback;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedMcp.tool;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.delivery.Receiver;
import dev.errand.automation.notice.ChannelRows;
import dev.errand.base.database.Sql;
import dev.errand.support.Api;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedIssuer;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import dev.errand.tools.install.RemoteHousekeeping;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is told of the credentials of remote servers that end, and what becomes of runs. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class CredentialCallbackTest {
  private static final String INSTALLATIONS = "/api/profiles/~/default/installations";
  private static final String REMOTE = INSTALLATIONS + "/remote";

  @Inject Sql sql;
  @Inject RemoteHousekeeping job;
  @Inject ChannelRows channels;

  private final ScriptedIssuer issuer = new ScriptedIssuer();
  private final ScriptedMcp server = new ScriptedMcp().tools(tool("a", "First")).guarded(issuer);
  private final ScriptedModel model = new ScriptedModel();
  private final Receiver receiver = new Receiver();

  @BeforeEach
  void register() {
    model.script(request -> say("Done."));
    List<String> events = List.of("credential.expiring", "credential.failing");
    Api.register(
            "told",
            "Hello",
            model,
            Map.of(
                "key",
                "sk-a-key-for-tests-1234",
                "callbacks",
                List.of(Map.of("url", receiver.url("/"), "events", events))))
        .then()
        .statusCode(201)
        .body("settings.callbacks[0].events", equalTo(events));
  }

  @AfterEach
  void tidyUp() {
    api().delete(REMOTE);
    api().delete(TASKS + "/told?force=true");
    receiver.close();
    model.close();
    server.close();
    issuer.close();
  }

  @Test
  void aRevokedCredentialIsReportedOnceAndEndsRunsAtOnce() throws Exception {
    issuer.tokens(1, true);
    connect();
    trigger("told", "before", Map.of());
    assertEquals("ready", ended("told", "before").getString("status"));
    int asked = model.requests().size();
    issuer.revoke();
    sql.statement("UPDATE mcp_credential SET refresh_at = now() - interval '1 second'").run();
    job.renew(Duration.ofSeconds(10));

    JsonPath event = new JsonPath(receiver.await(1).getFirst().body());
    assertEquals("credential.failing", event.getString("type"));
    assertEquals("admin/default", event.getString("data.profile"));
    assertEquals("told", event.getString("data.task"));
    assertEquals("remote", event.getString("data.installation"));
    assertEquals("failing", event.getString("data.status"));
    assertTrue(event.getString("data.reason").contains("It was withdrawn."), event.prettify());
    assertTrue(
        event
            .getString("data.url")
            .matches("http://.*/api/profiles/admin/default/installations/remote/connect"),
        event.prettify());
    api()
        .get(TASKS + "/told/callbacks")
        .then()
        .statusCode(200)
        .body("[0].events.size()", equalTo(2));
    String id = api().get(TASKS + "/told/callbacks").path("[0].id");
    Eventually.await(
        "the delivery", () -> "delivered".equals(api().get(deliveries(id)).path("[0].state")));
    api()
        .get(deliveries(id))
        .then()
        .body("[0].event", equalTo("credential.failing"))
        .body("[0].installation", equalTo("remote"))
        .body("[0].run", nullValue());

    // Until its end, a token is used.
    Eventually.await(
        "the end of the token",
        () ->
            Instant.parse(api().get(REMOTE).path("mcp.credential.expires_at"))
                .isBefore(Instant.now()));
    trigger("told", "after", Map.of());
    JsonPath run = ended("told", "after");
    assertEquals("credential_expired", run.getString("error.code"));
    assertTrue(
        run.getString("error.message")
            .contains("/api/profiles/admin/default/installations/remote/connect"),
        run.prettify());
    assertEquals(asked, model.requests().size(), "no model was paid");
    job.renew(Duration.ofSeconds(10));
    assertEquals(1, receiver.calls().size());

    issuer.tokens(3600, true);
    back();
    api().post(TASKS + "/told/runs/after/retry").then().statusCode(202);
    Eventually.await(
        "the run", () -> "ready".equals(api().get(TASKS + "/told/runs/after").path("status")));
  }

  @Test
  void aRevokedCredentialIsToldToChannelsToo() throws Exception {
    String notice = "/api/profiles/~/default/notices/connections";
    channels.add("default", "team", receiver.url("/team"));
    try {
      api()
          .body(Map.of("events", List.of("credential.failing"), "channel", "team"))
          .put(notice)
          .then()
          .statusCode(201);
      issuer.tokens(1, true);
      connect();
      issuer.revoke();
      sql.statement("UPDATE mcp_credential SET refresh_at = now() - interval '1 second'").run();
      job.renew(Duration.ofSeconds(10));
      Eventually.await(
          "its delivery",
          () -> "delivered".equals(api().get(notice + "/deliveries").path("[0].state")));
      api()
          .get(notice + "/deliveries")
          .then()
          .body("size()", equalTo(1))
          .body("[0].event", equalTo("credential.failing"))
          .body("[0].run", nullValue())
          .body("[0].title", equalTo("The connection of remote no longer works"));
    } finally {
      api().delete(notice);
      channels.remove();
    }
  }

  @Test
  void aCredentialThatCanNotBeRenewedIsReportedBeforeItExpires() throws Exception {
    issuer.tokens(3600, false);
    connect();
    job.renew(Duration.ofSeconds(10));
    assertEquals(0, receiver.calls().size(), "there is time");
    sql.statement(
            "UPDATE mcp_credential SET expires_at = now() + interval '10 minutes', connected_at = now() - interval '50 minutes'")
        .run();
    job.renew(Duration.ofSeconds(10));
    JsonPath event = new JsonPath(receiver.await(1).getFirst().body());
    assertEquals("credential.expiring", event.getString("type"));
    assertTrue(event.getString("data.expires_at").endsWith("Z"), event.prettify());
    assertTrue(event.getMap("data").get("reason") == null);
    trigger("told", "still", Map.of());
    assertEquals("ready", ended("told", "still").getString("status"));
    sql.statement("UPDATE mcp_credential SET expires_at = now() - interval '1 minute'").run();
    job.renew(Duration.ofSeconds(10));
    assertEquals(
        "credential.failing", new JsonPath(receiver.await(2).getLast().body()).getString("type"));
  }

  @Test
  void aKeyThatACallRefusesIsReportedOnceUntilACallTakesIt() throws Exception {
    // It lists its tools for everybody.
    server.before(CredentialCallbackTest::refusedCall);
    String fields =
        "{\"name\": \"remote\", \"mcp\": {\"url\": \"%s\", \"headers\": {\"Authorization\": \"Bearer %s\"}}}";
    api().body(fields.formatted(server.url(), "old")).post(INSTALLATIONS).then().statusCode(201);
    assertEquals("ok", api().get(REMOTE).path("mcp.credential.state"));
    for (int i = 0; i < 2; i++) {
      api().body("{}").post(REMOTE + "/tools/a").then().body("isError", equalTo(true));
      api()
          .get(REMOTE)
          .then()
          .body("mcp.credential.state", equalTo("failing"))
          .body("mcp.failure", containsString("401"));
      api().post(REMOTE + "/refresh").then().statusCode(200);
    }
    assertEquals("failing", api().get(REMOTE).path("mcp.credential.state"));

    JsonPath event = new JsonPath(receiver.await(1).getFirst().body());
    assertEquals("credential.failing", event.getString("type"));
    assertTrue(event.getString("data.reason").contains("401"), event.prettify());
    String page = event.getString("data.url");
    assertTrue(page.endsWith("/console/admin/default/tools/remote"), page);
    api().get(page).then().statusCode(200);

    api().body(fields.formatted(server.url(), "new")).patch(REMOTE).then().statusCode(200);
    assertEquals("ok", api().get(REMOTE).path("mcp.credential.state"));
    api().body("{}").post(REMOTE + "/tools/a").then().body("isError", equalTo(true));
    server.before(request -> null);
    assertEquals("failing", api().get(REMOTE).path("mcp.credential.state"));
    api().body("{}").post(REMOTE + "/tools/a").then().body("isError", equalTo(false));
    assertEquals("ok", api().get(REMOTE).path("mcp.credential.state"));
    assertEquals(2, receiver.await(2).size());
  }

  @Test
  void aKeyThatIsTakenNowAndThenIsReportedOnce() {
    server.before(request -> null);
    api()
        .body(
            "{\"name\": \"remote\", \"mcp\": {\"url\": \"%s\", \"headers\": {\"Authorization\": \"Bearer old\"}}}"
                .formatted(server.url()))
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
    for (int i = 0; i < 3; i++) {
      server.before(CredentialCallbackTest::refusedCall);
      api().body("{}").post(REMOTE + "/tools/a").then().body("isError", equalTo(true));
      server.before(request -> null);
      api().body("{}").post(REMOTE + "/tools/a").then().body("isError", equalTo(false));
    }
    // Nor is it taken because the server fails for another reason.
    server.before(request -> ScriptedMcp.unauthorized("Bearer"));
    api().post(REMOTE + "/refresh").then().statusCode(200);
    server.before(request -> ScriptedMcp.error(503, -32000, "Too busy"));
    api().post(REMOTE + "/refresh").then().statusCode(200);
    assertEquals("failing", api().get(REMOTE).path("mcp.credential.state"));
    assertEquals(1, told());

    sql.statement("UPDATE mcp_server SET refusal_told_at = refusal_told_at - interval '2 hours'")
        .run();
    server.before(request -> null);
    api().post(REMOTE + "/refresh").then().statusCode(200);
    assertEquals("ok", api().get(REMOTE).path("mcp.credential.state"));
    server.before(CredentialCallbackTest::refusedCall);
    api().body("{}").post(REMOTE + "/tools/a").then().body("isError", equalTo(true));
    assertEquals(2, told());

    // Refused for good within the hour: told after it, by the next check.
    server.before(request -> null);
    api().body("{}").post(REMOTE + "/tools/a").then().body("isError", equalTo(false));
    server.before(request -> ScriptedMcp.unauthorized("Bearer"));
    api().post(REMOTE + "/refresh").then().statusCode(200);
    assertEquals(2, told());
    sql.statement("UPDATE mcp_server SET refusal_told_at = refusal_told_at - interval '2 hours'")
        .run();
    api().post(REMOTE + "/refresh").then().statusCode(200);
    api().post(REMOTE + "/refresh").then().statusCode(200);
    assertEquals(3, told());
  }

  private int told() {
    return sql.statement(
            """
            SELECT count(*) AS told FROM callback_delivery
              JOIN task_callback ON task_callback.id = callback_id JOIN task ON task.id = task_id
            WHERE event = 'credential.failing' AND task.deleted_at IS NULL
            """)
        .one(row -> row.integer("told"));
  }

  @Test
  void aPassingFailureEndsNoRun() {
    connect();
    issuer.before(form -> new ScriptedIssuer.Answer(503, "{}"));
    issuer.expire();
    trigger("told", "r", Map.of());
    assertEquals("ready", ended("told", "r").getString("status"));
  }

  @Test
  void aServerThatNobodyHasConnectedYetIsNotNeeded() {
    install();
    trigger("told", "r", Map.of());
    assertEquals("ready", ended("told", "r").getString("status"));
  }

  private static ScriptedMcp.@Nullable Answer refusedCall(ScriptedMcp.Request request) {
    return request.method().equals("tools/call") ? ScriptedMcp.unauthorized("Bearer") : null;
  }

  private void install() {
    api()
        .body(
            "{\"name\": \"remote\", \"mcp\": {\"url\": \"%s\", \"auth\": \"oauth\"}}"
                .formatted(server.url()))
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
  }

  private void connect() {
    install();
    back();
  }

  private void back() {
    String address = issuer.confirm(api(), REMOTE + "/connect").then().extract().header("Location");
    api()
        .queryParams(issuer.agree(address))
        .get(ScriptedIssuer.back(address))
        .then()
        .statusCode(200)
        .body(containsString("Connected"));
  }

  private static String deliveries(String callback) {
    return TASKS + "/told/callbacks/" + callback + "/deliveries";
  }
}
