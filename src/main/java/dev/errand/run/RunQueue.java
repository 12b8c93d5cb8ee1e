package dev.errand.run;

import dev.errand.run.RunSql.Connected;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The queue: every statement that moves a run from one status to another. Time is the database's,
 * the one clock that all workers share.
 */
@ApplicationScoped
public class RunQueue {
  private static final String ENQUEUE =
      """
      WITH enqueued AS (
        INSERT INTO run (task_id, profile_id, name, parameters, assignment, trigger, depth, entry_count,
          servlets)
        VALUES (?, ?, ?, ?, ?, ?, ?, 1,
          (SELECT coalesce(json_object_agg(id, address)::text, '{}')
             FROM installation WHERE profile_id = ?))
        ON CONFLICT (task_id, name) DO NOTHING
        RETURNING id)
      INSERT INTO run_entry (run_id, seq, entry) SELECT id, 0, ? FROM enqueued RETURNING run_id
      """;

  // The inner query is materialised so that it is run once: as a plain sub-query the planner may
  // run it again for each row, and lock more than the limit.
  private static final String CLAIM =
      """
      WITH next AS MATERIALIZED (
        SELECT id FROM run
        WHERE status = 'pending' AND available_at <= now()
        ORDER BY available_at, id
        LIMIT ?
        FOR UPDATE SKIP LOCKED)
      UPDATE run SET status = 'running', attempt = attempt + 1,
        lease_until = now() + ? * interval '1 millisecond',
        started_at = coalesce(started_at, now()), modified_at = now()
      FROM next WHERE run.id = next.id
      RETURNING run.id, attempt, task_id, profile_id, name, assignment, servlets, usage, started_at
      """;

  // The row counts its entries: whoever updates it has the next number, whatever else waits for the
  // row, and one statement is one round trip and one commit.
  private static final String APPEND =
      """
      WITH held AS (
        UPDATE run SET usage = coalesce(?, usage), entry_count = entry_count + ?,
          modified_at = now()
        WHERE id = ? AND status = 'running' AND attempt = ?
        RETURNING id, entry_count)
      INSERT INTO run_entry (run_id, seq, entry)
      SELECT held.id, held.entry_count - ? + added.number - 1, added.entry
      FROM held, unnest(?::text[]) WITH ORDINALITY AS added(entry, number)
      """;

  private static final String FINISH =
      """
      WITH held AS (
        UPDATE run SET status = ?, usage = coalesce(?, usage), output = ?, error_code = ?, error_message = ?,
          lease_until = NULL, finished_at = now(), modified_at = now(),
          entry_count = entry_count + 1
        WHERE id = ? AND status = 'running' AND attempt = ?
        RETURNING id, entry_count)
      INSERT INTO run_entry (run_id, seq, entry) SELECT id, entry_count - 1, ? FROM held
      """;

  private static final String RELEASE =
      """
      UPDATE run SET status = 'pending', lease_until = NULL, available_at = now(),
        modified_at = now()
      WHERE id = ? AND status = 'running' AND attempt = ?
      """;

  private static final String EXTEND =
      """
      UPDATE run SET lease_until = now() + ? * interval '1 millisecond'
      FROM unnest(?::bigint[], ?::int[]) AS held(id, attempt)
      WHERE run.id = held.id AND run.attempt = held.attempt AND run.status = 'running'
      RETURNING run.id
      """;

  private static final String RESCUE =
      """
      WITH lost AS MATERIALIZED (
        SELECT id FROM run WHERE status = 'running' AND lease_until < now()
        ORDER BY lease_until LIMIT ? FOR UPDATE SKIP LOCKED)
      UPDATE run SET status = 'pending', lease_until = NULL, available_at = now(),
        modified_at = now()
      FROM lost WHERE run.id = lost.id
      RETURNING run.id
      """;

  private static final String LIVE =
      "SELECT count(*) FROM run WHERE task_id = ? AND status IN ('pending', 'running')";

  private static final String END_ALL =
      """
      WITH ended AS (
        UPDATE run SET status = 'error', error_code = ?, error_message = ?, lease_until = NULL,
          finished_at = now(), modified_at = now(), entry_count = entry_count + 1
        WHERE task_id = ? AND status IN ('pending', 'running')
        RETURNING id, entry_count)
      INSERT INTO run_entry (run_id, seq, entry) SELECT id, entry_count - 1, ? FROM ended
      """;

  private final DataSource database;
  private final Event<RunEnqueued> enqueued;

  RunQueue(DataSource database, Event<RunEnqueued> enqueued) {
    this.database = database;
    this.enqueued = enqueued;
  }

