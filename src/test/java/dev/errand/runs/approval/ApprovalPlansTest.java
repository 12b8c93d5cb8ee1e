package dev.errand.runs.approval;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What waits in a profile is counted and listed at the same cost, however much was decided. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ApprovalPlansTest {
  private static final String PROFILE = "'00000000-0000-0000-0000-000000000001'";
  private static final int DECIDED = 20_000;
  private static final int OPEN = 300;

  @Inject DataSource database;

  @Test
  void decidedOnesAreNotRead() throws Exception {
    QueryPlans.inEachMode(
        database,
        List.of("task", "run", "approval"),
        ApprovalPlansTest::fill,
        plans -> {
          Map<String, String> values =
              Map.of("profile_id", PROFILE + "::uuid", "most", "100::integer");
          assertEquals("100", plans.answer(ApprovalStore.OPEN_OF_PROFILE, values));
          check(plans.plan(ApprovalStore.OPEN_OF_PROFILE, values), 100);
          check(
              plans.plan(
                  ApprovalStore.listedOpen(ListedApprovals.CUT),
                  Map.of(
                      "profile_id",
                      PROFILE + "::uuid",
                      "before",
                      "1000000::bigint",
                      "tasks",
                      "'{}'::text[]",
                      "run",
                      "NULL::text",
                      "most",
                      "51::integer",
                      "most_bytes",
                      "8388608::bigint")),
              OPEN);
        });
  }

  private static void check(Plan plan, int most) {
    assertTrue(plan.rowsOf("approval") <= most, plan.text());
    assertTrue(plan.removed() <= most, plan.text());
  }

  private static void fill(Statement statement) throws SQLException {
    statement.execute(
        """
        INSERT INTO task (id, profile_id, name, runner, runner_settings, settings)
        VALUES (%1$s, %1$s, 'asking', 'openai', '{}', '{}')"""
            .formatted(PROFILE));
    statement.execute(
        """
        INSERT INTO run (id, task_id, profile_id, name, parameters, assignment, trigger)
        OVERRIDING SYSTEM VALUE
        SELECT i, %1$s, %1$s, 'run-' || i, '{}', '{}', '{}' FROM generate_series(1, 1000) AS i"""
            .formatted(PROFILE));
    statement.execute(
        """
        INSERT INTO approval (id, run_id, profile_id, step, call_id, tool, arguments, may_have_run,
          status, requested_at, expires_at, expiry)
        SELECT gen_random_uuid(), 1 + i %% 1000, %s, 1, 'c' || i, 'post', '{}', false,
          CASE WHEN i <= %d THEN 'open' ELSE 'approved' END, now(), now(), 'reject'
        FROM generate_series(1, %d) AS i"""
            .formatted(PROFILE, OPEN, OPEN + DECIDED));
  }
}
