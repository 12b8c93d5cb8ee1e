package dev.errand.models.wire;

import dev.errand.base.limit.BudgetExhaustedException;
import dev.errand.base.limit.ByteBudget;
import dev.errand.base.limit.Reservation;
import java.time.Duration;

/**
 * The memory reservation of one answer of a model's server, limited by {@code
 * errand.model.max-answer} and taken from the process's {@link ByteBudget}. Reading the answer
 * pauses while the budget is used up.
 *
 * <p>A large answer takes all that it may need before more of it is read, so that large ones are
 * read one after another where there is not enough for several. Nothing is reserved by who waits:
 * several that each had a part would wait for each other.
 */
public final class AnswerBudget implements AutoCloseable {
  // Bytes of memory for one byte read: the buffer, its copy when it grows, and the text.
  private static final int PER_BYTE = 4;
  // The most bytes of the JSON tree for one byte of the limit. A tree of many small nodes takes far
  // more than its text, but messages have long texts.
  private static final int MOST_PER_BYTE = 4;

  // What was read of an answer that waits is not reserved: that is half of this at most, since it
  // was not parsed yet.
  private static final long SMALL = 2 * 1024 * 1024;

  private final ByteBudget ofLarge;
  private final Reservation reservation;
  private final Reservation turn;
  private final String host;
  private final long most;
  private final long until;
  private long wanted;
  private boolean handedOn;

  /**
   * Creates an empty reservation.
   *
   * @param ofLarge what large answers together may take
   * @param most the most bytes of the answer
   * @param until the {@link System#nanoTime()} at which waiting for the answer ends
   */
  AnswerBudget(ByteBudget all, ByteBudget ofLarge, String host, long most, long until) {
    this.ofLarge = ofLarge;
    this.reservation = all.reserve(0);
    this.turn = ofLarge.reserve(0);
    this.host = host;
    this.most = most;
    this.until = until;
  }

  /**
   * Reserves memory for the text read so far and its JSON tree, and waits for it.
   *
   * @param bytes the bytes of the text so far
   * @param weight the bytes that the tree takes
   * @throws ModelAnswerTooLargeException when either exceeds the limit of one answer
   * @throws BudgetExhaustedException when the budget stays used up; nothing is reserved then
   */
  public void holdText(long bytes, long weight)
      throws ModelAnswerTooLargeException, InterruptedException {
    if (bytes > most || weight > most * MOST_PER_BYTE) {
      throw new ModelAnswerTooLargeException(host, most);
    }
    wanted = Math.max(wanted, bytes * PER_BYTE + weight);
    if (wanted > SMALL) {
      long needed =
          Math.max(wanted, Math.min(most * (PER_BYTE + MOST_PER_BYTE), ofLarge.capacity()));
      take(turn, needed);
      take(reservation, needed);
    } else {
      take(reservation, wanted);
    }
  }

  private void take(Reservation from, long bytes) throws InterruptedException {
    long more = bytes - from.bytes();
    if (more > 0 && !from.tryGrow(more)) {
      reservation.shrink(reservation.bytes());
      from.grow(bytes - from.bytes(), Duration.ofNanos(until - System.nanoTime()));
    }
  }

  /** Passes the reservation on, with what was needed; {@link #close} no longer releases it. */
  public Reservation handOn() {
    handedOn = true;
    reservation.shrink(Math.max(0, reservation.bytes() - wanted));
    return reservation;
  }

  @Override
  public void close() {
    turn.close();
    if (!handedOn) {
      reservation.close();
    }
  }
}
