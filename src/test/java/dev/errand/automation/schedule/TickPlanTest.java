package dev.errand.automation.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.support.Api;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What a tick costs the database depends on what is due, not on how much there is. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(OnTestTime.class)
class TickPlanTest {
  private static final int ALL = 100_000;
  private static final int DUE = 1000;
  private static final String EXPLAIN = "EXPLAIN (ANALYZE, TIMING OFF, BUFFERS OFF, SUMMARY OFF) ";

  @Inject DataSource database;
  @Inject Sql sql;

  @Test
  void aTickReadsWhatIsDueByOneIndexScan() throws Exception {
    try (ScriptedModel model = new ScriptedModel()) {
      Api.register("many", "Hello", model).then().statusCode(201);
      ManySchedules.add(database, "many", ALL - DUE, "2026-12-24T13:00:00Z");
      ManySchedules.add(database, "many", DUE, "2026-11-24T13:00:00Z");

      String plan = explain("2026-11-24T13:00:00Z", 1000);
      assertEquals(1, plan.split("Index Scan using schedule_due", -1).length - 1, plan);
      // The tasks are few here, and the planner may read them all for each.
      String ofSchedules =
          plan.replaceAll(" Seq Scan on task .*\\n *Filter: .*\\n *Rows Removed by Filter.*", "");
      assertFalse(ofSchedules.contains("Seq Scan"), plan);
      assertFalse(plan.contains("Sort"), plan);
      assertFalse(ofSchedules.contains("Rows Removed by Filter"), plan);
      assertTrue(plan.contains("rows=1000 "), plan);

      String nothing = explain("2026-11-24T12:59:59Z", 1000);
      assertTrue(nothing.contains("Index Scan using schedule_due"), nothing);
      Api.api().delete(Api.TASKS + "/many?force=true").then().statusCode(204);
    }
  }

  @Test
  void aTickFindsItsRowsByKeys() throws Exception {
    try (ScriptedModel model = new ScriptedModel()) {
      Api.register("written", "Hello", model).then().statusCode(201);
      ManySchedules.add(database, "written", ALL, "2026-11-24T13:00:00Z");
      sql.statement(
              """
              INSERT INTO schedule_fire (schedule_id, number, scheduled_for, decided_at, verdict,
                detail)
              SELECT id, number, now(), now(), 'missed', ''
              FROM (SELECT id FROM schedule LIMIT 20000) AS few, generate_series(1, 2) AS number
              """)
          .run();
      sql.statement("ANALYZE schedule, schedule_fire").run();
      List<UUID> due = sql.statement("SELECT id FROM schedule LIMIT 200").list(row -> row.id("id"));
      List<Instant> times = Collections.nCopies(due.size(), Instant.parse("2026-11-24T14:00:00Z"));
      List<String> none = Collections.nCopies(due.size(), null);

      String stand =
          plan(
              sql.statement(EXPLAIN + ScheduleRows.SAVE_STATE)
                  .with("id", "uuid", due)
                  .with("next_time", "text", times)
                  .with("due_at", "text", times)
                  .with("failures", "integer", Collections.nCopies(due.size(), 0))
                  .with("open_runs", "text", Collections.nCopies(due.size(), ""))
                  .with("paused_at", "text", none)
                  .with("paused_reason", "text", none)
                  .with("fires", "bigint", Collections.nCopies(due.size(), 1L)));
      assertTrue(stand.contains("Index Scan using schedule_pkey"), stand);
      assertFalse(stand.contains("Seq Scan"), stand);

      String forget =
          plan(
              sql.statement(EXPLAIN + FireRows.FORGET)
                  .with("schedule_id", "uuid", due)
                  .with("number", "bigint", Collections.nCopies(due.size(), 1L)));
      assertTrue(forget.contains("schedule_fire_pkey"), forget);
      assertFalse(forget.contains("Seq Scan"), forget);
      Api.api().delete(Api.TASKS + "/written?force=true").then().statusCode(204);
    }
  }

  private static String plan(SqlStatement explain) {
    return String.join("\n", explain.list(row -> row.text("QUERY PLAN")));
  }

  private String explain(String now, int most) {
    sql.statement("ANALYZE schedule").run();
    return plan(
        sql.statement(EXPLAIN + ScheduleRows.DUE)
            .with("now", Instant.parse(now))
            .with("most", most));
  }
}
