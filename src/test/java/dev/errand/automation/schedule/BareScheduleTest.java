package dev.errand.automation.schedule;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.base.database.Sql;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What shows many schedules reads all of them but their parameters. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class BareScheduleTest {
  @Inject ScheduleRows rows;
  @Inject Sql sql;

  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void tidyUp() {
    api().delete(TASKS + "/bare?force=true");
    model.close();
  }

  @Test
  void aBareScheduleLacksItsParametersAlone() throws ReflectiveOperationException {
    register("bare", "Hello", model);
    api()
        .body(
            Map.of(
                "cron", "0 9 * * *",
                "timezone", "Europe/Berlin",
                "jitter", "PT5M",
                "missed", "last",
                "start", "2030-01-01T00:00:00Z",
                "end", "2040-01-01T00:00:00Z",
                "parameters", Map.of("x", "y")))
        .put(TASKS + "/bare/schedules/s")
        .then()
        .statusCode(201);
    record Ids(UUID task, UUID profile) {}
    Ids ids =
        sql.statement("SELECT id, profile_id FROM task WHERE name = 'bare' AND deleted_at IS NULL")
            .one(row -> new Ids(row.id("id"), row.id("profile_id")));
    Schedule whole = one(() -> rows.of(ids.task(), "", 2));
    assertBare(whole, one(() -> rows.bare(ids.task(), 2)));
    assertBare(
        whole,
        QuarkusTransaction.requiringNew()
            .call(() -> rows.bareOfProfile(ids.profile(), 1000))
            .stream()
            .filter(of -> of.task().equals("bare"))
            .findFirst()
            .orElseThrow()
            .schedule());
    sql.statement("UPDATE schedule SET failures = 1 WHERE task_id = :id")
        .with("id", ids.task())
        .run();
    Schedule troubled =
        QuarkusTransaction.requiringNew().call(() -> rows.troubled(ids.profile(), 1000)).stream()
            .filter(of -> of.task().equals("bare"))
            .findFirst()
            .orElseThrow()
            .schedule();
    assertBare(one(() -> rows.of(ids.task(), "", 2)), troubled);
  }

  private static Schedule one(Callable<List<Schedule>> read) {
    return QuarkusTransaction.requiringNew().call(read).getFirst();
  }

  private static void assertBare(Schedule whole, Schedule bare)
      throws ReflectiveOperationException {
    assertEquals("{}", bare.definition().parameters());
    for (RecordComponent component : Schedule.class.getRecordComponents()) {
      if (!component.getName().equals("definition")) {
        assertEquals(component.getAccessor().invoke(whole), component.getAccessor().invoke(bare));
      }
    }
    for (RecordComponent component : ScheduleDefinition.class.getRecordComponents()) {
      if (!component.getName().equals("parameters")) {
        assertEquals(
            component.getAccessor().invoke(whole.definition()),
            component.getAccessor().invoke(bare.definition()),
            component.getName());
      }
    }
  }
}
