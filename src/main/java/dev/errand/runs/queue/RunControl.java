package dev.errand.runs.queue;

import dev.errand.base.database.DatabaseException;
import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Changes runs without holding a claim on them: cancels live runs, rescues runs of lost workers,
 * and retries ended ones.
 */
@ApplicationScoped
public class RunControl {
  private final Sql sql;
  private final QueueBound bound;
  private final Event<RunEnqueued> enqueued;
  private final Event<RunChanged> changed;
  private final Event<RunStopped> stopped;
  private final Event<RunEnded> ends;
  private final Event<SlotsChanged> slots;

  RunControl(
      Sql sql,
      QueueBound bound,
      Event<RunEnqueued> enqueued,
      Event<RunChanged> changed,
      Event<RunStopped> stopped,
      Event<RunEnded> ends,
      Event<SlotsChanged> slots) {
    this.sql = sql;
    this.bound = bound;
    this.enqueued = enqueued;
    this.changed = changed;
    this.stopped = stopped;
    this.ends = ends;
    this.slots = slots;
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
        .forEach(id -> publishEnd(id, end));
    slots.fire(new SlotsChanged(Set.of(taskId)));
  }

  /** Ends all runs of a task that have not ended. */
  public void endAll(UUID taskId, RunEnd end) {
    ending(sql.statement(ControlStatements.END_ALL), end)
        .with("task_id", taskId)
        .list(row -> row.number("id"))
        .forEach(id -> publishEnd(id, end));
  }

  /** Ends all runs of profiles that have not ended. The caller has locked the profiles. */
  public void endAllOf(Collection<UUID> profileIds, RunEnd end) {
    ending(sql.statement(ControlStatements.END_ALL_OF_PROFILES), end)
        .with("profile_ids", "uuid", profileIds)
        .list(row -> row.number("id"))
        .forEach(id -> publishEnd(id, end));
  }

  private static SqlStatement ending(SqlStatement statement, RunEnd end) {
    return statement
        .with("error_code", end.errorCode())
        .with("error_message", end.errorMessage())
        .with("last_entry", end.lastEntry());
  }

  /** The settings that were fixed when the run started, a JSON object; empty for a removed run. */
  public Optional<String> assignment(long runId) {
    return sql.statement(ControlStatements.ASSIGNMENT)
        .with("id", runId)
        .first(row -> row.text("assignment"));
  }

  /**
   * Enqueues a run that ended as {@code error} once more. It keeps its entries and continues from
   * the last one.
   *
   * @param assignment its new fixed settings, a JSON object
   * @param alone whether it may start only while no other run of its task is live
   * @param entry the entry that records the retry in its results
   * @param also further work in the same transaction
   */
  public Enqueued retry(
      UUID profileId,
      UUID taskId,
      long runId,
      String assignment,
      boolean alone,
      String entry,
      Runnable also) {
    Enqueued outcome =
        bound
            .within(profileId, () -> update(profileId, runId, assignment, alone, entry, also))
            .orElse(Enqueued.FULL);
    if (outcome == Enqueued.STARTED) {
      changed.fire(new RunChanged(runId));
      slots.fire(new SlotsChanged(Set.of(taskId)));
      enqueued.fire(new RunEnqueued(runId));
    }
    return outcome;
  }

  private Enqueued update(
      UUID profileId, long runId, String assignment, boolean alone, String entry, Runnable also) {
    SqlStatement statement =
        sql.statement(ControlStatements.RETRY)
            .with("assignment", assignment)
            .with("alone", alone)
            .with("id", runId)
            .with("entry", entry);
    try {
      return QuarkusTransaction.joiningExisting()
          .call(
              () -> {
                // A deletion of the profile ends its live runs before it waits for other
                // transactions.
                boolean isKept =
                    sql.statement(ControlStatements.KEEP_PROFILE)
                        .with("profile_id", profileId)
                        .exists();
                if (!isKept || !statement.exists()) {
                  return Enqueued.REFUSED;
                }
                also.run();
                return Enqueued.STARTED;
              });
    } catch (DatabaseException e) {
      if (e.isUniqueViolation()) {
        // Another run of the task, which it may not overlap, was enqueued first.
        return Enqueued.REFUSED;
      }
      throw e;
    }
  }

  /**
   * Makes runs whose lease has expired claimable again, and ends those that were lost too often
   * without progress.
   *
   * @param losses how often a run may be lost
   * @param end the end of a run that was lost more often
   * @return how many leases had expired
   */
  public int rescue(int most, int losses, RunEnd end) {
    List<Long> claimable = new ArrayList<>();
    List<Long> ended = new ArrayList<>();
    Set<UUID> tasks = new HashSet<>();
    ending(sql.statement(ControlStatements.RESCUE), end)
        .with("losses", losses)
        .with("most", most)
        .each(
            row -> {
              if (row.flag("hopeless")) {
                ended.add(row.number("id"));
                tasks.add(row.id("task_id"));
              } else {
                claimable.add(row.number("id"));
              }
            });
    claimable.forEach(id -> enqueued.fire(new RunEnqueued(id)));
    ended.forEach(id -> publishEnd(id, end));
    if (!tasks.isEmpty()) {
      slots.fire(new SlotsChanged(tasks));
    }
    return claimable.size() + ended.size();
  }

  /**
   * Returns a run to the queue after one of its steps was cut off, or ends it when that, or the
   * loss of its worker, happened too often without progress.
   *
   * @param losses how often a run may be cut off or lost
   * @param entry the entry that records the cut in its results
   * @param end the end of a run to which it happened more often
   * @return whether it was returned to the queue
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
      publishEnd(claim.runId(), end);
      slots.fire(new SlotsChanged(Set.of(claim.taskId())));
      return false;
    }
    changed.fire(new RunChanged(claim.runId()));
    enqueued.fire(new RunEnqueued(claim.runId()));
    return true;
  }

  private void publishEnd(long runId, RunEnd end) {
    changed.fire(new RunChanged(runId));
    stopped.fire(new RunStopped(runId));
    ends.fire(new RunEnded(end.status(), end.error()));
  }
}
