package dev.errand.runs.worker.comparison;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.zaxxer.hikari.HikariDataSource;
import dev.dbos.transact.DBOS;
import dev.dbos.transact.StartWorkflowOptions;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.workflow.Queue;
import dev.dbos.transact.workflow.Workflow;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The jobs on DBOS Transact: a queued workflow with a step for each request to the model and one
 * for each tool call, whose results it keeps itself. The limit is one of the process, not of all,
 * as its documentation has it where none of all is needed.
 */
final class DbosJobs extends JobProcess {
  // Its queues are polled. Once a second, which is the default, would be one batch of jobs a
  // second.
  private static final Duration POLL =
      Duration.ofMillis(Integer.getInteger("errand.bench.dbos-poll", 10));
  private static final String LIVE =
      "SELECT count(*) FROM dbos.workflow_status WHERE status IN ('ENQUEUED', 'PENDING')";

  private final HikariDataSource database;
  private final AtomicInteger ended = new AtomicInteger();
  private final DBOS dbos;
  private final Queue queue;
  private final Job job;

  /** A job. */
  public interface Job {
    /** Works it; the last answer of the model. */
    String work(String name) throws Exception;
  }

  private final class Workflows implements Job {
    @Override
    @Workflow
    public String work(String name) throws Exception {
      ArrayNode messages = JSON.createArrayNode().add(prompt(name));
      while (true) {
        String text = dbos.runStep(() -> ask(messages).toString(), "ask");
        ObjectNode answer = (ObjectNode) JSON.readTree(text);
        messages.add(answer);
        if (!answer.has("tool_calls")) {
          ended.incrementAndGet();
          return text;
        }
        for (JsonNode call : answer.path("tool_calls")) {
          messages.add(JSON.readTree(dbos.runStep(() -> call(call).toString(), "call")));
        }
      }
    }
  }

  private DbosJobs(String[] arguments) throws Exception {
    super(arguments);
    database = Pools.open(url);
    dbos = new DBOS(DBOSConfig.defaults("comparison").withDataSource(database).withAppVersion("1"));
    queue = new Queue("like").withWorkerConcurrency(workers).withPollingInterval(POLL);
    dbos.registerQueue(queue);
    job = dbos.registerProxy(Job.class, new Workflows());
    dbos.launch();
  }

  /** Reads orders from the standard input. */
  public static void main(String[] arguments) throws Exception {
    new DbosJobs(arguments).serve();
  }

  @Override
  void add(String name) {
    dbos.startWorkflow(() -> job.work(name), new StartWorkflowOptions(name).withQueue(queue));
  }

  @Override
  void begin() {
    ended.set(0);
  }

  // What the last ones return is still to be kept.
  @Override
  boolean haveEnded(int jobs) throws SQLException {
    if (ended.get() < jobs) {
      return false;
    }
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(LIVE)) {
      row.next();
      return row.getLong(1) == 0;
    }
  }
}
