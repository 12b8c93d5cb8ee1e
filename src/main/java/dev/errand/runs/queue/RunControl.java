package dev.errand.runs.queue;

import dev.errand.runs.queue.record.Claim;
import dev.errand.runs.queue.record.ClaimLostException;
import dev.errand.runs.queue.record.Enqueued;
import dev.errand.runs.queue.record.RunChanged;
import dev.errand.runs.queue.record.RunEnd;
import dev.errand.runs.queue.record.RunEnded;
import dev.errand.runs.queue.record.RunEnqueued;
import dev.errand.runs.queue.record.RunStopped;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.postgresql.util.PSQLState;

/**
 * Ends runs from outside, whoever holds them, takes them from workers that were lost, and takes
 * ended ones up again.
 */
@ApplicationScoped
public class RunControl {
  private final DataSource database;
  private final QueueBound bound;
  private final Event<RunEnqueued> enqueued;
  private final Event<RunChanged> changed;
  private final Event<RunStopped> stopped;
  private final Event<RunEnded> ends;

  RunControl(
      DataSource database,
      QueueBound bound,
      Event<RunEnqueued> enqueued,
      Event<RunChanged> changed,
      Event<RunStopped> stopped,
      Event<RunEnded> ends) {
    this.database = database;
    this.bound = bound;
    this.enqueued = enqueued;
    this.changed = changed;
    this.stopped = stopped;
    this.ends = ends;
  }

  /** How many runs of a task have not ended. */
  public long live(UUID taskId) {
    return RunSql.with(
        database,
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(ControlStatements.LIVE)) {
            select.setObject(1, taskId);
            try (ResultSet row = select.executeQuery()) {
              row.next();
              return row.getLong(1);
            }
          }
        });
  }

  /** Ends the task's run of that name, if it has not ended. */
  public void end(UUID taskId, String name, RunEnd end) {
    List<Long> ended =
        RunSql.with(
            database,
            connection -> {
              try (PreparedStatement update =
                  connection.prepareStatement(ControlStatements.CANCEL)) {
                update.setString(1, end.errorCode());
                update.setString(2, end.errorMessage());
                update.setObject(3, taskId);
                update.setString(4, name);
                update.setString(5, end.lastEntry());
                return RunSql.ids(update);
              }
            });
    ended.forEach(id -> tellOfEnd(id, end));
  }

  /** Ends all runs of a task that have not ended. */
  public void endAll(UUID taskId, RunEnd end) {
    List<Long> ended =
        RunSql.with(
            database,
            connection -> {
              try (PreparedStatement update =
                  connection.prepareStatement(ControlStatements.END_ALL)) {
                update.setString(1, end.errorCode());
                update.setString(2, end.errorMessage());
                update.setObject(3, taskId);
                update.setObject(4, taskId);
                update.setString(5, end.lastEntry());
                return RunSql.ids(update);
              }
            });
    ended.forEach(id -> tellOfEnd(id, end));
  }

  /** What was fixed for a run, a JSON object. */
  public String assignment(long runId) {
    return RunSql.with(
        database,
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(ControlStatements.ASSIGNMENT)) {
            select.setLong(1, runId);
            try (ResultSet row = select.executeQuery()) {
              row.next();
              return row.getString(1);
            }
          }
        });
  }

  /**
   * Enqueues a run again that ended as {@code error}. Its entries stay, and it goes on from them.
   *
   * @param assignment what is fixed for it now, a JSON object
   * @param alone whether it may start only while no other run of its task is live
   * @param entry what its results tell of it
   */
  public Enqueued again(
      UUID profileId, long runId, String assignment, boolean alone, String entry) {
    Optional<Boolean> added =
        bound.within(profileId, () -> update(runId, assignment, alone, entry));
    if (added.isEmpty()) {
      return Enqueued.FULL;
    }
    if (!added.get()) {
      return Enqueued.REFUSED;
    }
    changed.fire(new RunChanged(runId));
    enqueued.fire(new RunEnqueued(runId));
    return Enqueued.STARTED;
  }

  /**
   * Makes runs whose lease has run out claimable again, and ends those that were lost too often
   * without having come further.
   *
   * @param most how many at most
   * @param losses how often a run may be lost
   * @param end how one ends that was lost more often
   * @return how many leases had run out
   */
  public int rescue(int most, int losses, RunEnd end) {
    List<Long> claimable = new ArrayList<>();
    List<Long> ended = new ArrayList<>();
    RunSql.with(
        database,
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(ControlStatements.RESCUE)) {
            update.setInt(1, losses);
            update.setInt(2, most);
            update.setString(3, end.errorCode());
            update.setString(4, end.errorMessage());
            update.setString(5, end.lastEntry());
            try (ResultSet rows = update.executeQuery()) {
              while (rows.next()) {
                (rows.getBoolean(2) ? ended : claimable).add(rows.getLong(1));
              }
              return rows;
            }
          }
        });
    claimable.forEach(id -> enqueued.fire(new RunEnqueued(id)));
    ended.forEach(id -> tellOfEnd(id, end));
    return claimable.size() + ended.size();
  }

  /**
   * Hands a run back that had a step cut off, or ends it when it was cut off and lost too often
   * without having come further.
   *
   * @param losses how often a run may be cut off or lost
   * @param entry tells of it
   * @param end how one ends to which it happened more often
   * @return whether it was handed back
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public boolean cutOff(Claim claim, int losses, String entry, RunEnd end) {
    Optional<Boolean> ended =
        RunSql.with(
            database,
            connection -> {
              try (PreparedStatement update =
                  connection.prepareStatement(ControlStatements.CUT_OFF)) {
                update.setInt(1, losses);
                update.setLong(2, claim.runId());
                update.setInt(3, claim.attempt());
                update.setString(4, end.errorCode());
                update.setString(5, end.errorMessage());
                update.setString(6, entry);
                update.setString(7, end.lastEntry());
                try (ResultSet row = update.executeQuery()) {
                  return row.next() ? Optional.of(row.getBoolean(1)) : Optional.empty();
                }
              }
            });
    if (ended.isEmpty()) {
      throw new ClaimLostException(claim);
    }
    if (ended.get()) {
      tellOfEnd(claim.runId(), end);
      return false;
    }
    changed.fire(new RunChanged(claim.runId()));
    enqueued.fire(new RunEnqueued(claim.runId()));
    return true;
  }

  private void tellOfEnd(long runId, RunEnd end) {
    changed.fire(new RunChanged(runId));
    stopped.fire(new RunStopped(runId));
    ends.fire(new RunEnded(end.status(), end.errorCode()));
  }

  private boolean update(long runId, String assignment, boolean alone, String entry) {
    return RunSql.with(
        database,
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(ControlStatements.RETRY)) {
            update.setString(1, assignment);
            update.setBoolean(2, alone);
            update.setLong(3, runId);
            update.setString(4, entry);
            return !RunSql.ids(update).isEmpty();
          } catch (SQLException e) {
            if (PSQLState.UNIQUE_VIOLATION.getState().equals(e.getSQLState())) {
              // Another one that it may not overlap came first.
              return false;
            }
            throw e;
          }
        });
  }
}
