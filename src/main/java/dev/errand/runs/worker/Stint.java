package dev.errand.runs.worker;

/** How long runs may be worked on before they are handed on. */
interface Stint {
  /** One that has no end. */
  Stint ENDLESS =
      new Stint() {
        @Override
        public boolean goesOn() {
          return true;
        }

        @Override
        public boolean isSpent() {
          return false;
        }
      };

  /** Whether another run, or another step of one, is to be begun. */
  boolean goesOn();

  /** Whether what is interrupted now is so because it took too long. */
  boolean isSpent();
}
