package dev.errand.runs.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
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

/** A list of a profile's runs goes through as many as it may, however many there are. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SearchPlansTest {
  private static final int RUNS = 60_000;
  private static final int WALKED = 250;
  private static final String LARGE = "00000000-0000-0000-0000-000000000001";
  private static final String SMALL = "00000000-0000-0000-0000-000000000002";

  @Inject DataSource database;

  @Test
  void aWalkReadsAPartOfAnIndex() throws Exception {
    QueryPlans.inEachMode(
        database,
        List.of("run", "task"),
        SearchPlansTest::fill,
        plans -> {
          for (String profile : List.of(LARGE, SMALL)) {
            check(plans, RunSearch.OF_PROFILE, profile, WALKED);
            check(plans, RunSearch.OF_PROFILE_LIVE, profile, WALKED);
            // Its statuses each have a part of their own.
            check(plans, RunSearch.OF_TASK, profile, 4 * WALKED);
            checkNewest(plans, profile);
            checkTroubled(plans, profile);
            checkTexts(plans, profile);
          }
          checkFirstSince(plans);
        });
  }

  /** A profile with nearly all runs, and one with a few; a second lies between two of them. */
  private static void fill(Statement statement) throws SQLException {
    statement.execute(
        """
        INSERT INTO task (id, profile_id, name, runner, runner_settings, settings)
        SELECT id::uuid, id::uuid, 'task', 'openai', '{}', '{}' FROM unnest(ARRAY['%s', '%s']) AS id"""
            .formatted(LARGE, SMALL));
    statement.execute(
        """
        INSERT INTO run (task_id, profile_id, name, status, parameters, assignment, trigger, attempt,
          created_at, started_at, finished_at)
        SELECT owner::uuid, owner::uuid, 'run-' || i, 'ready', '{}', '{}', '{"kind": "api"}', 1,
          '2026-01-01T00:00:00Z'::timestamptz + i * interval '1 second', now(), now()
        FROM (SELECT i, CASE WHEN i %% 1000 = 0 THEN '%2$s' ELSE '%1$s' END AS owner
          FROM generate_series(1, %3$d) AS i) AS each"""
            .formatted(LARGE, SMALL, RUNS));
    statement.execute(
        """
        INSERT INTO run (task_id, profile_id, name, parameters, assignment, trigger)
        SELECT '%1$s', '%1$s', 'new-' || i, '{}', '{}', '{}' FROM generate_series(1, 3) AS i"""
            .formatted(LARGE));
  }

  private static void check(QueryPlans plans, String source, String owner, int most)
      throws Exception {
    Plan plan =
        plans.plan(
            source.formatted(WALKED),
            Map.of(
                "profile_id", "'" + owner + "'::uuid",
                "task_id", "'" + owner + "'::uuid",
                "statuses", "'{pending,running,ready,error}'::text[]",
                "after", "-9223372036854775807::bigint",
                "until", "0::bigint"));
    assertFalse(plan.has("Seq Scan"), plan.text());
    assertEquals(0, plan.removed(), plan.text());
    for (JsonNode node : plan.nodes()) {
      assertTrue(Plan.rows(node) <= most, plan.text());
    }
  }

  private static void checkNewest(QueryPlans plans, String owner) throws Exception {
    Plan plan =
        plans.plan(
            PastToolCalls.RUNS,
            Map.of(
                "profile_id",
                "'" + owner + "'::uuid",
                "after",
                "-9223372036854775807::bigint",
                "until",
                "0::bigint",
                "since",
                "'2026-01-01T00:00:00Z'::timestamptz"));
    // Each once by the order of the profile, and once by its key.
    int most = owner.equals(LARGE) ? PastToolCalls.MOST_RUNS : RUNS / 1000;
    assertEquals(2L * most, plan.rowsOf("run"), plan.text());
  }

  private static void checkTroubled(QueryPlans plans, String owner) throws Exception {
    Plan plan =
        plans.plan(
            // The copies of the tables come first, and functions have no copy.
            TroubledTasks.FOUND.replace("failures_in_a_row", "public.failures_in_a_row"),
            Map.of(
                "profile_id",
                "'" + owner + "'::uuid",
                "tasks",
                "'{}'::text[]",
                "minor",
                "'{}'::text[]",
                "since",
                "'2026-01-01T00:00:00Z'::timestamptz",
                "most",
                "6::bigint"));
    // The last run of each of two statuses, and the newer one by its key.
    assertTrue(plan.rowsOf("run") <= 3, plan.text());

    Plan later =
        plans.plan(
            TroubledTasks.TRIED_LATER,
            Map.of(
                "profile_id",
                "'" + owner + "'::uuid",
                "tasks",
                "'{}'::text[]",
                "most",
                "6::bigint"));
    assertEquals(0, later.rowsOf("run"), later.text());
  }

  private static void checkTexts(QueryPlans plans, String owner) throws Exception {
    String text = "'none'::text";
    Plan plan =
        plans.plan(
            RunSearch.found(RunSearch.OF_PROFILE, WALKED, 51, ListedRuns.BRIEF, true),
            Map.ofEntries(
                Map.entry("profile_id", "'" + owner + "'::uuid"),
                Map.entry("after", "-9223372036854775807::bigint"),
                Map.entry("until", "0::bigint"),
                Map.entry("statuses", "'{pending,running,ready,error}'::text[]"),
                Map.entry("tasks", "'{}'::text[]"),
                Map.entry("code", "NULL::text"),
                Map.entry("warning", "NULL::text"),
                Map.entry("cause", "NULL::text"),
                Map.entry("parent", "NULL::text"),
                Map.entry("text", text),
                Map.entry("quoted", text),
                Map.entry("from", "NULL::timestamptz"),
                Map.entry("to", "NULL::timestamptz"),
                Map.entry("most_bytes", "8388608::bigint")));
    // Each once by the order of the profile, and its texts once by its key.
    assertTrue(plan.rowsOf("run") <= 2L * WALKED, plan.text());
  }

  private static void checkFirstSince(QueryPlans plans) throws Exception {
    String time =
        "('2026-01-01T00:00:00Z'::timestamptz + interval '%d seconds')::timestamptz"
            .formatted(RUNS / 2);
    String first = plans.answer(RunSearch.FIRST_SINCE, Map.of("time", time));
    assertEquals(RUNS / 2, Long.parseLong(first), plans.when());
  }
}
