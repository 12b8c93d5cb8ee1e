package dev.errand.automation.schedule.fire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.errand.automation.schedule.store.ScheduleRows;
import dev.errand.base.database.DatabaseTime;
import dev.errand.support.Api;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Guards the ticks: however many fire at once, each time starts one run and none is lost. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(OnTestTime.class)
class TwoTicksTest {
  private static final int DUE = 1000;

  @Inject Firing firing;
  @Inject ScheduleRows rows;
  @Inject DataSource database;
  @Inject @DatabaseTime TestTime time;

  @Test
  void twoProcessesThatFireAThousandSchedulesStartAThousandRuns() throws Exception {
    try (ScriptedModel model = new ScriptedModel()) {
      Api.register("crowded", "Hello", model).then().statusCode(201);
      ManySchedules.add(database, "crowded", DUE, "2026-11-24T13:00:00Z");
      time.set("2026-11-24T13:00:00Z");

      for (int batch : List.of(7, 50)) {
        int fired = 0;
        CountDownLatch together = new CountDownLatch(2);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
          List<Future<Integer>> ticks =
              List.of(
                  threads.submit(() -> fireAll(together, batch)),
                  threads.submit(() -> fireAll(together, batch)));
          for (Future<Integer> tick : ticks) {
            fired += tick.get();
          }
        }
        assertEquals(DUE, fired, "each was due once");
        assertEquals(
            DUE,
            count(
                "SELECT count(*) FROM run JOIN task ON task.id = task_id WHERE task.name = 'crowded'"
                    + " AND scheduled_at = '"
                    + time.instant()
                    + "'"));
        assertEquals(
            DUE,
            count(
                "SELECT count(*) FROM schedule JOIN schedule_fire ON schedule_id = id WHERE"
                    + " verdict = 'started' AND scheduled_for = '"
                    + time.instant()
                    + "'"));
        time.pass(Duration.ofHours(1));
      }
      Api.api().delete(Api.TASKS + "/crowded?force=true").then().statusCode(204);
    }
  }

  @Test
  void whatATickTookThatStandsStillIsFiredByAnother() throws Exception {
    try (ScriptedModel model = new ScriptedModel()) {
      Api.register("held", "Hello", model).then().statusCode(201);
      ManySchedules.add(database, "held", 1, "2026-11-24T13:00:00Z");
      time.set("2026-11-24T13:00:00Z");

      Schedules other = new Schedules(firing, time);
      assertThrows(
          RuntimeException.class,
          () ->
              QuarkusTransaction.requiringNew()
                  .run(
                      () -> {
                        assertEquals(
                            1, rows.takeDue(time.instant(), 1, Duration.ofMillis(200)).size());
                        try (ExecutorService process =
                            Executors.newVirtualThreadPerTaskExecutor()) {
                          process
                              .submit(() -> Eventually.await("a fire", () -> other.fire(10) == 1))
                              .get();
                        } catch (InterruptedException | ExecutionException e) {
                          throw new AssertionError(e);
                        }
                      }));
      assertEquals(
          1,
          count(
              "SELECT count(*) FROM run JOIN task ON task.id = task_id WHERE task.name = 'held'"));
      Api.api().delete(Api.TASKS + "/held?force=true").then().statusCode(204);
    }
  }

  private int fireAll(CountDownLatch together, int batch) throws InterruptedException {
    Schedules process = new Schedules(firing, time);
    together.countDown();
    together.await();
    int all = 0;
    // One that finds nothing may have found the other at work on the last of it.
    for (int now = process.fire(batch); now > 0; now = process.fire(batch)) {
      all += now;
    }
    return all;
  }

  private long count(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
