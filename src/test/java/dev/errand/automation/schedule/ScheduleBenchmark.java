package dev.errand.automation.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.base.database.DatabaseTime;
import dev.errand.support.Api;
import dev.errand.support.BenchmarkSize;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Prints what a tick takes; {@code ./mvnw test -Pbench -Dtest=ScheduleBenchmark}. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(OnTestTime.class)
@EnabledOnOs(OS.LINUX)
class ScheduleBenchmark {
  private static final int ALL = BenchmarkSize.of(100_000, 1000);
  private static final int DUE = ALL / 100;
  private static final int ROUNDS = BenchmarkSize.of(12, 2);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  @Inject ScheduleTicker schedules;
  @Inject DataSource database;
  @Inject @DatabaseTime TestTime time;

  @Test
  void aTickOverAHundredThousandSchedules() throws Exception {
    try (ScriptedModel model = new ScriptedModel()) {
      Api.register("quiet", "Hello", model).then().statusCode(201);
      Api.register("due", "Hello {{ @payload }}", model).then().statusCode(201);
      ManySchedules.add(database, "quiet", ALL - DUE, "2027-11-24T13:00:00Z");
      ManySchedules.add(database, "due", DUE, "2026-11-24T13:00:00Z");
      aTaskForEach();

      time.set("2026-11-24T12:59:59Z");
      List<Long> idle = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        long start = System.nanoTime();
        assertEquals(0, schedules.tick());
        idle.add(System.nanoTime() - start);
      }
      List<Long> full = new ArrayList<>();
      List<Long> cpu = new ArrayList<>();
      time.pass(Duration.ofSeconds(1));
      BenchmarkCost warm = null;
      for (int i = 0; i < ROUNDS; i++) {
        if (i == 1) {
          warm = BenchmarkCost.begin(database);
        }
        long start = System.nanoTime();
        long cpuStart = THREADS.getCurrentThreadCpuTime();
        assertEquals(DUE, schedules.tick());
        full.add(System.nanoTime() - start);
        cpu.add(THREADS.getCurrentThreadCpuTime() - cpuStart);
        time.pass(Duration.ofHours(1));
      }
      System.out.printf(
          "a tick over %d schedules: none due p50 %.1f ms; %d due, each of a task of its own, first"
              + " %.0f ms, then p50 %.0f ms, most %.0f ms; CPU of its thread first %.0f ms, then p50"
              + " %.0f ms%n",
          ALL,
          median(idle) / 1e6,
          DUE,
          full.getFirst() / 1e6,
          median(full.subList(1, ROUNDS)) / 1e6,
          full.stream().skip(1).mapToLong(Long::longValue).max().orElseThrow() / 1e6,
          cpu.getFirst() / 1e6,
          median(cpu.subList(1, ROUNDS)) / 1e6);
      System.out.println(
          "each tick after the first: " + Objects.requireNonNull(warm).each(ROUNDS - 1));
    }
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private void aTaskForEach() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          """
          INSERT INTO task (id, profile_id, name, runner, runner_settings, settings, key_sealed,
            key_hint, enabled)
          SELECT schedule.id, profile_id, schedule.name, runner,
            replace(runner_settings, 'Hello', 'Hello ' || schedule.name), settings, key_sealed,
            key_hint, true
          FROM schedule JOIN task ON task.id = task_id WHERE task.name = 'due'
          """);
      statement.executeUpdate(
          """
          UPDATE schedule SET task_id = schedule.id FROM task
          WHERE task.id = task_id AND task.name = 'due'
          """);
      statement.execute("VACUUM ANALYZE");
    }
  }
}
