package dev.errand.automation.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The order in which a tick fires due schedules: in turns of the users who own them, and of each
 * user the most overdue first, so that one user's many do not keep another's waiting. It is read
 * once for several batches.
 */
final class DueTurns {
  /**
   * The most schedules that are put in order, the most overdue ones. Of a user who has more due,
   * those above this number are fired before others, whose schedules are less overdue, have their
   * turn. Nor is one found behind so many of a profile that is being deleted.
   */
  static final int MOST = 50_000;

  // What becomes due meanwhile has its turn after this time.
  private static final long SHORTEST_NANOS = Duration.ofSeconds(1).toNanos();
  // To read the order takes a twentieth of the time at most.
  private static final int FIRING_TO_READING = 20;

  private static final int UNLIMITED = 1 << 20;

  private final ScheduleRows rows;
  private List<UUID> order = List.of();
  private long end;
  private int done;
  private int taken;
  private int size = UNLIMITED;
  private boolean hasMore;

  DueTurns(ScheduleRows rows) {
    this.rows = rows;
  }

  /** Begins a batch, for which the order is read where it is old or about to end. */
  void begin(Instant now, int batch) {
    if (done + batch > order.size() || System.nanoTime() - end >= 0) {
      long start = System.nanoTime();
      order = rows.dueInTurns(now, MOST);
      done = 0;
      long read = System.nanoTime();
      end = read + Math.max(SHORTEST_NANOS, FIRING_TO_READING * (read - start));
    }
    taken = done;
  }

  /**
   * Locks the next schedules that no other process has locked, fewer after a batch that took too
   * long. If the caller's transaction fails, they are the next ones again.
   *
   * @param ids receives their ids, even if one of them can't be read
   * @param standstill after which without a statement the transaction ends
   */
  List<Schedule> take(Instant now, int most, List<UUID> ids, Duration standstill) {
    List<Schedule> due = new ArrayList<>();
    int batch = Math.min(most, size);
    while (due.size() < batch && taken < order.size()) {
      List<UUID> next = order.subList(taken, Math.min(order.size(), taken + batch - due.size()));
      due.addAll(rows.takeDue(now, next, ids, standstill));
      taken += next.size();
    }
    hasMore = due.size() == size;
    return due;
  }

  /**
   * Ends a batch that was committed. If some were left, they are put in order again, with all
   * others, and the next batch is so small that it ends in time: of a longer one, an owner who
   * comes late in it would have but one fired each time.
   *
   * @param left how many were left
   */
  void end(int fired, int left) {
    if (left > 0) {
      order = List.of();
      done = 0;
      size = Math.max(1, fired / 2);
      hasMore = true;
    } else {
      done = taken;
      size = Math.min(2 * size, UNLIMITED);
    }
  }

  /** Whether more may be due although the last batch was not as large as it could be. */
  boolean hasMore() {
    return hasMore;
  }
}
