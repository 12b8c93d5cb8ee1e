package dev.errand.base.background;

/** What a loop or a job does each time; it may wait, and ends early when it is interrupted. */
@FunctionalInterface
public interface Step {
  void run() throws InterruptedException;
}
