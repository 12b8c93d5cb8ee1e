package dev.errand.runs.run.archive;

import dev.errand.runs.queue.RunConfig;
import dev.errand.runs.queue.RunSql;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

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

  // The oldest are those with the lowest numbers, which needs no index that each end of a run would
  // have to keep.
  private static final String MARK =
      """
      WITH walked AS MATERIALIZED (
        SELECT id, task_id, name, created_at, finished_at FROM run WHERE id > ? ORDER BY id LIMIT ?),
      age AS (SELECT now() - ? * interval '1 millisecond' AS most),
      marked AS (
        INSERT INTO run_tombstone (task_id, name, run_id)
        SELECT task_id, name, id FROM walked, age WHERE finished_at < most
        ON CONFLICT DO NOTHING)
      SELECT count(*) AS walked, max(id) AS last, bool_or(created_at >= most) AS reached
      FROM walked, age
      """;

  // A run that was taken up again after it was marked stays, and loses its tombstone.
  private static final String DELETE =
      """
      WITH due AS MATERIALIZED (
        SELECT task_id, name, run_id FROM run_tombstone
        WHERE run_id IS NOT NULL AND removed_at < now() - interval '1 minute'
        ORDER BY removed_at LIMIT ? FOR UPDATE),
      gone AS (
        DELETE FROM run USING due
        WHERE run.id = due.run_id AND run.finished_at < now() - ? * interval '1 millisecond'
        RETURNING run.id),
      alive AS (
        DELETE FROM run_tombstone AS stone USING due, run
        WHERE stone.task_id = due.task_id AND stone.name = due.name AND run.id = due.run_id
          AND due.run_id NOT IN (SELECT id FROM gone)),
      done AS (
        UPDATE run_tombstone AS stone SET run_id = NULL FROM due
        WHERE stone.task_id = due.task_id AND stone.name = due.name
          AND (due.run_id IN (SELECT id FROM gone)
            OR NOT EXISTS (SELECT FROM run WHERE run.id = due.run_id)))
      SELECT (SELECT count(*) FROM due) AS due, (SELECT count(*) FROM gone) AS gone
      """;

  // Nobody asks for the names of a task that is deleted.
  private static final String FORGET =
      """
      DELETE FROM run_tombstone WHERE (task_id, name) IN (
        SELECT stone.task_id, stone.name
        FROM task JOIN run_tombstone AS stone ON stone.task_id = task.id
        WHERE task.deleted_at IS NOT NULL AND stone.run_id IS NULL
        LIMIT ?)
      """;

  private final DataSource database;
  private final Duration retention;

  RunRetention(DataSource database, RunConfig config) {
    this.retention = config.retention();
    if (!retention.isPositive()) {
      throw new IllegalStateException(
          "errand.run.retention (ERRAND_RUN_RETENTION) must be longer than nothing, such as P30D.");
    }
    this.database = database;
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
      batch = inTurn(this::delete, new Batch(0, 0));
      deleted += batch.gone();
    } while (batch.size() == DELETED_AT_ONCE && System.nanoTime() < end);
    Walk walk = new Walk(0, true);
    while (walk.more() && System.nanoTime() < end) {
      long from = walk.last();
      walk = inTurn(connection -> mark(connection, from), new Walk(0, false));
    }
    int forgotten;
    do {
      forgotten = inTurn(RunRetention::forget, 0);
    } while (forgotten == FORGOTTEN_AT_ONCE && System.nanoTime() < end);
    return deleted;
  }

  private Walk mark(Connection connection, long from) throws SQLException {
    try (PreparedStatement mark = connection.prepareStatement(MARK)) {
      mark.setLong(1, from);
      mark.setInt(2, WALKED_AT_ONCE);
      mark.setLong(3, retention.toMillis());
      try (ResultSet row = mark.executeQuery()) {
        row.next();
        return new Walk(
            row.getLong("last"),
            row.getInt("walked") == WALKED_AT_ONCE && !row.getBoolean("reached"));
      }
    }
  }

  private Batch delete(Connection connection) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
      delete.setInt(1, DELETED_AT_ONCE);
      delete.setLong(2, retention.toMillis());
      try (ResultSet row = delete.executeQuery()) {
        row.next();
        return new Batch(row.getInt("due"), row.getInt("gone"));
      }
    }
  }

  private static int forget(Connection connection) throws SQLException {
    try (PreparedStatement forget = connection.prepareStatement(FORGET)) {
      forget.setInt(1, FORGOTTEN_AT_ONCE);
      return forget.executeUpdate();
    }
  }

  private <T> T inTurn(RunSql.Connected<T> work, T otherwise) {
    return RunSql.inTurn(database, TURN, work, otherwise);
  }
}
