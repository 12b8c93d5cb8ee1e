package dev.errand.base.cel;

/** The steps that several evaluations may take together. It is not thread-safe. */
public final class StepBudget {
  private long left;

  public StepBudget(long steps) {
    this.left = steps;
  }

  /** Whether an evaluation has found too few steps left, so that its result is none. */
  public boolean isUsedUp() {
    return left <= 0;
  }

  long left() {
    return left;
  }

  void take(long steps) {
    left -= steps;
  }
}
