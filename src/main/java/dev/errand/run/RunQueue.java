package dev.errand.run;

import dev.errand.run.RunSql.Connected;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The queue: everything that moves a run from one status to another. Time is the database's, the
 * one clock that all workers share.
 */
@ApplicationScoped
public class RunQueue {
  private final DataSource database;
  private final Event<RunEnqueued> enqueued;
  private final Event<RunChanged> changed;

  RunQueue(DataSource database, Event<RunEnqueued> enqueued, Event<RunChanged> changed) {
    this.database = database;
    this.enqueued = enqueued;
    this.changed = changed;
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
              try (PreparedStatement insert = connection.prepareStatement(RunStatements.ENQUEUE)) {
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
          try (PreparedStatement update = connection.prepareStatement(RunStatements.CLAIM)) {
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
        RunStatements.APPEND,
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
    finish(claim, List.of(), end);
  }

  /**
   * Ends a run with its last entries.
   *
   * @param before the entries before the last one
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public void finish(Claim claim, List<String> before, RunEnd end) {
    List<String> entries = new ArrayList<>(before);
    entries.add(end.lastEntry());
    held(
        claim,
        RunStatements.FINISH,
        (connection, update) -> {
          update.setString(1, end.status().code());
          update.setString(2, end.usage());
          update.setString(3, end.output());
          update.setString(4, end.errorCode());
          update.setString(5, end.errorMessage());
          update.setInt(6, entries.size());
          update.setLong(7, claim.runId());
          update.setInt(8, claim.attempt());
          update.setInt(9, entries.size());
          update.setArray(10, connection.createArrayOf("text", entries.toArray()));
        });
  }

  /**
   * Hands a run back, to be claimed by anyone when a time has passed.
   *
   * @param delay how long from now, to the millisecond
   * @param entries why; one or more
   * @param usage a JSON object
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public void postpone(Claim claim, Duration delay, List<String> entries, String usage) {
    held(
        claim,
        RunStatements.POSTPONE,
        (connection, update) -> {
          update.setLong(1, delay.toMillis());
          update.setLong(2, delay.toMillis());
          update.setString(3, usage);
          update.setInt(4, entries.size());
          update.setLong(5, claim.runId());
          update.setInt(6, claim.attempt());
          update.setInt(7, entries.size());
          update.setArray(8, connection.createArrayOf("text", entries.toArray()));
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
        RunStatements.RELEASE,
        (connection, update) -> {
          update.setLong(1, claim.runId());
          update.setInt(2, claim.attempt());
        });
    enqueued.fire(new RunEnqueued(claim.runId()));
  }

  /**
   * Extends the leases of claims.
   *
   * @return the claims that still hold; any other is lost
   */
  public List<Claim> extend(Collection<Claim> claims, Duration lease) {
    return with(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(RunStatements.EXTEND)) {
            update.setLong(1, lease.toMillis());
            update.setArray(
                2, connection.createArrayOf("bigint", claims.stream().map(Claim::runId).toArray()));
            update.setArray(
                3, connection.createArrayOf("int", claims.stream().map(Claim::attempt).toArray()));
            Map<Long, Integer> attempts = new HashMap<>();
            try (ResultSet rows = update.executeQuery()) {
              while (rows.next()) {
                attempts.put(rows.getLong(1), rows.getInt(2));
              }
            }
            return claims.stream()
                .filter(claim -> Objects.equals(attempts.get(claim.runId()), claim.attempt()))
                .toList();
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
              try (PreparedStatement update = connection.prepareStatement(RunStatements.RESCUE)) {
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
          try (PreparedStatement select = connection.prepareStatement(RunStatements.LIVE)) {
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
          try (PreparedStatement update = connection.prepareStatement(RunStatements.END_ALL)) {
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
    changed.fire(new RunChanged(claim.runId()));
  }

  private <T> T with(Connected<T> work) {
    return RunSql.with(database, work);
  }
}
