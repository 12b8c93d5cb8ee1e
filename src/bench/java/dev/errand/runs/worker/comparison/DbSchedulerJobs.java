package dev.errand.runs.worker.comparison;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The jobs on db-scheduler, with what its documentation has for high throughput: locking and
 * fetching up to four times as many as there are threads, and immediate execution.
 */
final class DbSchedulerJobs extends JobProcess {
  private static final TaskDescriptor<String> LIKE = TaskDescriptor.of("like", String.class);

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
      CREATE TABLE like_entry (job text, seq int, entry text NOT NULL, PRIMARY KEY (job, seq))
      """;

  private final HikariDataSource database;
  private final AtomicInteger ended = new AtomicInteger();
  private final Scheduler scheduler;

  private DbSchedulerJobs(String[] arguments) throws Exception {
    super(arguments);
    database = Pools.open(url);
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
    }
    scheduler =
        Scheduler.create(
                database, Tasks.oneTime(LIKE).execute((job, context) -> work(job.getData())))
            .pollUsingLockAndFetch(1.0, 4.0)
            .enableImmediateExecution()
            .pollingInterval(Duration.ofSeconds(1))
            .threads(workers)
            .build();
    scheduler.start();
  }

  /** Reads orders from the standard input. */
  public static void main(String[] arguments) throws Exception {
    new DbSchedulerJobs(arguments).serve();
  }

  @Override
  void add(String name) throws SQLException {
    write(name, 0, prompt(name));
    scheduler.schedule(LIKE.instance(name).data(name).build(), Instant.now());
  }

  @Override
  void begin() {
    ended.set(0);
  }

  // The last ones are still to be taken off the table.
  @Override
  boolean haveEnded(int jobs) {
    return ended.get() >= jobs && scheduler.getCurrentlyExecuting().isEmpty();
  }

  private void work(String name) {
    try {
      ArrayNode messages = JSON.createArrayNode().add(prompt(name));
      while (true) {
        ObjectNode answer = ask(messages);
        write(name, messages.size(), answer);
        messages.add(answer);
        if (!answer.has("tool_calls")) {
          break;
        }
        for (JsonNode call : answer.path("tool_calls")) {
          ObjectNode result = call(call);
          write(name, messages.size(), result);
          messages.add(result);
        }
      }
      ended.incrementAndGet();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void write(String name, int seq, JsonNode entry) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO like_entry VALUES (?, ?, ?)")) {
      insert.setString(1, name);
      insert.setInt(2, seq);
      insert.setString(3, entry.toString());
      insert.executeUpdate();
    }
  }
}
