package dev.errand.runs.queue.write;

import dev.errand.runs.queue.record.Claim;
import java.time.Duration;
import java.util.List;

/** The room that this process has for runs: those it enqueues may begin with their own commit. */
@FunctionalInterface
public interface RunRoom {
  /** No room, as in a process that works on runs by request only. */
  Reserved NONE =
      new Reserved() {
        @Override
        public int runs() {
          return 0;
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

  /** Reserves room for as many runs as there is room for. */
  Reserved reserve(int wanted);

  /** Room that is kept free until it is used. */
  interface Reserved {
    /** For how many runs it is. */
    int runs();

    /** For how many more there is room that is not reserved. */
    int spare();

    /** How long their claims hold unless they are extended. */
    Duration lease();

    /** Begins runs, and gives back the room that they leave. It is called once. */
    void begin(List<Claim> claims);
  }
}
