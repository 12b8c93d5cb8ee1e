package dev.errand.runs.history;

import dev.errand.base.database.Sql;
import dev.errand.runs.queue.RunConfig;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Column;
import java.time.Duration;

/**
 * Removes runs that ended long ago, and keeps their names reserved. A run first gets a tombstone
 * and is deleted a minute after that commit: a request that starts meanwhile sees the run, its
 * tombstone or both, but never neither.
 */
@ApplicationScoped
public class RunRetention {
  private static final int WALKED_AT_ONCE = 500;
  private static final int DELETED_AT_ONCE = 200;
  private static final int FORGOTTEN_AT_ONCE = 1000;
  private static final Duration LONGEST_PASS = Duration.ofSeconds(20);

  // The name of the lock with which one process at a time removes runs.
  private static final String LOCK = "run retention";

  private final Sql sql;
  private final ToolDefinitions definitions;
  private final Duration retention;

  RunRetention(Sql sql, ToolDefinitions definitions, RunConfig config) {
    this.retention = config.retention();
    if (!retention.isPositive()) {
      throw new IllegalStateException(
          "errand.run.retention (ERRAND_RUN_RETENTION) must be more than zero, such as P30D.");
    }
    this.sql = sql;
    this.definitions = definitions;
  }

  /** The progress of the walk through all runs: the last id seen, and whether there are more. */
  private record Walk(long last, boolean more) {}

  /** The size of a batch, and how many of its runs were deleted. */
  @RegisterForReflection
  private record Batch(@Column(name = "due") int size, int gone) {}

  /**
   * Removes old runs for 20 seconds at most, in batches that each are one transaction. Does nothing
   * while another process does it.
   *
   * @return how many runs were deleted
   */
  public int runOnce() {
    return runOnce(LONGEST_PASS);
  }

  /**
   * Removes old runs, within a shorter time.
   *
   * @param most after which no further batch begins, at the latest after 20 seconds
   */
  public int runOnce(Duration most) {
    if (!most.isPositive()) {
      return 0;
    }
    long end = System.nanoTime() + Math.min(most.toNanos(), LONGEST_PASS.toNanos());
    int deleted = 0;
    Batch batch;
    do {
      batch = sql.inTurn(LOCK, this::delete, new Batch(0, 0));
      deleted += batch.gone();
    } while (batch.size() == DELETED_AT_ONCE && System.nanoTime() < end);
    Walk walk = new Walk(0, true);
    while (walk.more() && System.nanoTime() < end) {
      long from = walk.last();
      walk = sql.inTurn(LOCK, own -> mark(own, from), new Walk(0, false));
    }
    int forgotten;
    do {
      forgotten = sql.inTurn(LOCK, RunRetention::forget, 0);
    } while (forgotten == FORGOTTEN_AT_ONCE && System.nanoTime() < end);
    int _ = definitions.forget();
    return deleted;
  }

  private Walk mark(Sql own, long from) {
    return own.statement(ArchiveStatements.MARK)
        .with("after", from)
        .with("most", WALKED_AT_ONCE)
        .with("retention_ms", retention.toMillis())
        .one(
            row ->
                new Walk(
                    row.number("last"),
                    row.integer("walked") == WALKED_AT_ONCE && !row.flag("reached")));
  }

  private Batch delete(Sql own) {
    return own.statement(ArchiveStatements.DELETE)
        .with("most", DELETED_AT_ONCE)
        .with("retention_ms", retention.toMillis())
        .one(Batch.class);
  }

  private static int forget(Sql own) {
    return own.statement(ArchiveStatements.FORGET).with("most", FORGOTTEN_AT_ONCE).update();
  }
}
