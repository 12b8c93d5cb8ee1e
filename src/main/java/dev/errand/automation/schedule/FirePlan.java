package dev.errand.automation.schedule;

import dev.errand.automation.schedule.calendar.Timing;
import dev.errand.automation.schedule.calendar.Timing.Fire;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A plan of what one tick does for one schedule.
 *
 * @param starts the fires that start a run, in order
 * @param missed the earlier fires that are skipped; empty when there are none
 * @param next the first fire that is not due; empty when there is none
 */
public record FirePlan(List<Fire> starts, Optional<Gap> missed, Optional<Fire> next) {
  private static final int WIDER = 4;

  /**
   * Fires that are skipped.
   *
   * @param atLeast their number, or a lower bound where counting would take long
   * @param counted whether {@code atLeast} is exact
   */
  record Gap(Fire first, int atLeast, boolean counted) {}

  /**
   * Makes the plan.
   *
   * @param first the first undecided fire
   * @param missed the policy for fires that are later than {@code grace}
   */
  static FirePlan of(Timing timing, Fire first, MissedFires missed, Instant now, Duration grace) {
    if (first.due().isAfter(now)) {
      return new FirePlan(List.of(), Optional.empty(), Optional.of(first));
    }
    Tail tail = Tail.of(timing, first, now, grace);
    Instant inTimeFrom = now.minus(grace);
    List<Fire> inTime =
        tail.fires.stream().filter(fire -> !fire.due().isBefore(inTimeFrom)).toList();
    List<Fire> starts =
        switch (missed) {
          case NONE -> inTime;
          case LAST -> inTime.isEmpty() ? newest(tail.fires, 1) : inTime;
          case ALL -> tail.fires;
        };
    starts = newest(starts, MissedFires.MOST_AT_ONCE);
    int left = tail.fires.size() - starts.size();
    boolean any = left > 0 || !tail.whole;
    return new FirePlan(
        starts,
        any ? Optional.of(new Gap(first, Math.max(1, left), tail.whole)) : Optional.empty(),
        Optional.ofNullable(tail.next));
  }

  private static List<Fire> newest(List<Fire> fires, int most) {
    return fires.subList(Math.max(0, fires.size() - most), fires.size());
  }

  /**
   * The newest due fires: all that are in time, and enough of the missed ones. After years, walking
   * through all missed fires would take too long.
   *
   * @param next the fire after them; null when there is none
   */
  private record Tail(List<Fire> fires, boolean whole, @Nullable Fire next) {

    static Tail of(Timing timing, Fire first, Instant now, Duration grace) {
      Duration back = grace.plus(timing.jitter()).plus(timing.offset()).plusSeconds(1);
      Duration wait = Duration.between(first.time(), now);
      if (!first.due().isBefore(now.minus(grace)) && wait.compareTo(back) > 0) {
        back = wait;
      }
      while (true) {
        Instant from = now.minus(back);
        boolean whole = !from.isAfter(first.time());
        List<Fire> fires = new ArrayList<>();
        Fire fire = whole ? first : timing.next(from).orElse(null);
        while (fire != null && !fire.due().isAfter(now)) {
          fires.add(fire);
          fire = timing.next(fire.time()).orElse(null);
        }
        if (whole || fires.size() >= MissedFires.MOST_AT_ONCE) {
          return new Tail(List.copyOf(fires), whole, fire);
        }
        back = back.multipliedBy(WIDER);
      }
    }
  }
}
