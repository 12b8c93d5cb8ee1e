package dev.errand.runs.approval;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.support.Api;
import dev.errand.support.ApiToken;
import dev.errand.support.Eventually;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs whose tools' installation says which calls wait for a person. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class InstalledApprovalTest {
  private static final String TASK = TASKS + "/asking";
  private static final String INSTALLED = "/api/profiles/~/default/installations";
  private static final String APPROVALS = "/api/profiles/~/default/approvals";
  private static final String SUM = "{\"expression\":\"1+1\"}";

  @Inject DataSource database;
  @Inject Sql sql;

  private final ScriptedModel model = new ScriptedModel();
  private OtherUser user;

  @BeforeEach
  void install() {
    user = OtherUser.named("careful", database);
    user.api()
        .body(
            Map.of(
                "name",
                "sums",
                "servlet_slug",
                "errand/calc",
                "approvals",
                Map.of("calculate", "always")))
        .post(INSTALLED)
        .then()
        .statusCode(201);
  }

  @AfterEach
  void remove() {
    user.api().delete(TASK + "?force=true");
    user.api().delete(INSTALLED + "/sums");
    model.close();
  }

  private void aTask(Map<String, Object> approvals) {
    user.api()
        .body(
            Api.task(
                "Hello",
                model.url(),
                Map.of("key", "sk-a-key-for-tests-1234", "approvals", approvals)))
        .put(TASK)
        .then()
        .statusCode(201);
    model.script(
        request -> request.size() == 1 ? call("c", "sums_calculate", SUM) : say("It is done."));
  }

  private JsonPath read() {
    return user.api().get(TASK + "/runs/r").jsonPath();
  }

  private String start() {
    user.api().body(Map.of()).put(TASK + "/runs/r").then().statusCode(201);
    return waiting();
  }

  private String waiting() {
    Eventually.await(
        "a run that waits",
        Duration.ofSeconds(30),
        () -> read().getString("waiting_for.kind") != null);
    return read().getString("waiting_for.approvals[0]");
  }

  private JsonPath ended() {
    Eventually.await(
        "a run that ended",
        Duration.ofSeconds(30),
        () -> !read().getString("status").matches("pending|running"));
    return read();
  }

  @Test
  void theRulesOfTheInstallationHoldForATaskThatHasNone() {
    aTask(Map.of("sums_calculate", "never"));
    String id = start();
    user.api().body(Map.of("decision", "approve")).post(APPROVALS + "/" + id);
    JsonPath run = ended();
    assertEquals("ready", run.getString("status"), run.prettify());
    assertTrue(run.getList("results.exchange.content").contains("2"), run.prettify());
  }

  @Test
  void aRunGoesOnWhoseToolIsUninstalledWhileItWaits() {
    aTask(Map.of());
    String id = start();
    user.api().delete(INSTALLED + "/sums").then().statusCode(204);
    JsonPath run = ended();
    assertEquals("ready", run.getString("status"), run.prettify());
    assertTrue(
        run.getList("results.exchange.content")
            .contains(
                "The tool sums_calculate was removed or switched off after this run began: go on"
                    + " without it."),
        run.prettify());
    assertEquals("cancelled", user.api().get(APPROVALS + "/" + id).jsonPath().getString("status"));
  }

  @Test
  void anApprovedCallIsNotMadeOnceItsToolIsGone() {
    aTask(Map.of());
    String id = start();
    user.api()
        .body(Map.of("disabled_tools", new String[] {"calculate"}))
        .patch(INSTALLED + "/sums")
        .then()
        .statusCode(200);
    // Whether it comes before the run has looked again, or after it has ended.
    user.api().body(Map.of("decision", "approve")).post(APPROVALS + "/" + id);
    JsonPath run = ended();
    assertTrue(
        run.getList("results.is_error").contains(true)
            && !run.getList("results.exchange.content").contains("2"),
        run.prettify());
  }

  @Test
  void anApprovedCallIsMadeUnderTheNewNameOfItsInstallation() {
    aTask(Map.of());
    String id = start();
    rename("sums", "numbers");
    assertEquals("open", user.api().get(APPROVALS + "/" + id).jsonPath().getString("status"));
    user.api().body(Map.of("decision", "approve")).post(APPROVALS + "/" + id);
    JsonPath run = ended();
    assertTrue(run.getList("results.exchange.content").contains("2"), run.prettify());
    rename("numbers", "sums");
  }

  @Test
  void aTaskWhoseRulesNameNoToolSaysSo() {
    aTask(Map.of("sums_calculate", "always", "sums_add", "always", "*", "never"));
    JsonPath task = user.api().get(TASK).jsonPath();
    assertEquals("approvals_unknown", task.getString("warnings[0].code"));
    assertTrue(
        task.getString("warnings[0].message").contains("rules for [sums_add]"), task.prettify());
    assertNull(user.api().get(TASKS).jsonPath().get("[0].warnings"));
    JsonPath patched =
        user.api()
            .body(Map.of("settings", Map.of("approvals", Map.of("sums_calculate", "always"))))
            .patch(TASK)
            .jsonPath();
    assertNull(patched.get("warnings"), patched.prettify());
  }

  @Test
  void aTokenThatMayOnlyWriteRegistersATaskWithRules() {
    ApiToken token = ApiToken.make(user.api(), List.of("write"), Map.of());
    token
        .api()
        .body(
            Api.task(
                "Hello",
                model.url(),
                Map.of("key", "sk-1", "approvals", Map.of("sums_add", "always"))))
        .put(TASK)
        .then()
        .statusCode(201)
        .body("warnings[0].code", equalTo("approvals_unknown"));
    token.api().body(Map.of("enabled", true)).patch(TASK).then().statusCode(200);
  }

  @Test
  void anInstallationIsNotRenamedAwayFromTheRulesOfATask() {
    aTask(Map.of("sums_calculate", "always"));
    Response refused = user.api().body(Map.of("name", "numbers")).patch(INSTALLED + "/sums");
    assertEquals(400, refused.statusCode());
    assertEquals("name", refused.jsonPath().getString("errors[0].field"), refused.asString());
    assertTrue(refused.asString().contains("of asking has rules"), refused.asString());
    user.api()
        .body(
            Map.of(
                "settings",
                Map.of(
                    "approvals",
                    Map.of("sums_calculate", "always", "numbers_calculate", "always"))))
        .patch(TASK)
        .then()
        .statusCode(200);
    rename("sums", "numbers");
    user.api()
        .body(Map.of("settings", Map.of("approvals", Map.of("*", "always"))))
        .patch(TASK)
        .then()
        .statusCode(200);
    rename("numbers", "sums");
  }

  private void rename(String from, String to) {
    user.api().body(Map.of("name", to)).patch(INSTALLED + "/" + from).then().statusCode(200);
  }

  /** Installs a server all of whose calls wait, and starts a run that waits for one. */
  private String askedAboutACallOf(ScriptedMcp server) {
    server.tools(ScriptedMcp.tool("post", ""));
    user.api()
        .body(
            Map.of(
                "name",
                "ctl",
                "mcp",
                Map.of("url", server.url()),
                "approvals",
                Map.of("*", "always")))
        .post(INSTALLED)
        .then()
        .statusCode(201);
    aTask(Map.of());
    model.script(request -> request.size() == 1 ? call("c", "ctl_post", "{}") : say("Done."));
    return start();
  }

  private String askedInPlaceOf(String id) {
    Eventually.await(
        "another question",
        Duration.ofSeconds(30),
        () ->
            read().getString("waiting_for.kind") != null
                && !id.equals(read().getString("waiting_for.approvals[0]")));
    return read().getString("waiting_for.approvals[0]");
  }

  @Test
  void aCallIsAskedAboutAnewOnceItsServerHasAnotherAddress() {
    ScriptedMcp first = new ScriptedMcp();
    ScriptedMcp second = new ScriptedMcp();
    try (first;
        second) {
      second.tools(ScriptedMcp.tool("post", ""));
      String id = askedAboutACallOf(first);
      assertEquals(
          first.url(), user.api().get(APPROVALS + "/" + id).jsonPath().getString("server"));
      user.api()
          .body(Map.of("mcp", Map.of("url", second.url())))
          .patch(INSTALLED + "/ctl")
          .then()
          .statusCode(200);
      String anew = askedInPlaceOf(id);
      assertEquals(
          "cancelled", user.api().get(APPROVALS + "/" + id).jsonPath().getString("status"));
      assertEquals(
          409,
          user.api().body(Map.of("decision", "approve")).post(APPROVALS + "/" + id).statusCode());
      JsonPath asked = user.api().get(APPROVALS + "/" + anew).jsonPath();
      assertEquals(second.url(), asked.getString("server"));
      assertEquals("The installation: \"*\": \"always\"", asked.getString("rule"));
      user.api().body(Map.of("decision", "approve")).post(APPROVALS + "/" + anew);
      assertEquals("ready", ended().getString("status"));
      assertEquals(0, first.requests("tools/call").size());
      assertEquals(1, second.requests("tools/call").size());
    } finally {
      user.api().delete(INSTALLED + "/ctl");
    }
  }

  @Test
  void whoWasAskedAboutAnotherAddressIsAskedAnewAlsoWithoutARule() {
    ScriptedMcp first = new ScriptedMcp();
    ScriptedMcp second = new ScriptedMcp();
    try (first;
        second) {
      second.tools(ScriptedMcp.tool("post", ""));
      String id = askedAboutACallOf(first);
      // As after a crash in the middle of it.
      sql.statement("UPDATE approval SET may_have_run = true WHERE id = :id::uuid")
          .with("id", id)
          .run();
      user.api()
          .body(Map.of("mcp", Map.of("url", second.url()), "approvals", Map.of("*", "never")))
          .patch(INSTALLED + "/ctl")
          .then()
          .statusCode(200);
      String anew = askedInPlaceOf(id);
      JsonPath asked = user.api().get(APPROVALS + "/" + anew).jsonPath();
      assertEquals(second.url(), asked.getString("server"));
      assertTrue(asked.getBoolean("may_have_run"));
      user.api()
          .body(Map.of("decision", "edit", "arguments", Map.of("text", "ninety")))
          .post(APPROVALS + "/" + anew)
          .then()
          .statusCode(200);
      assertEquals("ready", ended().getString("status"));
      assertEquals(0, first.requests("tools/call").size());
      assertEquals(
          "ninety",
          second.requests("tools/call").getFirst().body().at("/params/arguments/text").asText());
    } finally {
      user.api().delete(INSTALLED + "/ctl");
    }
  }

  @Test
  void rulesThatBecomeStricterHoldForRunsThatBeganBefore() {
    user.api()
        .body(Map.of("approvals", Map.of("calculate", "never")))
        .patch(INSTALLED + "/sums")
        .then()
        .statusCode(200);
    aTask(Map.of());
    // While the model thinks, after the worker has read the rules.
    model.script(
        request -> {
          if (request.size() > 1) {
            return say("It is done.");
          }
          sql.statement(
                  "UPDATE installation SET approvals = '{\"*\":\"always\"}' WHERE name = 'sums'")
              .run();
          return call("c", "sums_calculate", SUM);
        });
    String id = start();
    user.api().body(Map.of("decision", "reject")).post(APPROVALS + "/" + id);
    assertEquals("ready", ended().getString("status"));
  }
}
