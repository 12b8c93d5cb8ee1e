package dev.errand.runs.task;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TaskDeletionTest {
  private final ScriptedModel model = new ScriptedModel();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  @Inject DataSource database;

  @AfterEach
  void stop() {
    released.countDown();
    model.close();
  }

  @Test
  void aTaskWithALiveRunIsDeletedByForceAloneAndItsNameIsFreeThen() throws Exception {
    model.script(
        request -> {
          asked.countDown();
          return held();
        });
    register("live", "Hello", model);
    trigger("live", "r", Map.of());
    asked.await();

    problem(api().delete(TASKS + "/live"), 409, "task_has_live_runs");
    api().get(TASKS + "/live/runs/r").then().body("status", equalTo("running"));
    api().delete(TASKS + "/live?force=true").then().statusCode(204);
    problem(api().get(TASKS + "/live"), 404, "task_not_found");
    problem(api().get(TASKS + "/live/runs/r"), 404, "task_not_found");
    problem(api().delete(TASKS + "/live"), 404, "task_not_found");
    assertEquals("error task_deleted run failed", endOf("live", "r"));
    released.countDown();

    problem(register("live", "Anew", model, Map.of()), 400, "key_required");
    model.script(request -> say("New."));
    register("live", "Anew", model).then().statusCode(201);
    api().get(TASKS + "/live/runs").then().body("$", hasSize(0));
    trigger("live", "r", Map.of()).then().statusCode(201);
    assertEquals("New.", ended("live", "r").getString("output"));
    api().delete(TASKS + "/live").then().statusCode(204);
  }

  @Test
  void aDeletedTaskKeepsNoKey() throws SQLException {
    register("forgotten", "Hello", model);
    api().delete(TASKS + "/forgotten").then().statusCode(204);

    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT key_sealed, key_hint FROM task WHERE name = 'forgotten'");
        ResultSet row = select.executeQuery()) {
      assertTrue(row.next());
      assertEquals(null, row.getBytes(1));
      assertEquals(null, row.getString(2));
    }
  }

  @Test
  void aPreviewShowsTheMessagesAndAsksNoModel() {
    api()
        .body(
            Map.of(
                "runner",
                "openai",
                "openai",
                Map.of(
                    "prompt",
                    "Read {{url}}",
                    "system",
                    "You are {{who}}.",
                    "model",
                    "gpt-4o",
                    "base_url",
                    model.url()),
                "settings",
                Map.of("key", "sk-a-key-for-tests-1234")))
        .put(TASKS + "/looked-at");

    api()
        .body("{\"parameters\":{\"url\":\"{{who}}\",\"who\":\"<b>\"}}")
        .post(TASKS + "/looked-at/preview")
        .then()
        .statusCode(200)
        .body("messages[0]", equalTo(Map.of("role", "system", "content", "You are <b>.")))
        .body("messages[1]", equalTo(Map.of("role", "user", "content", "Read {{who}}")))
        .body("messages", hasSize(2))
        .body("tools.name", hasItem("fetch_fetch"))
        .body("tools[0].input_schema.type", equalTo("object"))
        .body("key", equalTo(Map.of("present", true, "opens", true)));
    problem(api().post(TASKS + "/looked-at/preview"), 400, "missing_parameters");
    problem(
        api().body("{\"parameters\":[]}").post(TASKS + "/looked-at/preview"), 400, "invalid_input");
    problem(api().body("{}").post(TASKS + "/none/preview"), 404, "task_not_found");
    assertEquals(0, model.requests().size());
    api().delete(TASKS + "/looked-at").then().statusCode(204);
  }

  private ScriptedModel.Answer held() {
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return say("Too late.");
  }

  private String endOf(String task, String run) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT run.status, error_code, (SELECT entry::json->>'msg' FROM run_entry"
                    + " WHERE run_id = run.id ORDER BY seq DESC LIMIT 1) FROM run JOIN task ON"
                    + " task.id = task_id WHERE task.name = ? AND run.name = ? AND deleted_at IS"
                    + " NOT NULL")) {
      select.setString(1, task);
      select.setString(2, run);
      try (ResultSet row = select.executeQuery()) {
        assertTrue(row.next());
        return row.getString(1) + " " + row.getString(2) + " " + row.getString(3);
      }
    }
  }
}
