package dev.errand.models.wire;

import dev.errand.base.budget.BudgetExhaustedException;
import dev.errand.base.budget.ByteBudget;
import dev.errand.base.budget.Reservation;
import java.time.Duration;

/**
 * The memory that one answer of a model's server takes: within {@code errand.openai.max-answer},
 * and out of the process's {@link ByteBudget}. While there is none, the answer is not read on.
 */
public final class AnswerRoom implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  // The bytes, the buffer that they are copied to when it grows, and their text.
  private static final int PER_BYTE = 4;
  // A tree of many small things takes far more than its text; a message has long texts.
  private static final int MOST_PER_BYTE = 4;
  private static final long SMALL = 1024 * 1024;
  private static final int PART_LEFT = 4;

  private final Reservation reservation;
  private final String host;
  private final long most;
  private final long until;
  private final long left;
  private long held;
  private boolean handedOn;

  /**
   * Room for nothing yet.
   *
   * @param host whose answer it is, for messages
   * @param most the most bytes of the answer
   * @param until the {@link System#nanoTime()} after which nobody waits for the answer
   */
  public AnswerRoom(ByteBudget budget, String host, long most, long until) {
    this.reservation = budget.reserve(0);
    this.host = host;
    this.most = most;
    this.until = until;
    this.left = budget.capacity() / PART_LEFT;
  }

  /**
   * Makes room for a text that is being read, and a tree beside it; waits for it for a while.
   *
   * @param bytes the bytes of the text so far
   * @param weight what the tree takes
   * @throws ModelAnswerTooLargeException when either is more than one answer may have
   * @throws BudgetExhaustedException when there is no room
   */
  public void holdText(long bytes, long weight)
      throws ModelAnswerTooLargeException, InterruptedException {
    if (bytes > most || weight > most * MOST_PER_BYTE) {
      throw new ModelAnswerTooLargeException(host, most);
    }
    long wanted = bytes * PER_BYTE + weight;
    if (wanted <= held) {
      return;
    }
    long more = wanted - held;
    if (wanted > SMALL) {
      // The last of it is left to others: a few large answers hold up large answers alone.
      reservation.grow(more + left, patience());
      reservation.shrink(left);
    } else if (!reservation.tryGrow(more)) {
      reservation.grow(more, patience());
    }
    held = wanted;
  }

  private Duration patience() {
    Duration time = Duration.ofNanos(until - System.nanoTime());
    return time.compareTo(PATIENCE) < 0 ? time : PATIENCE;
  }

  /** The memory, which is no longer given back here. */
  public Reservation handOn() {
    handedOn = true;
    return reservation;
  }

  @Override
  public void close() {
    if (!handedOn) {
      reservation.close();
    }
  }
}
