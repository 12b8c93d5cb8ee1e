package dev.errand.automation.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.support.Api;
import dev.errand.support.QueryPlans;
import dev.errand.support.QueryPlans.Plan;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What a tick costs the database depends on what is due, not on how much there is. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(OnTestTime.class)
class TickPlanTest {
  private static final int ALL = 100_000;
  private static final int DUE = 1000;
  private static final int TASKS = 500;
  private static final String EXPLAIN = "EXPLAIN (ANALYZE, TIMING OFF, BUFFERS OFF, SUMMARY OFF) ";

  @Inject DataSource database;
  @Inject Sql sql;

  @Test
  void aTickReadsWhatIsDueByOneIndexScan() throws Exception {
    QueryPlans.inEachMode(
        database,
        List.of("profile", "task", "schedule"),
        TickPlanTest::fill,
        plans -> {
          Plan all = inTurns(plans, "2026-11-24T13:00:00Z");
          assertFalse(all.has("Seq Scan"), all.text());
          assertTrue(all.text().contains("schedule_due"), all.text());
          assertEquals(DUE, all.rowsOf("schedule"), all.text());
          assertEquals(0, all.removed(), all.text());
          assertEquals(TASKS, all.rowsOf("task"), all.text());

          Plan nothing = inTurns(plans, "2026-11-24T12:59:59Z");
          assertFalse(nothing.has("Seq Scan"), nothing.text());
          assertTrue(nothing.blocks() < 10, nothing.text());

          Plan taken =
              plans.plan(
                  ScheduleRows.TAKE,
                  Map.of(
                      "now",
                      "'2026-11-24T13:00:00Z'::timestamptz",
                      "ids",
                      IntStream.rangeClosed(1, 200)
                          .mapToObj(n -> "md5('due" + n + "')::uuid")
                          .collect(Collectors.joining(", ", "array[", "]::uuid[]"))));
          assertTrue(taken.text().contains("schedule_pkey"), taken.text());
          assertFalse(taken.has("Seq Scan"), taken.text());
          assertEquals(200, taken.rowsOf("schedule"), taken.text());
        });
  }

  private static Plan inTurns(QueryPlans plans, String now) throws Exception {
    return plans.planAfter(
        ScheduleRows.BY_INDEX,
        ScheduleRows.IN_TURNS,
        Map.of("now", "'" + now + "'::timestamptz", "most", DueTurns.MOST + "::integer"));
  }

  private static void fill(Statement statement) throws SQLException {
    statement.execute(
        """
        INSERT INTO profile (id, account_id, name)
        SELECT md5('p' || p)::uuid, md5('a' || p)::uuid, 'default'
        FROM generate_series(1, %d) AS p
        """
            .formatted(TASKS));
    statement.execute(
        """
        INSERT INTO task (id, profile_id, name, runner, runner_settings, settings)
        SELECT md5('t' || t)::uuid, md5('p' || t)::uuid, 'task', 'openai', '{}', '{}'
        FROM generate_series(1, %d) AS t
        """
            .formatted(TASKS));
    statement.execute(
        """
        INSERT INTO schedule (id, task_id, name, cron, timezone, parameters, enabled, missed,
          jitter_seconds, next_time, due_at, created_at, modified_at)
        SELECT md5(CASE WHEN n > %1$d THEN 'later' ELSE 'due' END || n)::uuid,
          md5('t' || n %% %2$d + 1)::uuid, 's' || n, '@daily', 'UTC', '{}', true, 'none', 0, at, at,
          now(), now()
        FROM generate_series(1, %3$d) AS n
        CROSS JOIN LATERAL (SELECT CASE WHEN n > %1$d THEN '2026-12-24T13:00:00Z'
          ELSE '2026-11-24T13:00:00Z' END::timestamptz AS at) AS times
        """
            .formatted(DUE, TASKS, ALL));
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
}
