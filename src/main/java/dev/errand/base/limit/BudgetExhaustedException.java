package dev.errand.base.limit;

/** The parse budget has too few bytes free, or fewer in all than were requested. */
public final class BudgetExhaustedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean passing;

  BudgetExhaustedException(long wanted, long free, long capacity) {
    super(
        wanted > capacity
            ? "It would take %s bytes of memory, and this process gives at most %s: send less, or raise errand.memory.parse-budget"
                .formatted(wanted, capacity)
            : "It would take %s bytes of memory, and %s of %s are free at the moment: try again"
                .formatted(wanted, free, capacity));
    this.passing = wanted <= capacity;
  }

  /** Whether the same may fit later; false when it is more than the whole budget. */
  public boolean isPassing() {
    return passing;
  }
}
