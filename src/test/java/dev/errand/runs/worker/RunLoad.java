package dev.errand.runs.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.support.Api;
import dev.errand.support.ScriptedModel;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/** Triggers runs of a task and waits for their ends. */
final class RunLoad {
  /** The prompt that the task is to have: by it, the model knows the run. */
  static final String PROMPT = "This is {{ n }}";

  private static final int CALLERS = 32;
  private static final String ENDED =
      """
      SELECT count(*) FILTER (WHERE run.status = 'ready') FROM run JOIN task ON task.id = task_id
      WHERE task.name = ? AND run.name LIKE ? AND run.finished_at IS NOT NULL
      """;
  private static final String LIVE =
      """
      SELECT count(*) FROM run JOIN task ON task.id = task_id AND task.profile_id = run.profile_id
      WHERE task.name = ? AND run.status IN ('pending', 'running')
      """;
  private static final String TOOK =
      """
      SELECT extract(epoch FROM percentile_disc(?::float8) WITHIN GROUP
          (ORDER BY run.finished_at - run.created_at)) * 1000
      FROM run JOIN task ON task.id = task_id WHERE task.name = ? AND run.name LIKE ?
      """;

  private final DataSource database;
  private final String task;
  private final Starting starting;
  private final Map<String, Long> firstAsked = new ConcurrentHashMap<>();

  RunLoad(DataSource database, String task, Starting starting) {
    this.database = database;
    this.task = task;
    this.starting = starting;
  }

  /** How a run is started. */
  @FunctionalInterface
  interface Starting {
    /**
     * Starts it.
     *
     * @param run its name, which is also its parameter {@code n}
     */
    void start(String run) throws Exception;
  }

  /** By requests, as the callers of a task do. */
  static Starting byRequests(URI server, String task) {
    HttpClient client = HttpClient.newHttpClient();
    return run -> {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(server.resolve(Api.TASKS + "/" + task + "/runs/" + run))
                  .header("Cookie", "sessionId=" + Api.SESSION)
                  .PUT(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"parameters\":{\"n\":\"" + run + "\"}}"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals(201, answer.statusCode(), answer.body());
    };
  }

  /**
   * The result of a round.
   *
   * @param triggersPerSecond how many triggers a second were answered, until the last one was
   * @param runsPerSecond how many runs a second ended, from the first trigger to the last end
   */
  record Round(double triggersPerSecond, double runsPerSecond) {}

  /** Observes each request that the model gets. */
  void asked(ScriptedModel.Request request) {
    JsonNode first = request.body().path("messages").path(0);
    String run = first.path("content").asText().substring(PROMPT.indexOf("{{"));
    firstAsked.putIfAbsent(run, System.nanoTime());
  }

  /** Triggers so many runs, a number of callers at once, and waits for their ends. */
  Round round(String name, int runs) throws Exception {
    long start = System.nanoTime();
    Semaphore free = new Semaphore(CALLERS);
    List<Future<?>> triggers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < runs; i++) {
        String run = name + "-" + i;
        free.acquire();
        triggers.add(
            threads.submit(
                () -> {
                  try {
                    starting.start(run);
                    return null;
                  } finally {
                    free.release();
                  }
                }));
      }
      for (Future<?> trigger : triggers) {
        trigger.get();
      }
    }
    long triggered = System.nanoTime();
    awaitEnds();
    long ended = System.nanoTime();
    assertEquals(runs, number(ENDED, task, name + "-%"), "runs that are ready");
    return new Round(runs / ((triggered - start) / 1e9), runs / ((ended - start) / 1e9));
  }

  /**
   * Triggers runs one after the other, each when the one before has ended.
   *
   * @return the milliseconds from each trigger to the first request that the model gets, sorted
   */
  List<Double> oneByOne(String name, int runs) throws Exception {
    List<Double> took = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      long start = System.nanoTime();
      starting.start(name + "-" + i);
      awaitEnds();
      took.add((Objects.requireNonNull(firstAsked.get(name + "-" + i)) - start) / 1e6);
    }
    return took.stream().sorted().toList();
  }

  /** The milliseconds from trigger to end that so many in a hundred runs stayed within. */
  double tookMs(String name, int percent) throws SQLException {
    return number(TOOK, percent / 100.0, task, name + "-%");
  }

  /** What so many in a hundred of sorted values stay within. */
  static double percentile(List<Double> sorted, int percent) {
    return sorted.get((sorted.size() - 1) * percent / 100);
  }

  private void awaitEnds() throws SQLException {
    while (number(LIVE, task) > 0) {
      LockSupport.parkNanos(2_000_000);
    }
  }

  private double number(String sql, Object... values) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        select.setObject(i + 1, values[i]);
      }
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getDouble(1);
      }
    }
  }
}
