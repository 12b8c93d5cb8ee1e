package dev.errand.runs.queue;

import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Enqueues, claims and ends runs; {@link RunControl} cancels, rescues and retries them. All times
 * come from the database's clock, which all workers share.
 */
@ApplicationScoped
public class RunQueue {
  private final Sql sql;
  private final QueueBound bound;
  private final Event<RunEnqueued> enqueued;
  private final Event<RunChanged> changed;
  private final Event<RunEnded> ends;

  public RunQueue(
      Sql sql,
      QueueBound bound,
      Event<RunEnqueued> enqueued,
      Event<RunChanged> changed,
      Event<RunEnded> ends) {
    this.sql = sql;
    this.bound = bound;
    this.enqueued = enqueued;
    this.changed = changed;
    this.ends = ends;
  }

  /**
   * The result of enqueuing a run.
   *
   * @param outcome whether the run was enqueued
   * @param run the run, if it was
   */
  public record Placed(Enqueued outcome, @Nullable Run run) {}

  /**
   * Enqueues a run, unless its task has or had a run of that name, the run would overlap a live one
   * against the task's settings, or its profile's queue is full. In a transaction, it takes effect
   * with the transaction.
   */
  public Placed enqueue(NewRun run) {
    Placed placed =
        bound.within(run.profileId(), () -> insert(run)).orElse(new Placed(Enqueued.FULL, null));
    if (placed.run() != null) {
      enqueued.fire(new RunEnqueued(placed.run().id()));
    }
    return placed;
  }

  private Placed insert(NewRun run) {
    return sql.statement(RunStatements.ENQUEUE)
        .with("task_id", run.taskId())
        .with("profile_id", run.profileId())
        .with("name", run.name())
        .with("parameters", run.parameters())
        .with("assignment", run.assignment())
        .with("trigger", run.trigger())
        .with("depth", run.depth())
        .with("alone", run.alone())
        .with("scheduled_at", run.scheduledAt())
        .with("entry", run.firstEntry())
        .with("traceparent", run.traceparent())
        .first(row -> new Placed(Enqueued.STARTED, Run.of(row)))
        .orElse(new Placed(Enqueued.REFUSED, null));
  }

  /**
   * Claims due runs. No task gets more than its {@code concurrency}; profiles with the fewest
   * running runs come first, and within a profile the run that has waited longest.
   *
   * @param most how many at most
   * @param lease how long the claims hold unless they are extended
   */
  public List<Claim> claim(int most, Duration lease) {
    HeldAttempts held = new HeldAttempts();
    try {
      return sql.onOneConnection(
          one -> {
            one.statement(RunStatements.CLAIM)
                .with("most", most)
                .with("lease_ms", lease.toMillis())
                .each(held::add);
            return held.isEmpty()
                ? List.of()
                : held.in(one.statement(RunStatements.CLAIMED)).list(Claim::of);
          });
    } catch (RuntimeException e) {
      if (!held.isEmpty()) {
        release(held);
      }
      throw e;
    }
  }

  /**
   * Appends entries and updates the run's usage, both or neither.
   *
   * @param entryCount how many entries the run must have before
   * @param usage a JSON object; null leaves the usage as it is
   * @throws ClaimLostException when the run is no longer held by this claim, or has more or fewer
   *     entries; nothing is written
   */
  public void appendAfter(
      int entryCount, Claim claim, List<String> entries, @Nullable String usage) {
    write(
        claim,
        adding(RunStatements.APPEND, claim, entries)
            .with("usage", usage)
            .with("after", entryCount));
  }

  /** How many entries a run has, as long as it is held by this claim. */
  public OptionalInt entryCount(Claim claim) {
    return sql.statement(RunStatements.ENTRY_COUNT)
        .with("id", claim.runId())
        .with("attempt", claim.attempt())
        .first(row -> OptionalInt.of(row.integer("entry_count")))
        .orElse(OptionalInt.empty());
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
    write(
        claim,
        adding(RunStatements.FINISH, claim, entries)
            .with("status", end.status().code())
            .with("usage", end.usage())
            .with("output", end.output())
            .with("finish_reason", end.finishReason())
            .with("error_code", end.errorCode())
            .with("error_message", end.errorMessage()));
    ends.fire(new RunEnded(end.status(), end.errorCode()));
  }

  /**
   * Returns a run to the queue, to be claimed by any worker after a delay.
   *
   * @param delay how long from now, in whole milliseconds
   * @param entries one or more entries that say why
   * @param usage a JSON object
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public void postpone(Claim claim, Duration delay, List<String> entries, String usage) {
    write(
        claim,
        adding(RunStatements.POSTPONE, claim, entries)
            .with("delay_ms", delay.toMillis())
            .with("usage", usage));
  }

  /**
   * Returns runs to the queue, to be claimed by any worker at once; they keep their place in the
   * order.
   *
   * @return how many were still held by these claims
   */
  public int release(Collection<Claim> claims) {
    return release(HeldAttempts.by(claims));
  }

  private int release(HeldAttempts held) {
    List<Long> released =
        held.in(sql.statement(RunStatements.RELEASE)).list(row -> row.number("id"));
    released.forEach(id -> enqueued.fire(new RunEnqueued(id)));
    return released.size();
  }

  /**
   * Extends the leases of claims.
   *
   * @return the claims that still hold; all others are lost
   */
  public List<Claim> extend(Collection<Claim> claims, Duration lease) {
    SqlStatement extend = sql.statement(RunStatements.EXTEND).with("lease_ms", lease.toMillis());
    return stillHeld(extend, claims);
  }

  /** Returns the claims that still hold; all others are lost. */
  public List<Claim> stillHeld(Collection<Claim> claims) {
    return stillHeld(sql.statement(RunStatements.STILL_HELD), claims);
  }

  private static List<Claim> stillHeld(SqlStatement statement, Collection<Claim> claims) {
    HeldAttempts held = new HeldAttempts();
    HeldAttempts.by(claims).in(statement).each(held::add);
    return held.among(claims);
  }

  private SqlStatement adding(String statement, Claim claim, List<String> entries) {
    return sql.statement(statement)
        .with("id", claim.runId())
        .with("attempt", claim.attempt())
        .with("count", entries.size())
        .with("entries", "text", entries);
  }

  private void write(Claim claim, SqlStatement update) {
    if (update.update() == 0) {
      throw new ClaimLostException(claim);
    }
    changed.fire(new RunChanged(claim.runId()));
  }
}
