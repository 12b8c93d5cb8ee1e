package dev.errand.base.limit;

import java.time.Duration;

/**
 * A share of a {@link ByteBudget}, held until it is closed. It is thread-safe; after the close it
 * reserves nothing.
 */
public final class Reservation implements AutoCloseable {
  private final ByteBudget budget;
  // Guarded by the budget's lock.
  private long bytes;
  private boolean closed;

  Reservation(ByteBudget budget) {
    this.budget = budget;
  }

  /**
   * Reserves more, at once.
   *
   * @throws BudgetExhaustedException when it is not free; what was reserved stays reserved
   */
  public void grow(long more) {
    budget.take(this, more, 0);
  }

  /**
   * Reserves more, at once, and leaves a part of the budget to others.
   *
   * @throws BudgetExhaustedException when less would be left; what was reserved stays reserved
   */
  void grow(long more, long leaving) {
    budget.take(this, more, leaving);
  }

  /**
   * Reserves more, and waits for it.
   *
   * @throws BudgetExhaustedException when it was not free in time; what was reserved stays reserved
   */
  public void grow(long more, Duration patience) throws InterruptedException {
    budget.await(this, more, 0, patience);
  }

  /**
   * Reserves more, waits for it, and leaves a part of the budget to others, who go first.
   *
   * @throws BudgetExhaustedException when it was not free in time; what was reserved stays reserved
   */
  public void grow(long more, long leaving, Duration patience) throws InterruptedException {
    budget.await(this, more, leaving, patience);
  }

  /** The same at once. Returns false, and counts no refusal, when less would be left. */
  boolean tryGrow(long more, long leaving) {
    return budget.tryTake(this, more, leaving);
  }

  /** Reserves more, at once. Returns false, and counts no refusal, when it is not free. */
  public boolean tryGrow(long more) {
    return budget.tryTake(this, more, 0);
  }

  /** Releases a part, at most all that is reserved. */
  public void shrink(long less) {
    budget.giveBack(this, less, false);
  }

  /** Moves everything to a new reservation, and closes this one. */
  Reservation handOn() {
    return budget.handOn(this);
  }

  /** How many bytes are reserved. */
  public long bytes() {
    return budget.bytesOf(this);
  }

  /** Releases everything. A second call has no effect. */
  @Override
  public void close() {
    budget.giveBack(this, Long.MAX_VALUE, true);
  }

  long held() {
    return bytes;
  }

  boolean isClosed() {
    return closed;
  }

  void add(long more) {
    bytes += more;
  }

  void end() {
    closed = true;
  }
}
