package dev.errand.runs.queue;

import dev.errand.base.background.Batcher;
import dev.errand.base.database.Outage;
import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlScript;
import dev.errand.base.database.SqlStatement;
import dev.errand.runs.entry.NewEntries;
import dev.errand.runs.queue.RunStatuses.RunKey;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Batches writes to runs: writes that are ready at the same moment in this process share one round
 * trip and one commit (group commit). Each write is fenced by its own claim and gets its own
 * result. If a batch fails, each of its writes is retried alone, so that one that can't be stored
 * does not affect the others.
 */
@Singleton
public class RunWrites {
  private static final Logger LOG = Logger.getLogger(RunWrites.class);
  // A second batch is prepared while the first waits for the database's disk.
  private static final int LANES = 2;
  // Each task takes a lock, of which the database has a limited number.
  private static final int LARGEST_BATCH = 64;

  private final Sql sql;
  private final TaskSlots slots;
  private final Event<RunEnqueued> enqueued;
  private final Event<RunChanged> changed;
  private final Event<RunEnded> ends;
  private final Event<SlotsFilled> filled;
  private volatile RunCapacity room = (_, _) -> RunCapacity.NONE;
  private final Batcher<RunWrite<?>> batcher =
      new Batcher<>("run-writes", LANES, LARGEST_BATCH, this::commitAll);

  public RunWrites(
      Sql sql,
      TaskSlots slots,
      Event<RunEnqueued> enqueued,
      Event<RunChanged> changed,
      Event<RunEnded> ends,
      Event<SlotsFilled> filled) {
    this.sql = sql;
    this.slots = slots;
    this.enqueued = enqueued;
    this.changed = changed;
    this.ends = ends;
    this.filled = filled;
  }

  /** Lets runs start with the commit that enqueues them or gives them a slot. */
  public void beginIn(RunCapacity here) {
    room = here;
  }

  /**
   * Adds a run to the queue, in its own commit or with others. If this process has room for it and
   * for all eligible runs that wait, it starts at once, and is {@code running}.
   *
   * @return the run; empty when its task has or had a run of that name, or a live one that it may
   *     not overlap, or its profile is gone or being deleted or renamed
   */
  public Optional<Run> enqueue(NewRun run) {
    RunWrite.Enqueue write = new RunWrite.Enqueue(run);
    Optional<Run> added = committed(write);
    added
        .filter(one -> one.status() == RunStatus.PENDING)
        .ifPresent(one -> enqueued.fire(new RunEnqueued(one.id(), write.isEligible)));
    return added;
  }

  /**
   * Appends entries and updates the run's usage, both or neither.
   *
   * @param usage a JSON object; null leaves the usage as it is
   * @param settled what the answer among them cost; null where nothing is reserved for it
   * @return whether they were written; false when the run is no longer held by this claim, or has
   *     more or fewer entries
   */
  public boolean append(
      Claim claim,
      int after,
      NewEntries entries,
      @Nullable String usage,
      @Nullable Settlement settled) {
    boolean written = committed(new RunWrite.Append(claim, after, entries, usage, settled));
    if (written) {
      changed.fire(new RunChanged(claim.runId()));
    }
    return written;
  }

  /**
   * Ends a run, and gives its slot to the next run of its task.
   *
   * @param settled what its last answer cost; null where nothing is reserved for it
   * @return whether it was ended; false when it is no longer held by this claim
   */
  public boolean finish(Claim claim, NewEntries entries, RunEnd end, @Nullable Settlement settled) {
    boolean ended = committed(new RunWrite.Finish(claim, entries, end, settled));
    if (ended) {
      changed.fire(new RunChanged(claim.runId()));
      ends.fire(new RunEnded(end.status(), end.error()));
    }
    return ended;
  }

  private <T> T committed(RunWrite<T> write) {
    batcher.add(write);
    return write.await();
  }

  // Two runs of one name can't be told apart in a result, so the second one waits for the next
  // transaction.
  private void commitAll(List<RunWrite<?>> batch) {
    Set<RunKey> names = new HashSet<>();
    List<RunWrite<?>> now = new ArrayList<>();
    List<RunWrite<?>> later = new ArrayList<>();
    for (RunWrite<?> write : batch) {
      boolean again =
          write instanceof RunWrite.Enqueue enqueue
              && !names.add(new RunKey(enqueue.run.taskId(), enqueue.run.name()));
      (again ? later : now).add(write);
    }
    commit(now);
    later.forEach(write -> commit(List.of(write)));
  }

