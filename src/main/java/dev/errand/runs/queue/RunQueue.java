package dev.errand.runs.queue;

import dev.errand.runs.queue.RunSql.Connected;
import dev.errand.runs.queue.record.Claim;
import dev.errand.runs.queue.record.ClaimLostException;
import dev.errand.runs.queue.record.Enqueued;
import dev.errand.runs.queue.record.Run;
import dev.errand.runs.queue.record.RunChanged;
import dev.errand.runs.queue.record.RunEnd;
import dev.errand.runs.queue.record.RunEnded;
import dev.errand.runs.queue.record.RunEnqueued;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The queue: everything that moves a run from one status to another. Time is the database's, the
 * one clock that all workers share.
 */
@ApplicationScoped
public class RunQueue {
  private final DataSource database;
  private final QueueBound bound;
  private final Event<RunEnqueued> enqueued;
  private final Event<RunChanged> changed;
  private final Event<RunEnded> ends;

  public RunQueue(
      DataSource database,
      QueueBound bound,
      Event<RunEnqueued> enqueued,
      Event<RunChanged> changed,
      Event<RunEnded> ends) {
    this.database = database;
    this.bound = bound;
    this.enqueued = enqueued;
    this.changed = changed;
    this.ends = ends;
  }

  /**
   * What came of enqueuing a run.
   *
   * @param came whether it waits for a worker now
   * @param run the run, if it does
   */
  public record Placed(Enqueued came, @Nullable Run run) {}

  /**
   * Enqueues a run, unless its task has one of that name or had it, it may not overlap a live one,
   * or its profile has too many waiting. In a transaction it takes effect with the transaction.
   */
  public Placed enqueue(NewRun run) {
    Optional<Optional<Run>> added = bound.within(run.profileId(), () -> insert(run));
    if (added.isEmpty()) {
      return new Placed(Enqueued.FULL, null);
    }
    Optional<Run> placed = added.get();
    placed.ifPresent(its -> enqueued.fire(new RunEnqueued(its.id())));
    return new Placed(
        placed.isPresent() ? Enqueued.STARTED : Enqueued.REFUSED, placed.orElse(null));
  }

  private Optional<Run> insert(NewRun run) {
    return with(
        connection -> {
          try (PreparedStatement insert = connection.prepareStatement(RunStatements.ENQUEUE)) {
            insert.setObject(1, run.taskId());
            insert.setObject(2, run.profileId());
            insert.setString(3, run.name());
            insert.setString(4, run.parameters());
            insert.setString(5, run.assignment());
            insert.setString(6, run.trigger());
            insert.setInt(7, run.depth());
            insert.setBoolean(8, run.alone());
            insert.setObject(9, RunSql.time(run.scheduledAt()), Types.TIMESTAMP_WITH_TIMEZONE);
            insert.setString(10, run.firstEntry());
            insert.setString(11, run.traceparent());
            try (ResultSet row = insert.executeQuery()) {
              return row.next() ? Optional.of(RunSql.run(row)) : Optional.empty();
            }
          }
        });
  }

  /**
   * Claims runs: of each task no more than may go on at once, of the profiles those first that have
   * the fewest going on, and of each the run that has waited longest.
   *
   * @param most how many at most
   * @param lease how long they are held unless the lease is extended
   */
  public List<Claim> claim(int most, Duration lease) {
    Held held = new Held();
    try {
      return with(
          connection -> {
            try (PreparedStatement update =
                connection.prepareStatement(RunStatements.CLAIM_TURN + ";" + RunStatements.CLAIM)) {
              update.setInt(1, most);
              update.setInt(2, most);
              update.setLong(3, lease.toMillis());
              update.execute();
              update.getMoreResults();
              held.with(update.getResultSet());
            }
            return held.isEmpty() ? List.of() : claimed(connection, held);
          });
    } catch (RuntimeException e) {
      if (!held.isEmpty()) {
        release(held);
      }
      throw e;
    }
  }

  private static List<Claim> claimed(Connection connection, Held held) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(RunStatements.CLAIMED)) {
      held.bind(connection, select, 1);
      return RunSql.claims(select);
    }
  }

  /**
   * Writes entries and what the run has used, both or neither.
   *
   * @param usage a JSON object; null leaves it as it is
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public void append(Claim claim, List<String> entries, @Nullable String usage) {
    append(claim, null, entries, usage);
  }

  /**
   * Writes entries and what the run has used, both or neither, after so many entries.
   *
   * @throws ClaimLostException when the run is no longer held by this claim, or has more or fewer
   *     entries; nothing is written
   */
  public void appendAfter(
      int entryCount, Claim claim, List<String> entries, @Nullable String usage) {
    append(claim, entryCount, entries, usage);
  }

  private void append(
      Claim claim, @Nullable Integer after, List<String> entries, @Nullable String usage) {
    held(
        claim,
        RunStatements.APPEND,
        (connection, update) -> {
          update.setInt(1, entries.size());
          update.setString(2, usage);
          update.setLong(3, claim.runId());
          update.setInt(4, claim.attempt());
          update.setObject(5, after, Types.INTEGER);
          update.setInt(6, entries.size());
          update.setArray(7, connection.createArrayOf("text", entries.toArray()));
        });
  }

  /** How many entries a run has, as long as it is held by this claim. */
  public OptionalInt entryCount(Claim claim) {
    return with(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(RunStatements.ENTRY_COUNT)) {
            select.setLong(1, claim.runId());
            select.setInt(2, claim.attempt());
            try (ResultSet row = select.executeQuery()) {
              return row.next() ? OptionalInt.of(row.getInt(1)) : OptionalInt.empty();
            }
          }
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
          update.setString(4, end.finishReason());
          update.setString(5, end.errorCode());
          update.setString(6, end.errorMessage());
          update.setInt(7, entries.size());
          update.setLong(8, claim.runId());
          update.setInt(9, claim.attempt());
          update.setInt(10, entries.size());
          update.setArray(11, connection.createArrayOf("text", entries.toArray()));
        });
    ends.fire(new RunEnded(end.status(), end.errorCode()));
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
   * Hands runs back, to be claimed by anyone at once; they keep their place in the order.
   *
   * @return how many were still held by these claims
   */
  public int release(Collection<Claim> claims) {
    return release(Held.by(claims));
  }

  private int release(Held held) {
    List<Long> released =
        with(
            connection -> {
              try (PreparedStatement update = connection.prepareStatement(RunStatements.RELEASE)) {
                held.bind(connection, update, 1);
                return RunSql.ids(update);
              }
            });
    released.forEach(id -> enqueued.fire(new RunEnqueued(id)));
    return released.size();
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
            Held.by(claims).bind(connection, update, 2);
            return new Held().with(update.executeQuery()).among(claims);
          }
        });
  }

  /** The claims that still hold; any other is lost. */
  public List<Claim> stillHeld(Collection<Claim> claims) {
    return with(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(RunStatements.STILL_HELD)) {
            Held.by(claims).bind(connection, select, 1);
            return new Held().with(select.executeQuery()).among(claims);
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
