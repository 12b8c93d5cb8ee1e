package dev.errand.runs.queue;

import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.models.port.Spending.BudgetWait;
import dev.errand.runs.entry.NewEntries;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Enqueues, claims and ends runs; {@link RunControl} cancels, rescues and retries them. All times
 * come from the database's clock, which all workers share.
 */
@Singleton
public class RunQueue {
  private static final Logger LOG = Logger.getLogger(RunQueue.class);
  // More may wait than a claim can compare in a moment.
  private static final int PROFILES_AT_ONCE = 64;

  private final Sql sql;
  private final QueueBound bound;
  private final TaskSlots slots;
  private final RunWrites writes;
  private final Event<RunEnqueued> enqueued;
  private final Event<RunChanged> changed;
  private final Event<SlotsChanged> slotsChanged;

  public RunQueue(
      Sql sql,
      QueueBound bound,
      TaskSlots slots,
      RunWrites writes,
      Event<RunEnqueued> enqueued,
      Event<RunChanged> changed,
      Event<SlotsChanged> slotsChanged) {
    this.sql = sql;
    this.bound = bound;
    this.slots = slots;
    this.writes = writes;
    this.enqueued = enqueued;
    this.changed = changed;
    this.slotsChanged = slotsChanged;
  }

  public record Placed(Enqueued outcome, @Nullable Run run) {}

  /**
   * Enqueues a run, unless its task has or had a run of that name, the run would overlap a live one
   * against the task's settings, its profile's queue is full, or its profile is being deleted. In a
   * transaction, it takes effect with the transaction.
   */
  public Placed enqueue(NewRun run) {
    return bound.within(run.profileId(), () -> insert(run)).orElse(new Placed(Enqueued.FULL, null));
  }

  private Placed insert(NewRun run) {
    Optional<Run> added = Sql.isInTransaction() ? insertWaiting(run) : writes.enqueue(run);
    return added
        .map(started -> new Placed(Enqueued.STARTED, started))
        .orElse(new Placed(Enqueued.REFUSED, null));
  }

  // The lock of the task's slots would be held until the end of the transaction, which may take
  // long.
  private Optional<Run> insertWaiting(NewRun run) {
    Optional<Run> added = WriteValues.waiting(sql, List.of(run)).first(Run.class);
    added.ifPresent(started -> enqueued.fire(new RunEnqueued(started.id(), false)));
    slotsChanged.fire(new SlotsChanged(Set.of(run.taskId())));
    return added;
  }

  public List<Claim> claim(int most, Duration lease) {
    return claim(Allowance.of(most), lease);
  }

  /**
   * Claims eligible runs. No task gets more than its {@code concurrency}; profiles alternate, and
   * within a profile the run that has waited longest comes first. It costs the same however many
   * runs wait.
   *
   * @param allowance how many runs at most, of which users and profiles
   * @param lease how long the claims hold unless they are extended
   */
  public List<Claim> claim(Allowance allowance, Duration lease) {
    List<Claim> claims = new ArrayList<>();
    Set<UUID> due = claim(allowance, lease, claims);
    if (!due.isEmpty()) {
      claimDue(due, allowance, lease, claims);
    }
    return claims;
  }

  /** Whether a run waits that some process may claim now. */
  public boolean isAnyRunEligible() {
    return sql.statement(RunStatements.ANY_ELIGIBLE).first(_ -> true).orElse(false);
  }

  // The runs that were claimed before must be executed even if this fails; the next claim repeats
  // it.
  private void claimDue(Set<UUID> due, Allowance before, Duration lease, List<Claim> claims) {
    try {
      Allowance left = before.after(claims);
      if (slots.settle(due) > 0 && left.most() > 0) {
        Set<UUID> _ = claim(left, lease, claims);
      }
    } catch (RuntimeException e) {
      if (claims.isEmpty()) {
        throw e;
      }
      LOG.warnf("Due runs could not be claimed: %s", e.getMessage());
    }
  }

  private Set<UUID> claim(Allowance allowance, Duration lease, List<Claim> claims) {
    Set<UUID> due = new LinkedHashSet<>();
    sql.script()
        .then(slots.due(), row -> due.add(row.id("task_id")))
        .then(
            claiming(allowance).with("most", allowance.most()).with("lease_ms", lease.toMillis()),
            row -> claims.add(Claim.of(row)))
        .run();
    return due;
  }

  private SqlStatement claiming(Allowance allowance) {
    return allowance.isLimited()
        ? allowance
            .in(sql.statement(RunStatements.CLAIM_OF_SOME))
            .with("profiles", PROFILES_AT_ONCE)
            .with("from", UUID.randomUUID())
        : sql.statement(RunStatements.CLAIM);
  }

  /**
   * Appends entries and updates the run's usage, both or neither.
   *
   * @param usage a JSON object; null leaves the usage as it is
   * @param settled what the answer among them cost; null where nothing is reserved for it
   * @throws ClaimLostException when the run is no longer held by this claim, or has more or fewer
   *     entries; nothing is written
   */
  public void appendAfter(
      int entryCount,
      Claim claim,
      NewEntries entries,
      @Nullable String usage,
      @Nullable Settlement settled) {
    if (!writes.append(claim, entryCount, entries, usage, settled)) {
      throw new ClaimLostException(claim);
    }
  }