  private void commit(List<RunWrite<?>> batch) {
    Commit commit = new Commit(batch);
    try {
      commit.run();
    } catch (RuntimeException e) {
      if (batch.size() == 1 || Outage.isBehind(e)) {
        batch.forEach(write -> write.fail(e));
      } else {
        batch.forEach(write -> commit(List.of(write)));
      }
    } catch (Error e) {
      LOG.errorf(e, "%d writes failed", batch.size());
      batch.forEach(write -> write.fail(new IllegalStateException(e)));
    }
    if (commit.filled > 0) {
      filled.fire(new SlotsFilled(commit.filled));
    }
  }

  /** One round trip, with the result of each write. */
  private final class Commit {
    private final List<RunWrite.Enqueue> enqueues = new ArrayList<>();
    private final List<RunWrite.Append> appends = new ArrayList<>();
    private final List<RunWrite.Finish> finishes = new ArrayList<>();
    private final Map<Long, Run> added = new HashMap<>();
    private final HeldAttempts written = new HeldAttempts();
    private final List<Claim> begun = new ArrayList<>();
    // Those that begin because another of their task ended.
    private final List<Claim> next = new ArrayList<>();
    private int filled;

    Commit(List<RunWrite<?>> batch) {
      for (RunWrite<?> write : batch) {
        switch (write) {
          case RunWrite.Enqueue enqueue -> enqueues.add(enqueue);
          case RunWrite.Append append -> appends.add(append);
          case RunWrite.Finish finish -> finishes.add(finish);
        }
      }
    }

    void run() {
      List<Claim> ending = finishes.stream().map(finish -> finish.claim).toList();
      RunCapacity.Reserved forNew = reserve(enqueues.size(), List.of());
      RunCapacity.Reserved forNext = reserve(ending.size(), ending);
      try {
        commit(forNew, forNext);
      } finally {
        forNew.starts().accept(begun);
        forNext.starts().accept(next);
      }
      succeed();
    }

    private RunCapacity.Reserved reserve(int wanted, List<Claim> ending) {
      return wanted == 0 ? RunCapacity.NONE : room.reserve(wanted, ending);
    }

    private void commit(RunCapacity.Reserved forNew, RunCapacity.Reserved forNext) {
      Set<UUID> ended = new LinkedHashSet<>();
      finishes.forEach(finish -> ended.add(finish.claim.taskId()));
      Set<UUID> all = new LinkedHashSet<>(ended);
      enqueues.forEach(enqueue -> all.add(enqueue.run.taskId()));
      SqlScript script = sql.script();
      if (!all.isEmpty()) {
        script.then(slots.lock(all));
      }
      if (finishes.size() + appends.size() > 1) {
        script.then(lockRuns());
      }
      if (!finishes.isEmpty()) {
        script.then(WriteValues.finishes(sql, finishes), written::add);
      }
      if (!enqueues.isEmpty()) {
        script.then(enqueue(forNew), this::added);
      }
      if (!appends.isEmpty()) {
        script.then(WriteValues.appends(sql, appends), written::add);
      }
      if (!ended.isEmpty()) {
        script.then(slots.filling(ended, forNext), this::slotFilled);
      }
      List<Settlement> settled = settled();
      if (!settled.isEmpty()) {
        // Last, since many runs wait for these rows.
        BudgetStatements.settle(sql, script, settled);
      }
      script.run();
    }

    private List<Settlement> settled() {
      return Stream.concat(
              appends.stream().map(append -> append.settled),
              finishes.stream().map(finish -> finish.settled))
          .filter(Objects::nonNull)
          .toList();
    }

    private void succeed() {
      for (int i = 0; i < enqueues.size(); i++) {
        enqueues.get(i).succeed(Optional.ofNullable(added.get(i + 1L)));
      }
      appends.forEach(append -> append.succeed(written.has(append.claim)));
      finishes.forEach(finish -> finish.succeed(written.has(finish.claim)));
    }

    private SqlStatement lockRuns() {
      List<Long> ids = new ArrayList<>();
      appends.forEach(append -> ids.add(append.claim.runId()));
      finishes.forEach(finish -> ids.add(finish.claim.runId()));
      return sql.statement(WriteStatements.LOCK_RUNS).with("locked_ids", "bigint", ids);
    }

    private SqlStatement enqueue(RunCapacity.Reserved reserved) {
      return WriteValues.enqueue(
          sql, enqueues.stream().map(enqueue -> enqueue.run).toList(), reserved);
    }

    private void slotFilled(Row row) {
      if (RunStatus.of(row.text("status")) == RunStatus.RUNNING) {
        next.add(Claim.of(row));
      } else {
        filled++;
      }
    }

    private void added(Row row) {
      Run run = row.as(Run.class);
      long number = row.number("number");
      added.put(number, run);
      enqueues.get((int) number - 1).isEligible = row.text("eligibility").equals("eligible");
      if (run.status() == RunStatus.RUNNING) {
        begun.add(Claim.of(row));
      }
    }
  }
}
