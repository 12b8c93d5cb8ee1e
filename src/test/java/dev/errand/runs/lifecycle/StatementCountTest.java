package dev.errand.runs.lifecycle;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.errand.support.Api;
import dev.errand.support.Chat;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.StatementLog;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many statements a run costs, besides those by which the queue hands it on. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class StatementCountTest {
  @Inject DataSource database;

  @AfterEach
  void stop() {
    StatementLog.stop();
  }

  @Test
  void aStartByATokenReadsOnceToo() {
    String token =
        api()
            .body("{\"name\": \"counted\", \"scopes\": [\"run\"], \"profiles\": [\"~/default\"]}")
            .post("/api/tokens")
            .then()
            .statusCode(201)
            .extract()
            .path("token");
    try (ScriptedModel model = new ScriptedModel()) {
      register("counted-token", "Say it", model).then().statusCode(201);
      StatementLog.start();
      given()
          .urlEncodingEnabled(false)
          .header("Authorization", "Bearer " + token)
          .contentType(ContentType.JSON)
          .put(TASKS + "/counted-token/runs/one")
          .then()
          .statusCode(201);
      List<String> statements =
          StatementLog.ofRequest(TASKS + "/counted-token/runs/one").stream()
              // The bound of the queue counts once a second at most.
              .filter(sql -> !sql.contains("count(*) AS runs"))
              .toList();
      assertEquals(1, statements.size(), () -> String.join("\n;\n", statements));
      assertEquals(List.of(true), having("FROM token", statements));
      assertEquals(List.of(true), having("JOIN task", statements));
    }
  }

  @Test
  void aStartReadsOnceAndEnqueues() {
    try (ScriptedModel model = new ScriptedModel()) {
      register("counted-start", "Say {{ n }}", model).then().statusCode(201);
      StatementLog.start();
      trigger("counted-start", "one", Map.of("n", 1)).then().statusCode(201);
      List<String> statements =
          StatementLog.ofRequest(TASKS + "/counted-start/runs/one").stream()
              // The bound of the queue counts once a second at most.
              .filter(sql -> !sql.contains("count(*) AS runs"))
              .toList();
      assertEquals(1, statements.size(), () -> String.join("\n;\n", statements));
      assertEquals(List.of(true), having("FROM session", statements));
      assertEquals(List.of(true), having("JOIN task", statements));
      assertEquals(
          1, having("INSERT INTO run ", StatementLog.ofAll()).stream().filter(is -> is).count());
    }
  }

  @Test
  void aRunWithoutToolsReadsOnlyItsKey() {
    // The tests' own profile has servlets installed.
    OtherUser user = OtherUser.named("without-tools", database);
    try (ScriptedModel model = new ScriptedModel()) {
      user.api().body(taskOf(model)).put(TASKS + "/counted-run").then().statusCode(201);
      StatementLog.start();
      user.api()
          .put(TASKS + "/counted-run/runs/r-of-one-call?wait=60")
          .then()
          .statusCode(201)
          .body("status", equalTo("ready"));
      List<String> statements = reading("r-of-one-call");
      assertEquals(1, statements.size(), () -> String.join("\n;\n", statements));
    }
  }

  @Test
  void aRunWithToolsReadsThemWithItsKey() {
    try (ScriptedModel model = new ScriptedModel()) {
      register("counted-tools", "Say it", model).then().statusCode(201);
      // The first one of a process also reads what the tools are.
      trigger("counted-tools", "first-with-tools", Map.of()).then().statusCode(201);
      ended("counted-tools", "first-with-tools");
      StatementLog.start();
      trigger("counted-tools", "r-with-tools", Map.of()).then().statusCode(201);
      assertEquals("ready", ended("counted-tools", "r-with-tools").getString("status"));
      assertFalse(model.requests().getLast().body().path("tools").isEmpty());
      List<String> statements = reading("r-with-tools");
      assertEquals(1, statements.size(), () -> String.join("\n;\n", statements));
      assertEquals(List.of(true), having("installation LEFT JOIN servlet", statements));
    }
  }

  @Test
  void aTaskWithAProviderCostsNoStatementMore() {
    String provider = "/api/users/~/providers/counted";
    try (ScriptedModel model = new ScriptedModel()) {
      api()
          .body(
              Map.of(
                  "runner",
                  "openai",
                  "openai",
                  Map.of("model", "gpt-4o", "base_url", model.url()),
                  "settings",
                  Map.of("key", "sk-a-key-for-tests-1234")))
          .put(provider)
          .then()
          .statusCode(201);
      api()
          .body("{\"provider\": \"~/counted\", \"openai\": {\"prompt\": \"Say it\"}}")
          .put(TASKS + "/counted-provider")
          .then()
          .statusCode(201);
      trigger("counted-provider", "first", Map.of()).then().statusCode(201);
      ended("counted-provider", "first");
      StatementLog.start();
      trigger("counted-provider", "r-by-provider", Map.of()).then().statusCode(201);
      List<String> start =
          StatementLog.ofRequest(TASKS + "/counted-provider/runs/r-by-provider").stream()
              // The bound of the queue counts once a second at most.
              .filter(sql -> !sql.contains("count(*) AS runs"))
              .toList();
      assertEquals(1, start.size(), () -> String.join("\n;\n", start));
      assertEquals(List.of(true), having("LEFT JOIN provider", start));
      assertEquals("ready", ended("counted-provider", "r-by-provider").getString("status"));
      List<String> run = reading("r-by-provider");
      assertEquals(1, run.size(), () -> String.join("\n;\n", run));
      assertEquals(List.of(true), having("provider.key_sealed", run));
    } finally {
      StatementLog.stop();
      api().delete(TASKS + "/counted-provider?force=true").then().statusCode(204);
      api().delete(provider).then().statusCode(204);
    }
  }

  @Test
  void theParentsPageReadsItsProfileOnce() {
    String page = "/console/admin/default/tasks/counted-page/runs/r-page";
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request ->
              request.size() == 1
                  ? ScriptedModel.call("c1", "calc_calculate", "{\"expression\":\"1 + 1\"}")
                  : ScriptedModel.say("2"));
      register("counted-page", "Add", model).then().statusCode(201);
      trigger("counted-page", "r-page", Map.of()).then().statusCode(201);
      assertEquals("ready", ended("counted-page", "r-page").getString("status"));
      StatementLog.start();
      given().cookie("sessionId", Api.SESSION).get(page).then().statusCode(200);
      List<String> statements = StatementLog.ofRequest(page);
      List<String> profiles =
          statements.stream()
              .filter(sql -> sql.contains("FROM account JOIN profile"))
              .filter(sql -> !sql.contains("JOIN task"))
              .toList();
      assertEquals(1, profiles.size(), () -> String.join("\n;\n", statements));
      // The session, the profile, the task, the run, its entries, its bounds, four of the search
      // for what it started, and how many calls wait in the profile.
      assertEquals(11, statements.size(), () -> String.join("\n;\n", statements));
    }
  }

  @Test
  void aChatReadsNoOtherTaskThanItRuns() {
    try (ScriptedModel model = new ScriptedModel()) {
      register("counted-chat", "Say it", model).then().statusCode(201);
      register("counted-chat-2", "Say something else", model).then().statusCode(201);
      StatementLog.start();
      Chat.ofTests().call("run_counted-chat", Map.of());
      List<String> statements = StatementLog.ofRequest("/mcp");
      assertEquals(
          List.of(),
          statements.stream().filter(sql -> sql.contains("task.name > ")).toList(),
          () -> String.join("\n;\n", statements));
      assertEquals(
          1,
          having("SELECT name, enabled FROM task", statements).stream().filter(is -> is).count());
    }
  }

  private static Map<String, Object> taskOf(ScriptedModel model) {
    return Map.of(
        "runner",
        "openai",
        "openai",
        Map.of("prompt", "Say it", "model", "gpt-4o", "base_url", model.url()),
        "settings",
        Map.of("key", "sk-a-key-for-tests-1234"));
  }

  /** The statements that read the keys of runs, which those that begin together share. */
  private static List<String> reading(String run) {
    assertEquals(List.of(), StatementLog.ofRun(run), "none of its own");
    return StatementLog.ofAll().stream().filter(sql -> sql.contains("key_sealed")).toList();
  }

  private static List<Boolean> having(String part, List<String> statements) {
    return statements.stream().map(sql -> sql.contains(part)).toList();
  }
}
