package dev.errand.automation.watch;

import dev.errand.automation.watch.WatchRows.Due;
import dev.errand.automation.watch.WatchRows.Left;
import dev.errand.base.background.DueBatches;
import dev.errand.base.background.PeriodicJobs;
import dev.errand.base.background.TickWork;
import dev.errand.base.database.DatabaseTime;
import dev.errand.base.database.Outage;
import dev.errand.base.json.Durations;
import dev.errand.runs.event.TaskEvent;
import dev.errand.runs.event.TaskEvents;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the conditions of watches that are due, and tells what is missed and what has recovered.
 * Several processes may do so at the same time: each condition is locked by one of them, which
 * notes and tells a change in one transaction, so that it is told once.
 */
@ApplicationScoped
public class WatchTicker implements TickWork {
  private static final Logger LOG = Logger.getLogger(WatchTicker.class);
  private static final int MOST_AT_ONCE = 500;
  // A watch expects nothing within less than a minute.
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final Duration LONGEST_STANDSTILL = Duration.ofSeconds(15);
  private static final Duration JUMP = Duration.ofSeconds(30);

  private final WatchRows rows;
  private final TaskEvents events;
  private final Clock clock;
  private @Nullable Reading last;

  WatchTicker(WatchRows rows, TaskEvents events, @DatabaseTime Clock clock) {
    this.rows = rows;
    this.events = events;
    this.clock = clock;
  }

  /** The clock of the database and one that nobody sets, at the same moment. */
  private record Reading(Instant time, long nanos) {
    /** How far the clock was set forward since an earlier reading, or back. */
    Duration setSince(Reading before) {
      return Duration.between(before.time, time).minusNanos(nanos - before.nanos);
    }
  }

  void start(@Observes @Priority(Integer.MAX_VALUE - 900) StartupEvent event, PeriodicJobs jobs) {
    jobs.inLoop("watch-tick", INTERVAL, this::tick);
  }

  /** Looks at the conditions that are due. */
  public void tick() {
    work(LONGEST);
  }

  @Override
  public String name() {
    return "look at watches";
  }

  @Override
  public synchronized void work(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    // The same for all rounds: if the clock is set meanwhile, the next tick notices it.
    Reading reading = new Reading(clock.instant(), System.nanoTime());
    Instant now = reading.time;
    Duration set = last == null ? Duration.ZERO : reading.setSince(last);
    if (set.compareTo(JUMP) > 0) {
      LOG.warnf("The clock was set forward by %s: what watches expect begins anew", set);
      rows.forgive(now);
    }
    boolean isBack = set.compareTo(JUMP.negated()) < 0;
    rows.bringBack(now.plus(isBack ? WatchLook.SOON : WatchLook.LATEST), now);
    last = reading;
    int _ =
        new DueBatches<>(
                "watches",
                MOST_AT_ONCE,
                (number, taken) ->
                    QuarkusTransaction.requiringNew().run(() -> look(now, number, taken)),
                this::leaveAlone)
            .work(end);
  }

  private void leaveAlone(WatchRows.Key key, RuntimeException why) {
    // One that took too long may not another time.
    Duration pause = Outage.isPassing(why) ? WatchLook.SOON : WatchLook.LATEST;
    LOG.errorf(
        why,
        "The watch %s can't be looked at, and is left alone for %s",
        key,
        Durations.words(pause));
    QuarkusTransaction.requiringNew().run(() -> rows.putOff(key, clock.instant().plus(pause)));
  }

  /**
   * Looks at a number of due conditions, in the caller's transaction.
   *
   * @param taken receives the locked ones, even if the look fails
   */
  void look(Instant now, int most, List<WatchRows.Key> taken) {
    List<Due> due = rows.takeDue(now, most, taken, LONGEST_STANDSTILL);
    List<Left> left = new ArrayList<>();
    List<WatchState> gone = new ArrayList<>();
    List<TaskEvent> happened = new ArrayList<>();
    for (Due each : due) {
      WatchLook look = WatchLook.at(each.state(), each.facts(), now);
      WatchState next = look.next();
      if (next == null) {
        gone.add(each.state());
      } else {
        left.add(new Left(next, look.dueAt()));
      }
      TaskEvent event = look.event();
      if (event != null) {
        happened.add(event);
      }
    }
    rows.save(left);
    rows.remove(gone);
    events.publish(happened);
  }
}
