package dev.errand.runs.queue;

import java.time.Duration;
import java.util.List;

/**
 * Port to the capacity of this process for runs, so that a run may start with the commit that
 * enqueues it.
 */
@FunctionalInterface
public interface RunCapacity {
  /** No room, as in a process that executes runs only by request. */
  Reserved NONE =
      new Reserved() {
        @Override
        public Allowance allowance() {
          return Allowance.of(0);
        }

        @Override
        public int spare() {
          return 0;
        }

        @Override
        public Duration lease() {
          return Duration.ZERO;
        }

        @Override
        public void begin(List<Claim> claims) {}
      };

  /** Reserves room for runs, up to a number. */
  Reserved reserve(int wanted);

  interface Reserved {
    /** The number of runs that the reserved room is for, with limits for users and profiles. */
    Allowance allowance();

    /** How many more runs there is unreserved room for. */
    int spare();

    /** How long their claims hold unless they are extended. */
    Duration lease();

    /** Starts runs, and releases the room that they do not need. It is called once. */
    void begin(List<Claim> claims);
  }
}
