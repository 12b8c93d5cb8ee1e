package dev.errand.base.background;

/** One repetition of a loop or a job; it may wait, and ends early when it is interrupted. */
@FunctionalInterface
public interface Step {
  void run() throws InterruptedException;
}
