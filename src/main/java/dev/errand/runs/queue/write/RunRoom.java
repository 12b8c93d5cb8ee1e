package dev.errand.runs.queue.write;

import dev.errand.runs.queue.record.Claim;
import java.time.Duration;
import java.util.List;

/** The room that this process has for runs: those it enqueues may begin with their own commit. */
@FunctionalInterface
public interface RunRoom {
  /** Reserves room for as many runs as there is room for. */
  Reserved reserve(int wanted);

  /** Room that is kept free until it is used. */
  interface Reserved {
    /** For how many runs it is. */
    int runs();

    /** How long their claims hold unless they are extended. */
    Duration lease();

    /** Begins runs, and gives back the room that they leave. It is called once. */
    void begin(List<Claim> claims);
  }
}
