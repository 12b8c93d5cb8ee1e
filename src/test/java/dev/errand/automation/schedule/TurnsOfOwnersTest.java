package dev.errand.automation.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.DatabaseTime;
import dev.errand.base.database.Sql;
import dev.errand.support.Api;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One user's many due schedules do not keep another's few waiting. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(OnTestTime.class)
class TurnsOfOwnersTest {
  @Inject ScheduleFiring firing;
  @Inject Standstills standstills;
  @Inject Sql sql;
  @Inject DataSource database;
  @Inject @DatabaseTime TestTime time;

  private final ScriptedModel model = new ScriptedModel();
  private OtherUser neighbour;

  @BeforeEach
  void aNeighbour() throws Exception {
    ManySchedules.clear(database);
    neighbour = OtherUser.named("neighbour", database);
    // A batch is fired by profile, and this one comes last.
    sql.statement(
            """
            UPDATE profile SET id = '7fffffff-ffff-ffff-ffff-ffffffffffff'
            WHERE account_id = (SELECT id FROM account WHERE username = 'neighbour')
            """)
        .run();
    neighbour.register("few", "Hello", model);
    time.set("2026-11-24T13:00:00Z");
  }

  @AfterEach
  void tidyUp() {
    Api.api().delete(Api.TASKS + "/many?force=true").then().statusCode(204);
    neighbour.api().delete(Api.TASKS + "/few?force=true").then().statusCode(204);
    model.close();
  }

  @Test
  void aBatchIsTakenInTurnsOfOwners() throws Exception {
    Api.register("many", "Hello", model).then().statusCode(201);
    ManySchedules.add(database, "many", 3, "2026-11-23T13:00:00Z");
    ManySchedules.add(database, "many", 6, "2026-11-22T13:00:00Z");
    ManySchedules.add(database, "few", 2, "2026-11-24T13:00:00Z");
    ScheduleTicker process = new ScheduleTicker(firing, standstills, time);

    assertEquals(4, process.fire(4));
    assertEquals(2, fired("few", "2026-11-24"), "the neighbour's, which are due later");
    assertEquals(2, fired("many", "2026-11-22"), "the most overdue of the others");

    assertEquals(7, process.tick());
    assertEquals(9, fired("many", "2026-11-2"));
  }

  @Test
  void aLongBatchEndsAfterTheFirstOfEachOwner() throws Exception {
    Api.register("many", "y".repeat(60_000), model).then().statusCode(201);
    ManySchedules.add(database, "many", 30, "2026-11-24T13:00:00Z");
    ManySchedules.add(database, "few", 3, "2026-11-24T13:00:00Z");
    List<UUID> taken = new ArrayList<>();
    DueTurns turns = firing.turns();
    turns.begin(time.instant(), 33);

    List<UUID> left =
        QuarkusTransaction.requiringNew()
            .call(() -> firing.fire(time.instant(), turns, 33, taken, Duration.ZERO));
    assertEquals(33, taken.size());
    assertEquals(1, fired("few", "2026-11-24"));
    assertEquals(33 - 1 - fired("many", "2026-11-24"), left.size());
    assertTrue(left.size() > 20, "the first part of a million characters was fired");

    // The next one is so short that it ends in time, so that all owners have the same share.
    turns.end(33 - left.size(), left.size());
    turns.begin(time.instant(), 33);
    List<UUID> next =
        QuarkusTransaction.requiringNew()
            .call(() -> firing.fire(time.instant(), turns, 33, taken, Duration.ofMinutes(1)));
    assertEquals(List.of(), next);
    assertEquals(3, fired("few", "2026-11-24"));
    assertTrue(fired("many", "2026-11-24") < 15);

    ScheduleTicker process = new ScheduleTicker(firing, standstills, time);
    assertEquals(30 - fired("many", "2026-11-24"), process.tick());
    assertEquals(30, runs("many"));
    assertEquals(3, runs("few"));
  }

  private long runs(String task) {
    return sql.statement(
            "SELECT count(*) AS runs FROM run JOIN task ON task.id = task_id WHERE task.name = :task"
                + " AND task.deleted_at IS NULL")
        .with("task", task)
        .one(row -> row.number("runs"));
  }

  private long fired(String task, String due) {
    return sql.statement(
            """
            SELECT count(*) AS fired FROM schedule JOIN task ON task.id = task_id
            WHERE task.name = :task AND fires > 0 AND schedule.name LIKE 's' || :due || '%'
            """)
        .with("task", task)
        .with("due", due.replace("-", ""))
        .one(row -> row.number("fired"));
  }
}
