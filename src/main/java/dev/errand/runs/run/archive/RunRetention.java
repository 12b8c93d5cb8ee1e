package dev.errand.runs.run.archive;

import dev.errand.base.database.Sql;
import dev.errand.runs.queue.RunConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/**
 * Removes runs that ended long ago, and keeps their names. First a run gets a tombstone, and only a
 * minute after that is committed it is deleted: a trigger that overlaps the deletion sees the run,
 * its tombstone or both, and never neither.
 */
@ApplicationScoped
public class RunRetention {
  private static final int WALKED_AT_ONCE = 500;
  private static final int DELETED_AT_ONCE = 200;
  private static final int FORGOTTEN_AT_ONCE = 1000;
  private static final Duration LONGEST_PASS = Duration.ofSeconds(20);

  // Of all processes one at a time, for as long as one batch takes.
  private static final String TURN = "run retention";

  private final Sql sql;
  private final Duration retention;

  RunRetention(Sql sql, RunConfig config) {
    this.retention = config.retention();
    if (!retention.isPositive()) {
      throw new IllegalStateException(
          "errand.run.retention (ERRAND_RUN_RETENTION) must be longer than nothing, such as P30D.");
    }
    this.sql = sql;
  }

  /** Where the walk through the runs has come to. */
  private record Walk(long last, boolean more) {}

  /** How many of a batch there were, and how many of them are gone. */
  private record Batch(int size, int gone) {}

  /**
   * Removes what is to be removed, for twenty seconds at most and in batches of their own
   * transactions. While another process does it, nothing is done.
   *
   * @return how many runs were deleted
   */
  public int runOnce() {
    return runOnce(LONGEST_PASS);
  }

  /**
   * Does the same in less time.
   *
   * @param most after this, or after twenty seconds, no further batch is begun
   */
  public int runOnce(Duration most) {
    if (!most.isPositive()) {
      return 0;
    }
    long end = System.nanoTime() + Math.min(most.toNanos(), LONGEST_PASS.toNanos());
    int deleted = 0;
    Batch batch;
    do {
      batch = sql.inTurn(TURN, this::delete, new Batch(0, 0));
      deleted += batch.gone();
    } while (batch.size() == DELETED_AT_ONCE && System.nanoTime() < end);
    Walk walk = new Walk(0, true);
    while (walk.more() && System.nanoTime() < end) {
      long from = walk.last();
      walk = sql.inTurn(TURN, own -> mark(own, from), new Walk(0, false));
    }
    int forgotten;
    do {
      forgotten = sql.inTurn(TURN, RunRetention::forget, 0);
    } while (forgotten == FORGOTTEN_AT_ONCE && System.nanoTime() < end);
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
        .one(row -> new Batch(row.integer("due"), row.integer("gone")));
  }

  private static int forget(Sql own) {
    return own.statement(ArchiveStatements.FORGET).with("most", FORGOTTEN_AT_ONCE).update();
  }
}
