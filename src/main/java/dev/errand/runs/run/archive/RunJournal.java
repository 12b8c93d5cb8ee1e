package dev.errand.runs.run.archive;

import dev.errand.base.database.Outage;
import dev.errand.runs.queue.RunQueue;
import dev.errand.runs.queue.record.Claim;
import dev.errand.runs.queue.record.ClaimLostException;
import dev.errand.runs.queue.record.RunEnd;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes down the steps of one claimed run, each exactly once. What is to be written was paid for:
 * while the database is away or has no time for it, it is kept until it can be written, and a
 * connection that breaks before the answer comes leaves no doubt, because the run counts its
 * entries.
 */
public final class RunJournal {
  // Who is told to stop gets to write down what it has, if the database is there.
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final RunQueue queue;
  private final Claim claim;
  private final ReentrantLock turn = new ReentrantLock();
  private int entryCount;

  public RunJournal(RunQueue queue, Claim claim) {
    this.queue = queue;
    this.claim = claim;
    this.entryCount = claim.entryCount();
  }

  /**
   * Writes entries and what the run has used, both or neither.
   *
   * @param usage a JSON object; null leaves it as it is
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public void append(List<String> entries, @Nullable String usage) {
    write(
        inDoubt -> {
          try {
            queue.appendAfter(entryCount, claim, entries, usage);
          } catch (ClaimLostException e) {
            // Within one attempt nobody else writes: what has come to be there is this.
            if (!inDoubt || queue.entryCount(claim).orElse(0) != entryCount + entries.size()) {
              throw e;
            }
          }
          entryCount += entries.size();
        });
  }

  /**
   * Ends the run with its last entries.
   *
   * @param before the entries before the last one
   * @throws ClaimLostException when the run is no longer held by this claim
   */
  public void finish(List<String> before, RunEnd end) {
    letGo(() -> queue.finish(claim, before, end));
  }

  /**
   * Gives the run back until later, with a last entry of this attempt.
   *
   * @param usage a JSON object
   * @throws ClaimLostException when the run is no longer held by this claim; nothing is written
   */
  public void postpone(Duration delay, String entry, String usage) {
    letGo(() -> queue.postpone(claim, delay, List.of(entry), usage));
  }

  /** Hands the run back, to be gone on with from its last entry. */
  public void release() {
    letGo(() -> queue.release(List.of(claim)));
  }

  private void letGo(Runnable last) {
    write(
        inDoubt -> {
          try {
            last.run();
          } catch (ClaimLostException e) {
            // It may well be this that let go of it. Either way there is nothing more to write.
            if (!inDoubt) {
              throw e;
            }
          }
        });
  }

  /** Something to write. */
  @FunctionalInterface
  private interface Writing {
    /**
     * Writes it.
     *
     * @param inDoubt whether an earlier try may have done it
     */
    void doIt(boolean inDoubt);
  }

  private void write(Writing writing) {
    boolean stopping = false;
    long since = System.nanoTime();
    turn.lock();
    try {
      stopping = Thread.interrupted();
      for (int tries = 1; ; tries++) {
        try {
          writing.doIt(tries > 1);
          return;
        } catch (RuntimeException e) {
          boolean outOfTime = stopping && System.nanoTime() - since > LAST_WORDS.toNanos();
          if (!Outage.isPassing(e) || outOfTime) {
            throw e;
          }
        }
        // To interrupt who waits for the database is to break the connection: that is tried again.
        if (isInterruptedIn(Outage.pauseMs(tries)) && !stopping) {
          stopping = true;
          since = System.nanoTime();
        }
      }
    } finally {
      turn.unlock();
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
