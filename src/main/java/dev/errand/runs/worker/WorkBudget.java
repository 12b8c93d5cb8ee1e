package dev.errand.runs.worker;

/** The time for which a process executes runs before they return to the queue. */
interface WorkBudget {
  /** An unlimited budget. */
  WorkBudget ENDLESS =
      new WorkBudget() {
        @Override
        public boolean goesOn() {
          return true;
        }

        @Override
        public boolean isSpent() {
          return false;
        }
      };

  /** Whether another run, or another step of one, may begin. */
  boolean goesOn();

  /** Whether the budget is used up. */
  boolean isSpent();
}
