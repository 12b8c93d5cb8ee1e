package dev.errand.models.wire;

import dev.errand.base.limit.BudgetExhaustedException;
import dev.errand.base.limit.ByteBudget;
import dev.errand.base.limit.Reservation;
import java.time.Duration;

/**
 * The memory reservation of one answer of a model's server, limited by {@code
 * errand.model.max-answer} and taken from the process's {@link ByteBudget}. Reading the answer
 * pauses while the budget is used up.
 */
public final class AnswerBudget implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  // Bytes of memory for one byte read: the buffer, its copy when it grows, and the text.
  private static final int PER_BYTE = 4;
  // The most bytes of the JSON tree for one byte of the limit. A tree of many small nodes takes far
  // more than its text, but messages have long texts.
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
   * Creates an empty reservation.
   *
   * @param most the most bytes of the answer
   * @param until the {@link System#nanoTime()} at which waiting for the answer ends
   */
  public AnswerBudget(ByteBudget budget, String host, long most, long until) {
    this.reservation = budget.reserve(0);
    this.host = host;
    this.most = most;
    this.until = until;
    this.left = budget.capacity() / PART_LEFT;
  }

  /**
   * Reserves memory for the text read so far and its JSON tree, and waits for it for a while.
   *
   * @param bytes the bytes of the text so far
   * @param weight the bytes that the tree takes
   * @throws ModelAnswerTooLargeException when either exceeds the limit of one answer
   * @throws BudgetExhaustedException when the budget stays used up
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
      // Leaves the last part of the budget to small answers, so that large ones delay only each
      // other.
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

  /** Passes the reservation on; {@link #close} no longer releases it. */
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
