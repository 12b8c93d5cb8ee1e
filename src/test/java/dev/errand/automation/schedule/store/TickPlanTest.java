package dev.errand.automation.schedule.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.schedule.fire.ManySchedules;
import dev.errand.automation.schedule.fire.OnTestTime;
import dev.errand.base.database.Sql;
import dev.errand.support.Api;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Instant;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What a tick costs the database depends on what is due, not on how much there is. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(OnTestTime.class)
class TickPlanTest {
  private static final int ALL = 100_000;
  private static final int DUE = 1000;

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
      assertFalse(plan.contains("Seq Scan"), plan);
      assertFalse(plan.contains("Sort"), plan);
      assertFalse(plan.contains("Rows Removed by Filter"), plan);
      assertTrue(plan.contains("rows=1000 "), plan);

      String nothing = explain("2026-11-24T12:59:59Z", 1000);
      assertTrue(nothing.contains("Index Scan using schedule_due"), nothing);
      Api.api().delete(Api.TASKS + "/many?force=true").then().statusCode(204);
    }
  }

  private String explain(String now, int most) {
    sql.statement("ANALYZE schedule").run();
    return String.join(
        "\n",
        sql.statement(
                "EXPLAIN (ANALYZE, TIMING OFF, BUFFERS OFF, SUMMARY OFF) " + ScheduleStatements.DUE)
            .with("now", Instant.parse(now))
            .with("most", most)
            .list(row -> row.text("QUERY PLAN")));
  }
}
