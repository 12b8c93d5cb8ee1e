package dev.errand.models.wire;

import dev.errand.base.limit.AnswerMemory;
import dev.errand.base.limit.BudgetExhaustedException;
import dev.errand.base.limit.ByteBudget;
import dev.errand.base.limit.Reservation;
import java.time.Duration;

/**
 * The memory reservation of one answer of a model's server, limited by {@code
 * errand.model.max-answer}, by {@link AnswerMemory}. Reading the answer pauses while it waits.
 */
public final class AnswerBudget implements AutoCloseable {
  // The most bytes of the JSON tree for one byte of the limit. A tree of many small nodes takes far
  // more than its text, but messages have long texts.
  private static final int MOST_PER_BYTE = 4;

  private final AnswerMemory memory;
  private final String host;
  private final long most;
  private final long until;
  private long read;
  private long weight;

  /**
   * Creates an empty reservation.
   *
   * @param most the most bytes of the answer
   * @param until the {@link System#nanoTime()} at which waiting for the answer ends
   */
  public AnswerBudget(ByteBudget budget, String host, long most, long until) {
    this.memory = new AnswerMemory(budget, AnswerMemory.Peer.MODEL);
    this.host = host;
    this.most = most;
    this.until = until;
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
    // Memory that was held once stays held: an answer half read must not lose it to another.
    read = Math.max(read, bytes);
    this.weight = Math.max(this.weight, weight);
    memory.hold(0, read, this.weight, Duration.ofNanos(until - System.nanoTime()));
  }

  /** Passes the reservation on; {@link #close} no longer releases it. */
  public Reservation handOn() {
    return memory.handOn();
  }

  @Override
  public void close() {
    memory.close();
  }
}
