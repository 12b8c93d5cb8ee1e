package dev.errand.automation.schedule;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A schedule fires by itself, on the database's clock. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ScheduleLoopTest {

  @Test
  void aScheduleRunsItsTaskWithoutRequests() {
    try (ScriptedModel model = new ScriptedModel()) {
      register("by-itself", "Hello", model).then().statusCode(201);
      api()
          .body(Map.of("every", "PT1S"))
          .put(TASKS + "/by-itself/schedules/often")
          .then()
          .statusCode(201);
      Instant end = Instant.now().plus(Duration.ofMinutes(2));
      List<String> runs = List.of();
      while (runs.size() < 2 && Instant.now().isBefore(end)) {
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        runs = api().get(TASKS + "/by-itself/runs").jsonPath().getList("name");
      }
      assertTrue(runs.size() >= 2, runs.toString());
      api().delete(TASKS + "/by-itself/schedules/often").then().statusCode(204);

      String oldest = runs.getLast();
      assertTrue(oldest.startsWith("often@"), oldest);
      JsonPath run = ended("by-itself", oldest);
      assertEquals("ready", run.getString("status"));
      assertEquals(
          Instant.parse(oldest.substring("often@".length())),
          Instant.parse(run.getString("scheduled_at")));
      assertFalse(Duration.parse(run.getString("late")).isNegative());
      assertFalse(
          Instant.parse(run.getString("created_at"))
              .isBefore(Instant.parse(run.getString("scheduled_at"))),
          "nothing fires before its time");
      api().delete(TASKS + "/by-itself?force=true").then().statusCode(204);
    }
  }
}
