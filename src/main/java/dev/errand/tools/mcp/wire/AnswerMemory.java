package dev.errand.tools.mcp.wire;

import dev.errand.base.limit.BudgetExhaustedException;
import dev.errand.base.limit.ByteBudget;
import dev.errand.base.limit.Reservation;
import java.time.Duration;

/**
 * The memory for what a server answers to the requests of one exchange, taken from the process's
 * {@link ByteBudget} before the JSON is parsed, and held until what was read is used. For one
 * thread.
 */
final class AnswerMemory implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  // Bytes of memory for one byte read: the buffer, its copy when it grows, and the text.
  private static final int PER_BYTE = 4;
  private static final long SMALL = 1024 * 1024;
  // A server may take its time with an answer, so that no number of them takes all of the budget:
  // large ones leave this part to small ones, and those leave one to the bodies of requests.
  private static final int PART_LEFT_BY_LARGE = 2;
  private static final int PART_LEFT_BY_SMALL = 4;

  private final ByteBudget budget;
  private final Reservation reservation;

  AnswerMemory(ByteBudget budget) {
    this.budget = budget;
    this.reservation = budget.reserve(0);
  }

  /** How many bytes are held. */
  long bytes() {
    return reservation.bytes();
  }

  /**
   * Holds memory for an answer as far as it was read, beside what was held before it, and waits for
   * it for a while.
   *
   * @param before what was held before the answer
   * @param read the bytes of the text
   * @param weight the bytes that its tree takes
   * @throws McpException when there is too little
   */
  void hold(long before, long read, long weight, String place, Duration left)
      throws McpException, InterruptedException {
    long wanted = before + read * PER_BYTE + weight;
    long more = wanted - reservation.bytes();
    if (more <= 0) {
      reservation.shrink(-more);
      return;
    }
    int part = wanted > SMALL ? PART_LEFT_BY_LARGE : PART_LEFT_BY_SMALL;
    try {
      reservation.grow(
          more, budget.capacity() / part, left.compareTo(PATIENCE) < 0 ? left : PATIENCE);
    } catch (BudgetExhaustedException e) {
      throw new McpException(
          e.isPassing() ? McpFailure.BROKEN : McpFailure.UNUSABLE,
          "The answer of %s was not read. %s.".formatted(place, e.getMessage()));
    }
  }

  /** Releases everything, for another answer in place of those that were read. */
  void release() {
    reservation.shrink(Long.MAX_VALUE);
  }

  @Override
  public void close() {
    reservation.close();
  }
}
