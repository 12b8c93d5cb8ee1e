package dev.errand.runs.worker;

import dev.errand.runs.queue.Claim;
import java.util.function.BooleanSupplier;

/** A run that a test executes itself, without a worker. */
record HeldRun(Claim claim, BooleanSupplier held, WorkBudget budget, RunPlaces.Place place)
    implements Holding {

  HeldRun(Claim claim, BooleanSupplier held, WorkBudget budget) {
    this(claim, held, budget, place(claim));
  }

  /** A place of a process that has no other run. */
  static RunPlaces.Place place(Claim claim) {
    return new RunPlaces(1, 1, Long.MAX_VALUE).reserve(1).take(claim);
  }

  /** Executes a run, however long it takes. */
  static void execute(RunExecutor executor, Claim claim) {
    execute(executor, claim, () -> true);
  }

  /** Executes a run while its claim holds. */
  static void execute(RunExecutor executor, Claim claim, BooleanSupplier isHeld) {
    executor.execute(claim, new HeldRun(claim, isHeld, WorkBudget.ENDLESS));
  }

  @Override
  public boolean isHeld() {
    return held.getAsBoolean();
  }
}
