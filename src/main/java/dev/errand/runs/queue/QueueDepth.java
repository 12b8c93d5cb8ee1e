package dev.errand.runs.queue;

import dev.errand.base.database.Sql;
import java.time.Duration;

/**
 * The depth of the queue.
 *
 * @param pending the number of runs that wait, including those scheduled for later
 * @param age how long the oldest due run that could start has been due; zero without one
 * @param load the number of runs that could be executed now, including the running ones that do not
 *     wait for a model
 */
public record QueueDepth(long pending, long running, Duration age, long load) {

  /** The depth now, over all processes. The query reads every run that has not ended. */
  public static QueueDepth read(Sql sql) {
    return sql.statement(RunStatements.DEPTH)
        .one(
            row ->
                new QueueDepth(
                    row.number("pending"),
                    row.number("running"),
                    Duration.ofMillis(row.number("age_ms")),
                    row.number("load")));
  }

  /**
   * How many processes are needed to execute all runs that could be executed now: at least one,
   * which also does the periodic work.
   *
   * @param each how many runs a process works on
   * @param most how many it holds, those that wait for a model included
   */
  public long processes(int each, int most) {
    return Math.max(1, Math.max(Math.ceilDiv(load, each), Math.ceilDiv(running, most)));
  }
}