  /** The same where nothing is reserved. */
  public void appendAfter(int entryCount, Claim claim, NewEntries entries, @Nullable String usage) {
    appendAfter(entryCount, claim, entries, usage, (Settlement) null);
  }

  /**
   * The same with a further change in one transaction.
   *
   * @throws ClaimLostException as above; nothing is written
   */
  public void appendAfter(
      int entryCount, Claim claim, NewEntries entries, @Nullable String usage, Runnable also) {
    RunWrite.Append append = new RunWrite.Append(claim, entryCount, entries, usage, null);
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              if (!WriteValues.appends(sql, List.of(append)).exists()) {
                throw new ClaimLostException(claim);
              }
              also.run();
            });
    changed.fire(new RunChanged(claim.runId()));
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
   * @param settled what its last answer cost; null where nothing is reserved for it
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public void finish(Claim claim, NewEntries before, RunEnd end, @Nullable Settlement settled) {
    if (!writes.finish(claim, before.and(end.lastEntry()), end, settled)) {
      throw new ClaimLostException(claim);
    }
  }

  /** Ends a run of which nothing is reserved. */
  public void finish(Claim claim, NewEntries before, RunEnd end) {
    finish(claim, before, end, null);
  }

  /**
   * Replaces a run's usage by one that counts the request that is about to be sent.
   *
   * @param usage a JSON object
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public void reserve(Claim claim, String usage) {
    int held =
        sql.statement(RunStatements.RESERVE)
            .with("id", claim.runId())
            .with("attempt", claim.attempt())
            .with("usage", usage)
            .update();
    if (held == 0) {
      throw new ClaimLostException(claim);
    }
  }

  /** Replaces what attempts have reserved of budgets by what it cost. */
  public void settle(Collection<Settlement> settled) {
    BudgetStatements.settle(sql, sql.script(), settled).run();
  }

  /**
   * Returns a run to the queue, where it waits for the next period of a budget.
   *
   * @param usage a JSON object
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public void awaitBudget(Claim claim, BudgetWait wait, String usage) {
    int waiting =
        sql.statement(RunStatements.AWAIT_BUDGET)
            .with("id", claim.runId())
            .with("attempt", claim.attempt())
            .with("budget", wait.budget())
            .with("until", wait.until())
            .with("seen", wait.seen())
            .with("usage", usage)
            .update();
    returned(claim, waiting);
  }

  /**
   * Returns a run to the queue, where it waits until its turn comes to ask its model.
   *
   * @param until when that may be
   * @param usage a JSON object
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public void awaitRate(Claim claim, Instant until, String usage) {
    int waiting =
        sql.statement(RunStatements.AWAIT_RATE)
            .with("id", claim.runId())
            .with("attempt", claim.attempt())
            .with("until", until)
            .with("usage", usage)
            .update();
    returned(claim, waiting);
  }

  /**
   * Returns a run to the queue, to be claimed by any worker after a delay.
   *
   * @param delay how long from now, in whole milliseconds
   * @param entries one or more entries that say why
   * @param usage a JSON object
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public void postpone(Claim claim, Duration delay, NewEntries entries, String usage) {
    postpone(claim, delay, entries, usage, false);
  }

  /**
   * Returns a run to the queue for a later try, whose time limit begins anew.
   *
   * @param delay how long from now, in whole milliseconds
   * @param entries one or more entries that say why
   * @param usage a JSON object
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public void putOff(Claim claim, Duration delay, NewEntries entries, String usage) {
    postpone(claim, delay, entries, usage, true);
  }

  private void postpone(
      Claim claim, Duration delay, NewEntries entries, String usage, boolean anew) {
    int postponed =
        sql.statement(RunStatements.POSTPONE)
            .with("id", claim.runId())
            .with("attempt", claim.attempt())
            .with("count", entries.stored().size())
            .with("entries", "text", entries.stored())
            .with("warnings", entries.warned())
            .with("delay_ms", delay.toMillis())
            .with("usage", usage)
            .with("anew", anew)
            .update();
    returned(claim, postponed);
  }

  /**
   * Returns a run to the queue, where it waits until a person decides about one of its tool calls.
   *
   * @param approvals those that it waits for; if one was decided meanwhile, the run does not wait
   * @param until when the first of them expires
   * @param usage a JSON object
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public void awaitApprovals(
      Claim claim, List<UUID> approvals, Instant until, @Nullable String reason, String usage) {
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              sql.statement(WriteStatements.LOCK_RUNS)
                  .with("locked_ids", "bigint", List.of(claim.runId()))
                  .exists();
              int waiting =
                  sql.statement(RunStatements.AWAIT_APPROVALS)
                      .with("id", claim.runId())
                      .with("attempt", claim.attempt())
                      .with("approvals", "text", approvals, UUID::toString)
                      .with("until", until)
                      .with("reason", reason)
                      .with("usage", usage)
                      .update();
              if (waiting == 0) {
                throw new ClaimLostException(claim);
              }
            });
    announce(claim);
  }

  private void returned(Claim claim, int runs) {
    if (runs == 0) {
      throw new ClaimLostException(claim);
    }
    announce(claim);
  }

  private void announce(Claim claim) {
    changed.fire(new RunChanged(claim.runId()));
    slotsChanged.fire(new SlotsChanged(Set.of(claim.taskId())));
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
}
