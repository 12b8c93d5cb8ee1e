package dev.errand.automation.schedule.fire;

import dev.errand.base.database.DatabaseTime;
import dev.errand.base.database.Outage;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Fires the schedules that are due. Any number of processes may do it at the same time: each
 * schedule is taken by one of them, and its runs are started and its next time is set in one
 * transaction, so that a crash neither loses a fire nor doubles it.
 */
@ApplicationScoped
public class Schedules {
  private static final Logger LOG = Logger.getLogger(Schedules.class);
  private static final int MOST_AT_ONCE = 1000;
  private static final int MOST_ROUNDS = 20;
  private static final int TIMEOUT_SECONDS = 120;
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final Firing firing;
  private final Clock clock;

  Schedules(Firing firing, @DatabaseTime Clock clock) {
    this.firing = firing;
    this.clock = clock;
  }

  /**
   * Fires what is due now; bounded work, after which more may be due still.
   *
   * @return how many schedules were due
   */
  public int tick() {
    return tick(LONGEST);
  }

  /**
   * Fires what is due now, for some time at most; after it more may be due still.
   *
   * @param most after this nothing more is taken; what was taken is fired
   * @return how many schedules were due
   */
  public int tick(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    int all = 0;
    for (int round = 0; round < MOST_ROUNDS && goesOn(end); round++) {
      int due = fire(MOST_AT_ONCE);
      all += due;
      if (due < MOST_AT_ONCE) {
        break;
      }
    }
    return all;
  }

  /**
   * Fires so many of what is due. Where that fails, it is done again one by one, so that what fails
   * is found and passed over; where the database broke off, another tick does it.
   */
  int fire(int most) {
    List<UUID> taken = new ArrayList<>();
    try {
      QuarkusTransaction.requiringNew()
          .timeout(TIMEOUT_SECONDS)
          .run(() -> firing.fire(clock.instant(), most, taken));
      return taken.size();
    } catch (RuntimeException e) {
      if (taken.isEmpty() || Outage.isBehind(e)) {
        throw e;
      }
      if (taken.size() == 1) {
        LOG.errorf(e, "The schedule %s failed inside", taken.getFirst());
        QuarkusTransaction.requiringNew()
            .run(() -> firing.passOver(taken.getFirst(), clock.instant()));
        return 1;
      }
      LOG.warnf("%d schedules are fired one by one: %s", taken.size(), e.getMessage());
      return taken.stream().takeWhile(id -> goesOn(Long.MAX_VALUE)).mapToInt(id -> fire(1)).sum();
    }
  }

  // A process that stops interrupts its tick, and waits for it before it hands its runs back.
  private static boolean goesOn(long end) {
    return System.nanoTime() < end && !Thread.currentThread().isInterrupted();
  }
}
