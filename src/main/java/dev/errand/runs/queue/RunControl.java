package dev.errand.runs.queue;

import dev.errand.base.database.DatabaseException;
import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Ends runs from outside, whoever holds them, takes them from workers that were lost, and takes
 * ended ones up again.
 */
@ApplicationScoped
public class RunControl {
  private final Sql sql;
  private final QueueBound bound;
  private final Event<RunEnqueued> enqueued;
  private final Event<RunChanged> changed;
  private final Event<RunStopped> stopped;
  private final Event<RunEnded> ends;

  RunControl(
      Sql sql,
      QueueBound bound,
      Event<RunEnqueued> enqueued,
      Event<RunChanged> changed,
      Event<RunStopped> stopped,
      Event<RunEnded> ends) {
    this.sql = sql;
    this.bound = bound;
    this.enqueued = enqueued;
    this.changed = changed;
    this.stopped = stopped;
    this.ends = ends;
  }

  /** How many runs of a task have not ended. */
  public long live(UUID taskId) {
    return sql.statement(ControlStatements.LIVE)
        .with("task_id", taskId)
        .one(row -> row.number("runs"));
  }

  /** Ends the task's run of that name, if it has not ended. */
  public void end(UUID taskId, String name, RunEnd end) {
    ending(sql.statement(ControlStatements.CANCEL), end)
        .with("task_id", taskId)
        .with("name", name)
        .list(row -> row.number("id"))
        .forEach(id -> tellOfEnd(id, end));
  }

  /** Ends all runs of a task that have not ended. */
  public void endAll(UUID taskId, RunEnd end) {
    ending(sql.statement(ControlStatements.END_ALL), end)
        .with("task_id", taskId)
        .list(row -> row.number("id"))
        .forEach(id -> tellOfEnd(id, end));
  }

  private static SqlStatement ending(SqlStatement statement, RunEnd end) {
    return statement
        .with("error_code", end.errorCode())
        .with("error_message", end.errorMessage())
        .with("last_entry", end.lastEntry());
  }

  /** What was fixed for a run, a JSON object. */
  public String assignment(long runId) {
    return sql.statement(ControlStatements.ASSIGNMENT)
        .with("id", runId)
        .one(row -> row.text("assignment"));
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
    Enqueued came =
        bound
            .within(profileId, () -> takeUp(runId, assignment, alone, entry))
            .orElse(Enqueued.FULL);
    if (came == Enqueued.STARTED) {
      changed.fire(new RunChanged(runId));
      enqueued.fire(new RunEnqueued(runId));
    }
    return came;
  }

  private Enqueued takeUp(long runId, String assignment, boolean alone, String entry) {
    try {
      boolean isTaken =
          sql.statement(ControlStatements.RETRY)
              .with("assignment", assignment)
              .with("alone", alone)
              .with("id", runId)
              .with("entry", entry)
              .exists();
      return isTaken ? Enqueued.STARTED : Enqueued.REFUSED;
    } catch (DatabaseException e) {
      if (e.isUniqueViolation()) {
        // Another one that it may not overlap came first.
        return Enqueued.REFUSED;
      }
      throw e;
    }
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
    ending(sql.statement(ControlStatements.RESCUE), end)
        .with("losses", losses)
        .with("most", most)
        .each(row -> (row.flag("hopeless") ? ended : claimable).add(row.number("id")));
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
        ending(sql.statement(ControlStatements.CUT_OFF), end)
            .with("losses", losses)
            .with("id", claim.runId())
            .with("attempt", claim.attempt())
            .with("entry", entry)
            .first(row -> row.flag("hopeless"));
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
}
