package dev.errand.runs.queue;

import dev.errand.base.database.SqlStatement;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Port to the capacity of this process for runs, so that a run may start with the commit that
 * enqueues it or gives it a slot.
 */
@FunctionalInterface
public interface RunCapacity {
  /** No room, as in a process that executes runs only by request. */
  Reserved NONE = new Reserved(Allowance.of(0), 0, Duration.ZERO, claims -> {});

  /**
   * Reserves room for runs, up to a number.
   *
   * @param ending runs of this process whose room is free as soon as the others begin
   */
  Reserved reserve(int wanted, List<Claim> ending);

  /**
   * Reserved room.
   *
   * @param allowance the number of runs that it is for, with limits for users and profiles
   * @param spare how many more runs there is unreserved room for
   * @param lease how long their claims hold unless they are extended
   * @param starts starts runs, and releases the room that they do not need; called once
   */
  record Reserved(Allowance allowance, int spare, Duration lease, Consumer<List<Claim>> starts) {

    /** Binds it as parameters of a statement that lets runs begin. */
    SqlStatement in(SqlStatement statement) {
      return allowance
          .in(statement)
          .with("room", allowance.most())
          .with("spare", spare)
          .with("lease_ms", lease.toMillis());
    }
  }
}
