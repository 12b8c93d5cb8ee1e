package dev.errand.runs.worker;

/** What holds a run in the process that executes it: its lease, its place, and a time budget. */
interface Holding {
  /** Whether the lease still holds. */
  boolean isHeld();

  RunPlaces.Place place();

  /** Leaves the working place, because the run waits. */
  default void idle() {
    place().idle();
  }

  /** Checked before each step; when it is over, the run returns to the queue. */
  WorkBudget budget();

  /** Called when only the outcome remains to be written. */
  default void ends() {}
}
