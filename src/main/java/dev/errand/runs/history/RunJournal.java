package dev.errand.runs.history;

import dev.errand.base.database.Outage;
import dev.errand.models.port.Spending.BudgetWait;
import dev.errand.runs.entry.NewEntries;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.queue.ClaimLostException;
import dev.errand.runs.queue.RunEnd;
import dev.errand.runs.queue.RunQueue;
import dev.errand.runs.queue.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes the steps of one claimed run to the database, each exactly once. A model's answer was paid
 * for, so a write is repeated until the database is available. If the connection breaks before the
 * database answers, the run's count of entries shows whether the write took effect.
 */
public final class RunJournal {
  // After an interrupt, a write may still be tried for this long.
  private static final Duration LAST_WRITE = Duration.ofSeconds(2);

  private final RunQueue queue;
  private final Claim claim;
  private final ReentrantLock lock = new ReentrantLock();
  private int entryCount;
  private @Nullable Settlement settlement;

  public RunJournal(RunQueue queue, Claim claim) {
    this.queue = queue;
    this.claim = claim;
    this.entryCount = claim.entryCount();
  }

  /** Has the next write record what a request to the model cost. */
  public void settles(Settlement cost) {
    lock.lock();
    try {
      settlement = settlement == null ? cost : settlement.and(cost);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Appends entries and updates the run's usage, both or neither.
   *
   * @param usage a JSON object; null leaves the usage as it is
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public void append(NewEntries entries, @Nullable String usage) {
    write(
        inDoubt -> {
          try {
            queue.appendAfter(entryCount, claim, entries, usage, settlement);
          } catch (ClaimLostException e) {
            // Only this attempt writes: if the entries are there, they are these.
            if (!inDoubt
                || queue.entryCount(claim).orElse(0) != entryCount + entries.stored().size()) {
              throw e;
            }
          }
          settlement = null;
          entryCount += entries.stored().size();
        });
  }

  /**
   * Appends entries, and makes a further change in the same transaction.
   *
   * @param usage a JSON object; null leaves the usage as it is
   * @param also the change, which is made again where it is not known whether it took effect and it
   *     did not
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public void append(NewEntries entries, @Nullable String usage, Runnable also) {
    write(
        inDoubt -> {
          try {
            queue.appendAfter(entryCount, claim, entries, usage, also);
          } catch (ClaimLostException e) {
            if (!inDoubt
                || queue.entryCount(claim).orElse(0) != entryCount + entries.stored().size()) {
              throw e;
            }
          }
          entryCount += entries.stored().size();
        });
  }

  /**
   * Replaces the usage before a request to the model, with what that may use; it is no progress.
   *
   * @param usage a JSON object
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public void reserve(String usage) {
    write(_ -> queue.reserve(claim, usage));
  }

  /**
   * Returns the run to the queue, where it waits until a person decides about a tool call.
   *
   * @param usage a JSON object
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public void awaitApprovals(
      List<UUID> approvals, Instant until, @Nullable String reason, String usage) {
    leave(() -> queue.awaitApprovals(claim, approvals, until, reason, usage));
  }

  /**
   * Returns the run to the queue, where it waits for the next period of a budget.
   *
   * @param usage a JSON object
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public void awaitBudget(BudgetWait wait, String usage) {
    leave(() -> queue.awaitBudget(claim, wait, usage));
  }

  /**
   * Returns the run to the queue, where it waits for its turn to ask its model.
   *
   * @param until when that may come
   * @param usage a JSON object
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public void awaitRate(Instant until, String usage) {
    leave(() -> queue.awaitRate(claim, until, usage));
  }

  /**
   * Ends the run with its last entries.
   *
   * @throws ClaimLostException when the run is no longer held by this claim
   */
  public void finish(NewEntries before, RunEnd end) {
    writeLast(() -> queue.finish(claim, before, end, settlement));
  }

  /**
   * Returns the run to the queue for a later time, with the last entries of this attempt.
   *
   * @param usage a JSON object
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public void postpone(Duration delay, NewEntries entries, String usage) {
    leave(() -> queue.postpone(claim, delay, entries, usage));
  }

  /**
   * Returns the run to the queue for a later try, with a last entry of this one.
   *
   * @param usage a JSON object
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public void putOff(Duration delay, NewEntries last, String usage) {
    leave(() -> queue.putOff(claim, delay, last, usage));
  }

  /** Returns the run to the queue; the next attempt continues from its last entry. */
  public void release() {
    leave(() -> queue.release(List.of(claim)));
  }

  // What a request cost stays true if the next write fails.
  private void leave(Runnable last) {
    writeLast(
        () -> {
          if (settlement != null) {
            queue.settle(List.of(settlement));
            settlement = null;
          }
          last.run();
        });
  }

  private void writeLast(Runnable last) {
    write(
        inDoubt -> {
          try {
            last.run();
          } catch (ClaimLostException e) {
            // An earlier try may have ended the claim. Either way there is nothing more to write.
            if (!inDoubt) {
              throw e;
            }
          }
        });
  }

  @FunctionalInterface
  private interface Writing {
    /**
     * Performs the write.
     *
     * @param inDoubt whether an earlier try may have taken effect
     */
    void doIt(boolean inDoubt);
  }

  private void write(Writing writing) {
    boolean stopping = false;
    long since = System.nanoTime();
    lock.lock();
    try {
      stopping = Thread.interrupted();
      for (int tries = 1; ; tries++) {
        try {
          writing.doIt(tries > 1);
          return;
        } catch (RuntimeException e) {
          boolean outOfTime = stopping && System.nanoTime() - since > LAST_WRITE.toNanos();
          if (!Outage.isPassing(e) || outOfTime) {
            throw e;
          }
        }
        // An interrupt while waiting for the database breaks the connection, so the write is
        // repeated.
        if (isInterruptedIn(Outage.pauseMs(tries)) && !stopping) {
          stopping = true;
          since = System.nanoTime();
        }
      }
    } finally {
      lock.unlock();
      if (stopping) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static boolean isInterruptedIn(long pauseMs) {
    try {
      Thread.sleep(pauseMs);
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }
}
