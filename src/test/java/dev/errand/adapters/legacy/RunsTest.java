package dev.errand.adapters.legacy;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What clients of the second generation rely on: they wait only while the status is running. */
@Tag("lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RunsTest {
  private static final String RUNS = "/api/runs/~/default/older";

  private final ScriptedModel model = new ScriptedModel();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  @Inject DataSource database;

  @BeforeEach
  void aTask() {
    register("older", "Hello", model);
  }

  @AfterEach
  void stop() {
    released.countDown();
    api().delete(TASKS + "/older?force=true").then().statusCode(204);
    model.close();
  }

  @Test
  void aRunIsRunningAndHasNoResultsUntilItHasEnded() throws Exception {
    model.script(
        request -> {
          asked.countDown();
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return say("Done.");
        });
    trigger("older", "r", Map.of());
    asked.await();
    api()
        .get(RUNS + "/r")
        .then()
        .statusCode(200)
        .body("name", equalTo("r"))
        .body("status", equalTo("running"))
        .body("results", hasSize(0))
        .body("created_at", notNullValue())
        .body("modified_at", notNullValue());
    released.countDown();
    ended("older", "r");

    api()
        .get(RUNS + "/r")
        .then()
        .body("status", equalTo("ready"))
        .body("url", endsWith("/api/runs/admin/default/older/r"))
        .body("results[0].exchange.content", equalTo("Hello"))
        .body("results.last().msg", equalTo("final message"))
        .body("results.last().lastMessage.content", equalTo("Done."));
  }

  @Test
  void aPendingRunIsShownAsRunning() throws SQLException {
    trigger("older", "r", Map.of());
    ended("older", "r");
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "INSERT INTO run (task_id, profile_id, name, parameters, assignment, trigger, available_at,"
              + " eligibility) SELECT task_id, profile_id, 'waiting', '{}', assignment, '{}', now() +"
              + " interval '1 hour', 'later' FROM run WHERE name = 'r' AND task_id = (SELECT id FROM task"
              + " WHERE name = 'older' AND deleted_at IS NULL)");
    }
    api().get(TASKS + "/older/runs/waiting").then().body("status", equalTo("pending"));
    api()
        .get(RUNS + "/waiting")
        .then()
        .body("status", equalTo("running"))
        .body("results", hasSize(0));
    api()
        .get(RUNS)
        .then()
        .body("name", containsInAnyOrder("r", "waiting"))
        .body("results*.size()", equalTo(List.of(0, 2)))
        .body("status", equalTo(List.of("running", "ready")));
  }

  @Test
  void aRunThatFailedEndsWithASentence() {
    model.script(request -> ScriptedModel.error(401, "invalid_api_key", "No."));
    trigger("older", "r", Map.of());
    ended("older", "r");

    api()
        .get(RUNS + "/r")
        .then()
        .body("status", equalTo("error"))
        .body("results.last().error", notNullValue());
  }

  @Test
  void otherUsersDoNotReadTheRuns() {
    OtherUser other = OtherUser.named("observer", database);
    problem(other.api().get("/api/runs/admin/default/older"), 404, "profile_not_found");
    problem(api().get(RUNS + "/none"), 404, "run_not_found");
    problem(api().get("/api/runs/~/default/none"), 404, "task_not_found");
  }
}
