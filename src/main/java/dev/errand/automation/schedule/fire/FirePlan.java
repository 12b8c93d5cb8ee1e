package dev.errand.automation.schedule.fire;

import dev.errand.automation.schedule.calendar.Timing;
import dev.errand.automation.schedule.calendar.Timing.Fire;
import dev.errand.automation.schedule.store.MissedFires;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done of a schedule at a time.
 *
 * @param starts the fires that are to start a run, in order
 * @param missed those before them that are let go; absent when there are none
 * @param next the first fire that is not due yet; absent when none is to come
 */
public record FirePlan(List<Fire> starts, Optional<Gap> missed, Optional<Fire> next) {
  /** The most fires of a schedule that one tick starts. */
  static final int MOST_AT_ONCE = 100;

  private static final int WIDER = 4;

  /**
   * Fires that are let go.
   *
   * @param first the first of them
   * @param atLeast how many there are, or, where that would take long to count, how many at least
   * @param counted whether {@code atLeast} is all of them
   */
  record Gap(Fire first, int atLeast, boolean counted) {}

  /**
   * Decides.
   *
   * @param first the first fire that nothing is decided of
   * @param missed what becomes of fires that are later than {@code grace}; any other is in time
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
    starts = newest(starts, MOST_AT_ONCE);
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
   * The newest of the fires that are due: all that are in time, and of the others enough to choose
   * from. After years, to walk through all of them would take too long.
   *
   * @param whole whether they are all that nothing is decided of
   * @param next the fire after them
   */
  private record Tail(List<Fire> fires, boolean whole, @Nullable Fire next) {

    static Tail of(Timing timing, Fire first, Instant now, Duration grace) {
      Duration back = grace.plus(timing.jitter()).plusSeconds(1);
      while (true) {
        Instant from = now.minus(back);
        boolean whole = !from.isAfter(first.time());
        List<Fire> fires = new ArrayList<>();
        Fire fire = whole ? first : timing.next(from).orElse(null);
        while (fire != null && !fire.due().isAfter(now)) {
          fires.add(fire);
          fire = timing.next(fire.time()).orElse(null);
        }
        if (whole || fires.size() >= MOST_AT_ONCE) {
          return new Tail(List.copyOf(fires), whole, fire);
        }
        back = back.multipliedBy(WIDER);
      }
    }
  }
}
