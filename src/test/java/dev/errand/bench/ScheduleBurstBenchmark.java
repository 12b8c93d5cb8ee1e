package dev.errand.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.Api;
import dev.errand.support.BenchmarkSize;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints how long 20,000 schedules that are due at one second take to be enqueued, and what single
 * runs of another profile wait meanwhile: {@code ./mvnw package -DskipTests}, then {@code ./mvnw
 * test -Pbench -Dtest=ScheduleBurstBenchmark}.
 */
@EnabledOnOs(OS.LINUX)
class ScheduleBurstBenchmark {
  private static final int SCHEDULES = BenchmarkSize.of(20_000, 200);
  private static final int TASKS = SCHEDULES / 100;
  private static final long BETWEEN_NANOS = 100_000_000;
  private static final int IDLE = BenchmarkSize.of(50, 2);
  private static final int AHEAD_SECONDS = BenchmarkSize.of(20, 2);

  /** The other profile, and the tasks and schedules of the burst. */
  private static final List<String> FILL =
      List.of(
          """
          INSERT INTO profile (id, account_id, name)
          SELECT gen_random_uuid(), account_id, 'other' FROM profile WHERE name = 'default'
          """,
          """
          INSERT INTO task (id, profile_id, name, runner, runner_settings, settings, key_sealed,
            key_hint, enabled)
          SELECT gen_random_uuid(), profile_id, 'burst-' || number, runner, runner_settings,
            settings, NULL, NULL, true
          FROM task CROSS JOIN generate_series(1, %d) AS number WHERE name = 'burst'
          """
              .formatted(TASKS),
          """
          INSERT INTO schedule (id, task_id, name, cron, timezone, parameters, enabled, missed,
            jitter_seconds, next_time, due_at, created_at, modified_at)
          SELECT gen_random_uuid(), task.id, 's' || number, '@yearly', 'UTC', '{}', true, 'none', 0,
            due, due, now(), now()
          FROM task CROSS JOIN generate_series(1, %d) AS number
          CROSS JOIN (SELECT date_trunc('second', now() + interval '%d s') AS due) AS at
          WHERE task.name LIKE 'burst-%%'
          """
              .formatted(SCHEDULES / TASKS, AHEAD_SECONDS));

  private static final String ENQUEUED =
      "SELECT count(*) FROM run WHERE task_id IN (SELECT id FROM task WHERE name LIKE 'burst-%')";
  private static final String SECONDS =
      "SELECT extract(epoch FROM max(created_at) - min(scheduled_at)) FROM run WHERE task_id IN"
          + " (SELECT id FROM task WHERE name LIKE 'burst-%')";

  @TempDir static Path folder;

  private final Map<String, Long> asked = new ConcurrentHashMap<>();

  @Test
  void aBurstOfSchedules() throws Exception {
    Builds.measure(folder, List.of("-Xmx512m"), Map.of(), this::measure);
  }

  private void measure(String name, MeasuredServer server, Connection connection) throws Exception {
    try (ScriptedModel model = new ScriptedModel();
        Statement statement = connection.createStatement()) {
      model.script(
          request -> {
            asked.putIfAbsent(request.lastMessage().path("content").asText(), System.nanoTime());
            return ScriptedModel.say("Done.");
          });
      assertEquals(201, server.put(Api.TASKS + "/burst", task("A scheduled run", model)));
      for (String sql : FILL) {
        statement.execute(sql);
      }
      String other = "/api/profiles/~/other/tasks/single";
      assertEquals(201, server.put(other, task("Single {{ n }}", model)));
      print(name, "idle", singles(server, other, "idle", () -> asked.size() < IDLE));
      Eventually.await("the first fires", () -> number(statement, ENQUEUED) > 0);
      print(
          name,
          "meanwhile",
          singles(server, other, "burst", () -> number(statement, ENQUEUED) < SCHEDULES));
      System.out.printf(
          "%s: %d schedules were enqueued within %.1f s; load %s%n",
          name, SCHEDULES, number(statement, SECONDS), MeasuredServer.load());
    }
  }

  private static String task(String prompt, ScriptedModel model) {
    return """
        {"runner": "openai",
         "openai": {"prompt": "%s", "model": "gpt-4o", "base_url": "%s"},
         "settings": {"key": "sk-a-key-for-tests-1234", "concurrency": 2}}
        """
        .formatted(prompt, model.url());
  }

  /** Whether there is more to do. */
  @FunctionalInterface
  private interface More {
    boolean get() throws SQLException;
  }

  /** Starts runs one after another; the milliseconds until the model was asked, sorted. */
  private List<Double> singles(MeasuredServer server, String task, String kind, More more)
      throws Exception {
    List<Double> waits = new ArrayList<>();
    for (int i = 0; i == 0 || more.get(); i++) {
      String prompt = "Single " + kind + i;
      long start = System.nanoTime();
      assertEquals(
          201,
          server.put(task + "/runs/" + kind + i, "{\"parameters\":{\"n\":\"" + kind + i + "\"}}"));
      Eventually.await("a request to the model", () -> asked.containsKey(prompt));
      waits.add((asked.getOrDefault(prompt, start) - start) / 1e6);
      LockSupport.parkNanos(BETWEEN_NANOS);
    }
    waits.sort(Double::compare);
    return waits;
  }

  private static void print(String name, String when, List<Double> waits) {
    System.out.printf(
        "%s: %s, %d single runs of another profile, from their start to the model's request: p50"
            + " %.1f ms, p99 %.1f ms, most %.1f ms%n",
        name,
        when,
        waits.size(),
        waits.get(waits.size() / 2),
        waits.get((waits.size() - 1) * 99 / 100),
        waits.getLast());
  }

  private static double number(Statement statement, String sql) {
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getDouble(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
