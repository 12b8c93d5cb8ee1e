package dev.errand.runs.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/** The like job of a run, on db-scheduler, added and worked in this process. */
final class LikeJobs implements AutoCloseable {
  private static final TaskDescriptor<String> LIKE = TaskDescriptor.of("like", String.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  // As db-scheduler's own documentation has it for PostgreSQL.
  private static final String TABLE =
      """
      CREATE TABLE scheduled_tasks (
        task_name text NOT NULL,
        task_instance text NOT NULL,
        task_data bytea,
        execution_time timestamp with time zone NOT NULL,
        picked boolean NOT NULL,
        picked_by text,
        last_success timestamp with time zone,
        last_failure timestamp with time zone,
        consecutive_failures int,
        last_heartbeat timestamp with time zone,
        version bigint NOT NULL,
        priority smallint,
        PRIMARY KEY (task_name, task_instance)
      );
      CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time);
      CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat);
      CREATE INDEX priority_execution_time_idx ON scheduled_tasks (priority DESC, execution_time);
      CREATE TABLE scheduled_entry (job text, seq int, entry text NOT NULL, PRIMARY KEY (job, seq))
      """;

  private final DataSource database;
  private final URI model;
  private final ObjectNode request;
  private final int callers;
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger ended = new AtomicInteger();
  private final Map<String, Long> asked = new ConcurrentHashMap<>();
  private final Scheduler scheduler;

  /**
   * Begins to work jobs.
   *
   * @param model where a job's request goes
   * @param request the request, but for its messages
   */
  LikeJobs(DataSource database, URI model, ObjectNode request, int callers, int workers)
      throws SQLException {
    this.database = database;
    this.model = model;
    this.request = request;
    this.callers = callers;
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
    }
    scheduler =
        Scheduler.create(database, Tasks.oneTime(LIKE).execute((job, _) -> work(job.getData())))
            .pollUsingLockAndFetch(0.5, 1.0)
            .enableImmediateExecution()
            .pollingInterval(Duration.ofSeconds(1))
            .threads(workers)
            .build();
    scheduler.start();
  }

  /** Adds so many jobs and waits for their ends; how many a second that is. */
  double round(String name, int jobs) throws Exception {
    ended.set(0);
    long start = System.nanoTime();
    AtomicInteger next = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> adding = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        adding.add(
            threads.submit(
                () -> {
                  for (int job = next.getAndIncrement(); job < jobs; job = next.getAndIncrement()) {
                    add(name + "-" + job);
                  }
                  return null;
                }));
      }
      for (Future<?> one : adding) {
        one.get();
      }
    }
    // The last ones are still to be taken off the table.
    while (ended.get() < jobs || !scheduler.getCurrentlyExecuting().isEmpty()) {
      LockSupport.parkNanos(2_000_000);
    }
    return jobs / ((System.nanoTime() - start) / 1e9);
  }

  /** The milliseconds from adding a job to its request, one job after the other, sorted. */
  List<Double> oneByOne(int jobs) throws Exception {
    List<Double> took = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      long start = System.nanoTime();
      round("alone-" + i, 1);
      took.add((asked.getOrDefault("alone-" + i + "-0", start) - start) / 1e6);
    }
    return took.stream().sorted().toList();
  }

  private void add(String name) throws SQLException {
    write(name, 0, "{\"role\":\"user\",\"content\":\"" + name + "\"}");
    scheduler.schedule(LIKE.instance(name).data(name).build(), Instant.now());
  }

  private void work(String name) {
    asked.put(name, System.nanoTime());
    ObjectNode body = request.deepCopy();
    body.putArray("messages").addObject().put("role", "user").put("content", name);
    try {
      JsonNode answer =
          JSON.readTree(
              client
                  .send(
                      HttpRequest.newBuilder(model)
                          .header("Content-Type", "application/json")
                          .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                          .build(),
                      HttpResponse.BodyHandlers.ofString())
                  .body());
      write(name, 1, answer.at("/choices/0/message").toString());
      ended.incrementAndGet();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(String name, int seq, String entry) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO scheduled_entry VALUES (?, ?, ?)")) {
      insert.setString(1, name);
      insert.setInt(2, seq);
      insert.setString(3, entry);
      insert.executeUpdate();
    }
  }

  @Override
  public void close() {
    scheduler.stop();
  }
}
