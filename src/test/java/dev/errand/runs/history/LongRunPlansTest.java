package dev.errand.runs.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** A page of a run's entries costs the same, however many entries the run has before and after. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class LongRunPlansTest {
  private static final int ENTRIES = 10_000;
  private static final int LONG_RUNS = 10;
  private static final int SHORT_RUNS = 20_000;
  private static final int PAGE = EntryPages.MOST_ENTRIES;

  @Inject DataSource database;

  @Test
  void readingALongRunIsReadingItsPages() throws Exception {
    QueryPlans.inEachMode(
        database,
        List.of("run", "run_entry"),
        LongRunPlansTest::fill,
        plans -> {
          for (int first : List.of(0, ENTRIES / 2, ENTRIES - PAGE)) {
            checkPages(plans, "{1}", first, 1);
          }
          checkPages(plans, "{1}", ENTRIES - 1, 1);
          checkPages(plans, "{1,2,3,4}", ENTRIES / 2, 4);
          checkFitting(plans);
        });
  }

  private static void fill(Statement statement) throws SQLException {
    statement.execute(
        """
        INSERT INTO run (id, task_id, profile_id, name, parameters, assignment, trigger, entry_count)
        OVERRIDING SYSTEM VALUE
        SELECT i, gen_random_uuid(), gen_random_uuid(), 'run-' || i, '{}', '{}', '{}',
          CASE WHEN i <= %d THEN %d ELSE 2 END
        FROM generate_series(1, %d) AS i"""
            .formatted(LONG_RUNS, ENTRIES, LONG_RUNS + SHORT_RUNS));
    statement.execute(
        """
        INSERT INTO run_entry SELECT run, entry, repeat('x', 200)
        FROM generate_series(0, %d) AS entry, generate_series(1, %d) AS run"""
            .formatted(ENTRIES - 1, LONG_RUNS));
    statement.execute(
        """
        INSERT INTO run_entry SELECT run, entry, repeat('x', 200)
        FROM generate_series(%d, %d) AS run, generate_series(0, 1) AS entry"""
            .formatted(LONG_RUNS + 1, LONG_RUNS + SHORT_RUNS));
  }

  private static void checkPages(QueryPlans plans, String runs, int first, int pages)
      throws Exception {
    String firsts = "{" + String.join(",", Collections.nCopies(pages, "" + first)) + "}";
    Plan plan =
        plans.plan(
            EntryPages.PAGES,
            Map.of(
                "ids", "'" + runs + "'::bigint[]",
                "firsts", "'" + firsts + "'::integer[]",
                "most_bytes", "262144::integer"));
    int rows = pages * Math.min(PAGE, ENTRIES - first);
    assertEquals(rows, plan.rowsOf("run_entry"), plan.text());
    assertEquals(pages, plan.rowsOf("run"), plan.text());
    assertEquals(0, plan.removed(), plan.text());
    assertFalse(plan.text().contains("Seq Scan"), plan.text());
    // The entries of a long run lie among those of the others that were written meanwhile.
    assertTrue(plan.blocks() < pages * (PAGE + 20L), plan.text());
  }

  private static void checkFitting(QueryPlans plans) throws Exception {
    // Two of the ten runs are more than the bytes that fit.
    Plan plan =
        plans.plan(
            ArchiveStatements.FITTING,
            Map.of(
                "ids",
                "'{1,2,3,4,5,6,7,8,9,10}'::bigint[]",
                "most_bytes",
                (ENTRIES * 200L + 100) + "::bigint"));
    assertEquals(2L * ENTRIES, plan.rowsOf("run_entry"), plan.text());
  }
}