  /**
   * Enqueues a run, unless its task already has one of that name. In a transaction it takes effect
   * with the transaction.
   *
   * @return whether it is new
   */
  public boolean enqueue(NewRun run) {
    Optional<Long> id =
        with(
            connection -> {
              try (PreparedStatement insert = connection.prepareStatement(ENQUEUE)) {
                insert.setObject(1, run.taskId());
                insert.setObject(2, run.profileId());
                insert.setString(3, run.name());
                insert.setString(4, run.parameters());
                insert.setString(5, run.assignment());
                insert.setString(6, run.trigger());
                insert.setInt(7, run.depth());
                insert.setObject(8, run.profileId());
                insert.setString(9, run.firstEntry());
                try (ResultSet row = insert.executeQuery()) {
                  return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
                }
              }
            });
    id.ifPresent(runId -> enqueued.fire(new RunEnqueued(runId)));
    return id.isPresent();
  }

  /**
   * Claims the runs that have waited longest.
   *
   * @param most how many at most
   * @param lease how long they are held unless the lease is extended
   */
  public List<Claim> claim(int most, Duration lease) {
    return with(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(CLAIM)) {
            update.setInt(1, most);
            update.setLong(2, lease.toMillis());
            try (ResultSet rows = update.executeQuery()) {
              List<Claim> claims = new ArrayList<>();
              while (rows.next()) {
                claims.add(RunSql.claim(rows));
              }
              return claims;
            }
          }
        });
  }

  /**
   * Writes entries and what the run has used, both or neither.
   *
   * @param usage a JSON object; null leaves it as it is
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public void append(Claim claim, List<String> entries, @Nullable String usage) {
    held(
        claim,
        APPEND,
        (connection, update) -> {
          update.setString(1, usage);
          update.setInt(2, entries.size());
          update.setLong(3, claim.runId());
          update.setInt(4, claim.attempt());
          update.setInt(5, entries.size());
          update.setArray(6, connection.createArrayOf("text", entries.toArray()));
        });
  }

  /**
   * Ends a run with its last entry.
   *
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public void finish(Claim claim, RunEnd end) {
    held(
        claim,
        FINISH,
        (connection, update) -> {
          update.setString(1, end.status().code());
          update.setString(2, end.usage());
          update.setString(3, end.output());
          update.setString(4, end.errorCode());
          update.setString(5, end.errorMessage());
          update.setLong(6, claim.runId());
          update.setInt(7, claim.attempt());
          update.setString(8, end.lastEntry());
        });
  }

  /**
   * Hands a run back, to be claimed by anyone at once.
   *
   * @throws ClaimLostException when the run is no longer held by this claim
   */
  public void release(Claim claim) {
    held(
        claim,
        RELEASE,
        (connection, update) -> {
          update.setLong(1, claim.runId());
          update.setInt(2, claim.attempt());
        });
    enqueued.fire(new RunEnqueued(claim.runId()));
  }

  /**
   * Extends the leases of claims.
   *
   * @return the ids of the runs that are still held; any other is lost
   */
  public List<Long> extend(Collection<Claim> claims, Duration lease) {
    return with(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(EXTEND)) {
            update.setLong(1, lease.toMillis());
            update.setArray(
                2, connection.createArrayOf("bigint", claims.stream().map(Claim::runId).toArray()));
            update.setArray(
                3, connection.createArrayOf("int", claims.stream().map(Claim::attempt).toArray()));
            return RunSql.ids(update);
          }
        });
  }

  /**
   * Makes runs whose lease has run out claimable again.
   *
   * @param most how many at most
   * @return how many were
   */
  public int rescue(int most) {
    List<Long> rescued =
        with(
            connection -> {
              try (PreparedStatement update = connection.prepareStatement(RESCUE)) {
                update.setInt(1, most);
                return RunSql.ids(update);
              }
            });
    rescued.forEach(id -> enqueued.fire(new RunEnqueued(id)));
    return rescued.size();
  }

  /** How many runs of a task have not ended. */
  public long live(UUID taskId) {
    return with(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(LIVE)) {
            select.setObject(1, taskId);
            try (ResultSet row = select.executeQuery()) {
              row.next();
              return row.getLong(1);
            }
          }
        });
  }

  /** Ends all live runs of a task as {@code error}, with that code, sentence and last entry. */
  public void endAll(UUID taskId, String code, String sentence, String lastEntry) {
    with(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(END_ALL)) {
            update.setString(1, code);
            update.setString(2, sentence);
            update.setObject(3, taskId);
            update.setString(4, lastEntry);
            return update.executeUpdate();
          }
        });
  }

  private void held(Claim claim, String sql, RunSql.Binder values) {
    int rows =
        with(
            connection -> {
              try (PreparedStatement update = connection.prepareStatement(sql)) {
                values.bind(connection, update);
                return update.executeUpdate();
              }
            });
    if (rows == 0) {
      throw new ClaimLostException(claim);
    }
  }

  private <T> T with(Connected<T> work) {
    return RunSql.with(database, work);
  }
}
