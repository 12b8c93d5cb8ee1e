package dev.errand.runs.worker.comparison;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;

/** Runs of a task here. */
final class ErrandJobs implements Jobs {
  private static final String LIVE =
      """
      SELECT count(*) FROM run JOIN task ON task.id = task_id AND task.profile_id = run.profile_id
      WHERE task.name = ? AND run.status IN ('pending', 'running')
      """;
  private static final String READY =
      """
      SELECT count(*) FROM run JOIN task ON task.id = task_id
      WHERE task.name = ? AND run.name LIKE ? AND run.status = 'ready'
      """;

  private final Connection observer;
  private final String task;
  private final LineProcess model;
  private final Callers callers;

  /** Whoever starts the runs. */
  interface Callers {
    /** As {@link Adders#add}. */
    long[] add(String name, int from, int to) throws Exception;

    /** As {@link Adders#paced}. */
    long[] paced(String name, int jobs, double rate) throws Exception;
  }

  /**
   * The runs of a task.
   *
   * @param observer looks which have ended
   * @param model what they ask
   */
  ErrandJobs(Connection observer, String task, LineProcess model, Callers callers) {
    this.observer = observer;
    this.task = task;
    this.model = model;
    this.callers = callers;
  }

  @Override
  public double round(String name, int jobs) throws Exception {
    long start = System.nanoTime();
    long[] _ = callers.add(name, 0, jobs);
    awaitEnds(name, jobs);
    double seconds = (System.nanoTime() - start) / 1e9;
    check(name, jobs);
    return seconds;
  }

  @Override
  public long[] alone(String name, int jobs) throws Exception {
    long[] starts = new long[jobs];
    for (int i = 0; i < jobs; i++) {
      starts[i] = callers.add(name, i, i + 1)[0];
      awaitEnds(name, i + 1);
    }
    check(name, jobs);
    return starts;
  }

  @Override
  public long[] paced(String name, int jobs, double rate) throws Exception {
    long[] due = callers.paced(name, jobs, rate);
    awaitEnds(name, jobs);
    check(name, jobs);
    return due;
  }

  // The database is asked when the model has given the last answer, so that asking costs little.
  private void awaitEnds(String name, int jobs) throws SQLException, IOException {
    String _ = model.order("await " + name + " " + jobs);
    while (number(LIVE, task) > 0) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void check(String name, int jobs) throws SQLException {
    long ready = number(READY, task, name + "-%");
    if (ready != jobs) {
      throw new IllegalStateException(ready + " of " + jobs + " runs are ready.");
    }
  }

  private long number(String sql, String... values) throws SQLException {
    try (PreparedStatement select = observer.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        select.setString(i + 1, values[i]);
      }
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  @Override
  public String database() {
    return "postgres";
  }

  @Override
  public long pid() {
    return ProcessHandle.current().pid();
  }

  @Override
  public void close() {
    // The service outlives its jobs.
  }
}
