package dev.errand.automation.schedule;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.QueryPlans;
import dev.errand.support.QueryPlans.Plan;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The lists of a profile's schedules and fires cost the same however many others there are. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SchedulePlansTest {
  private static final int PROFILES = 40;
  private static final int TASKS = 50;
  private static final int SCHEDULES = 10;
  private static final String PROFILE = "md5('profile-7')::uuid";

  @Inject DataSource database;

  @Test
  void listsReadByIndexes() throws Exception {
    QueryPlans.inEachMode(
        database,
        List.of("task", "schedule", "schedule_fire"),
        SchedulePlansTest::fill,
        plans -> {
          Plan list =
              plans.plan(
                  ScheduleRows.OF_PROFILE,
                  Map.of(
                      "profile_id", PROFILE,
                      "task", "'task-25'::text",
                      "after", "'s5'::text",
                      "most", "51::integer"));
          assertFalse(list.has("Seq Scan"), list.text());
          assertTrue(list.rowsOf("schedule") <= TASKS * SCHEDULES, list.text());
          Plan fires =
              plans.plan(
                  FireRows.BETWEEN,
                  Map.of(
                      "schedule_id",
                      IntStream.range(10, 20)
                          .mapToObj(i -> "md5('profile-7/task-" + i + "/s1')::uuid")
                          .collect(Collectors.joining(", ", "array[", "]::uuid[]")),
                      "from",
                      "'2026-01-01T00:00:00Z'::timestamptz",
                      "until",
                      "'2026-01-02T00:00:00Z'::timestamptz"));
          assertFalse(fires.has("Seq Scan"), fires.text());
        });
  }

  private static void fill(Statement statement) throws SQLException {
    statement.execute(
        """
        INSERT INTO task (id, profile_id, name, runner, runner_settings, settings)
        SELECT md5('profile-' || p || '/task-' || t)::uuid, md5('profile-' || p)::uuid, 'task-' || t,
          'openai', '{}', '{}'
        FROM generate_series(1, %d) AS p, generate_series(1, %d) AS t
        """
            .formatted(PROFILES, TASKS));
    statement.execute(
        """
        INSERT INTO schedule (id, task_id, name, cron, timezone, parameters, enabled, missed,
          jitter_seconds, created_at, modified_at)
        SELECT md5('profile-' || p || '/task-' || t || '/s' || s)::uuid,
          md5('profile-' || p || '/task-' || t)::uuid, 's' || s, '@daily', 'UTC', '{}', true, 'none',
          0, now(), now()
        FROM generate_series(1, %d) AS p, generate_series(1, %d) AS t, generate_series(1, %d) AS s
        """
            .formatted(PROFILES, TASKS, SCHEDULES));
    statement.execute(
        """
        INSERT INTO schedule_fire
        SELECT id, n, '2026-01-01T00:00:00Z'::timestamptz + n * interval '1 hour', now(), 'missed',
          '', NULL
        FROM schedule, generate_series(1, 5) AS n
        """);
  }
}
