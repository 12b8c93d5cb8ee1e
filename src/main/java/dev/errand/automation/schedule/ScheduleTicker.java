package dev.errand.automation.schedule;

import dev.errand.base.background.DueBatches;
import dev.errand.base.background.PeriodicJobs;
import dev.errand.base.database.DatabaseTime;
import dev.errand.base.database.Outage;
import dev.errand.base.json.Durations;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Fires due schedules. Several processes may do so at the same time: each schedule is locked by one
 * of them, which starts its runs and sets its next time in one transaction, so a crash neither
 * loses nor doubles a fire.
 */
@ApplicationScoped
public class ScheduleTicker {
  private static final Logger LOG = Logger.getLogger(ScheduleTicker.class);
  // Other transactions may have to wait for the inserts of one, so each is short.
  private static final int MOST_AT_ONCE = 200;
  // Each has 256 KB of parameters at most, and as much of its state.
  private static final long HEAP_OF_ONE = 4 * 1024 * 1024;
  private static final int TIMEOUT_SECONDS = 120;
  private static final UUID BEFORE_ALL = new UUID(0, 0);
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final Duration PUT_OFF_BY = Duration.ofMinutes(1);

  private final ScheduleFiring firing;
  private final Standstills standstills;
  private final Clock clock;
  private final int most;
  private final AtomicLong done = new AtomicLong();

  ScheduleTicker(ScheduleFiring firing, Standstills standstills, @DatabaseTime Clock clock) {
    this.firing = firing;
    this.standstills = standstills;
    this.clock = clock;
    this.most = atOnce(Runtime.getRuntime().maxMemory());
  }

  /** How many schedules are one batch. */
  static int atOnce(long heap) {
    return Math.clamp(heap / HEAP_OF_ONE, 1, MOST_AT_ONCE);
  }

  void start(
      @Observes @Priority(Integer.MAX_VALUE - 900) StartupEvent event,
      PeriodicJobs jobs,
      ScheduleConfig config) {
    jobs.inLoop("schedule-tick", config.tick(), () -> tick());
  }

  /**
   * Fires schedules that are due now. The work is bounded, so more may be due afterwards.
   *
   * @return how many schedules were due
   */
  public int tick() {
    return tick(LONGEST);
  }

  /**
   * Fires schedules that are due now, within a time limit. More may be due afterwards.
   *
   * @param most after which no further schedules are locked
   * @return how many schedules were due
   */
  public int tick(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    DueTurns turns = firing.turns();
    DueBatches<UUID> batches = batches(turns);
    int all = 0;
    do {
      all += batches.work(end);
    } while (turns.hasMore() && DueBatches.goesOn(end));
    done.incrementAndGet();
    return all;
  }

  /** How many ticks of this process did not fail. */
  public long done() {
    return done.get();
  }

  /** Fires a number of due schedules; after an outage of the database, the next tick does. */
  int fire(int most) {
    return batches(firing.turns()).some(most, System.nanoTime() + LONGEST.toNanos());
  }

  private DueBatches<UUID> batches(DueTurns turns) {
    return new DueBatches<>(
        "schedules", most, (number, taken) -> fire(turns, number, taken), this::failed);
  }

  private void fire(DueTurns turns, int most, List<UUID> taken) {
    Instant now = clock.instant();
    note(now);
    turns.begin(now, most);
    List<UUID> left =
        QuarkusTransaction.requiringNew()
            .timeout(TIMEOUT_SECONDS)
            .call(() -> firing.fire(now, turns, most, taken));
    taken.removeAll(left);
    turns.end(taken.size(), left.size());
  }

  private void failed(UUID id, RuntimeException why) {
    LOG.errorf(why, "The schedule %s failed by an internal error", id);
    skip(id);
  }

  private void skip(UUID id) {
    try {
      QuarkusTransaction.requiringNew().run(() -> firing.skip(id, clock.instant()));
    } catch (RuntimeException e) {
      if (Outage.isPassing(e)) {
        throw e;
      }
      // Such as one that this version can't read, and that a process of a newer one fires.
      LOG.errorf(e, "The schedule %s can't be skipped, and is left alone for a minute", id);
      QuarkusTransaction.requiringNew()
          .run(() -> firing.putOff(id, clock.instant().plus(PUT_OFF_BY)));
    }
  }

  // Before the transaction of the fires, since all processes write one row.
  private void note(Instant now) {
    try {
      standstills.ticked(now, this::bringBack);
    } catch (RuntimeException e) {
      LOG.warnf("The time of a tick could not be noted: %s", e.getMessage());
    }
  }

  private void bringBack(Instant ticked) {
    // Not the time of this tick, after which its process may have been frozen.
    Instant now = clock.instant();
    Duration back = Duration.between(now, ticked);
    if (back.isNegative()) {
      return;
    }
    LOG.warnf(
        "The database's clock was set back by %s: schedules go on from their next time by it.",
        Durations.words(back));
    Optional<UUID> last = Optional.of(BEFORE_ALL);
    while (last.isPresent() && !Thread.currentThread().isInterrupted()) {
      UUID after = last.get();
      last =
          QuarkusTransaction.requiringNew()
              .timeout(TIMEOUT_SECONDS)
              .call(() -> firing.bringBack(now, after, most));
    }
  }
}
