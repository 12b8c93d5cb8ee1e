package dev.errand.automation.schedule.calendar;

import dev.errand.base.json.Durations;
import dev.errand.base.secret.Sha256;
import dev.errand.base.turn.FairPool;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The times at which a schedule fires: a rule, its window, and how much later each run starts.
 *
 * @param start no time is before this; null without a bound
 * @param end no time is after this; null without a bound
 * @param jitter the upper bound of each fire's delay; zero for none
 * @param seed the seed of the jitter, which is the same on every machine
 * @param spread the length of time over which the runs of several schedules are spread
 * @param offset the schedule's place in it, by which each fire is later; zero for none
 */
public record Timing(
    ScheduleRule rule,
    @Nullable Instant start,
    @Nullable Instant end,
    Duration jitter,
    String seed,
    Duration spread,
    Duration offset) {
  // The rarest match of a cron expression occurs within 40 years.
  private static final Duration LONGEST_APART = Duration.ofDays(50 * 365);

  /** Times whose runs are not spread. */
  public Timing(
      ScheduleRule rule,
      @Nullable Instant start,
      @Nullable Instant end,
      Duration jitter,
      String seed) {
    this(rule, start, end, jitter, seed, Duration.ZERO, Duration.ZERO);
  }

  /**
   * A fire of the schedule.
   *
   * @param due when it is due: the time plus the schedule's offset and the time's jitter
   */
  public record Fire(Instant time, Instant due) {}

  /** The first fire whose time is strictly after another; empty when there is none. */
  public Optional<Fire> next(Instant after) {
    FairPool.check(1);
    Instant from = start != null && after.isBefore(start) ? start.minusNanos(1) : after;
    return rule.next(from).filter(time -> end == null || !time.isAfter(end)).map(this::at);
  }

  /** The last fire whose time is strictly before another; empty when there is none. */
  public Optional<Fire> last(Instant before) {
    for (Duration back = Duration.ofMinutes(1);
        back.compareTo(LONGEST_APART) < 0;
        back = back.multipliedBy(4)) {
      Optional<Fire> found = next(before.minus(back)).filter(fire -> fire.time().isBefore(before));
      if (found.isPresent()) {
        return Optional.of(lastFrom(found.get(), before));
      }
    }
    return Optional.empty();
  }

  // Halves the rest, since there may be a fire in each second of it.
  private Fire lastFrom(Fire first, Instant before) {
    Fire last = first;
    Instant end = before;
    while (Duration.between(last.time, end).compareTo(Duration.ofSeconds(1)) > 0) {
      Instant middle = last.time.plus(Duration.between(last.time, end).dividedBy(2));
      Optional<Fire> later =
          next(middle.minusNanos(1)).filter(fire -> fire.time().isBefore(before));
      if (later.isPresent()) {
        last = later.get();
      } else {
        end = middle;
      }
    }
    return last;
  }

  /**
   * The fire of a time, or the one that is due in the second after it; empty when there is none.
   *
   * @param time in whole seconds
   */
  public Optional<Fire> of(Instant time) {
    Instant before = time.minusNanos(1);
    return next(before)
        .filter(fire -> fire.time().equals(time))
        .or(() -> nextDue(before).filter(fire -> fire.due().isBefore(time.plusSeconds(1))));
  }

  public Fire at(Instant time) {
    return new Fire(time, unspread(time).plus(offset));
  }

  /** When the fire of a time would be due if the schedule were not spread. */
  public Instant unspread(Instant time) {
    return time.plus(delay(time));
  }

  /** The first fire that is due strictly after a time; empty when there is none. */
  public Optional<Fire> nextDue(Instant after) {
    return nextDue(after, Instant.MIN);
  }

  /**
   * The first fire that is due strictly after a time; empty when there is none.
   *
   * @param since only fires whose own time, without offset and jitter, is strictly after this
   */
  public Optional<Fire> nextDue(Instant after, Instant since) {
    Instant from = after.minus(jitter).minus(offset).minusNanos(1);
    Optional<Fire> fire = next(from.isBefore(since) ? since : from);
    while (fire.isPresent() && !fire.get().due().isAfter(after)) {
      fire = next(fire.get().time());
    }
    return fire;
  }

  /** The fires from one on, at most a given number. */
  public List<Fire> from(@Nullable Fire first, int most) {
    List<Fire> fires = new ArrayList<>();
    Fire fire = first;
    while (fire != null && fires.size() < most) {
      fires.add(fire);
      fire = next(fire.time()).orElse(null);
    }
    return fires;
  }

  private Duration delay(Instant time) {
    long millis = jitter.toMillis();
    return millis == 0
        ? Duration.ZERO
        : Duration.ofMillis(Long.remainderUnsigned(draw(time), millis));
  }

  private long draw(Instant time) {
    return ByteBuffer.wrap(Sha256.of(seed + "@" + time)).getLong();
  }

  /** The rule in words, without a full stop. */
  public String words(ZoneId zone) {
    StringBuilder words = new StringBuilder(rule.words());
    if (!jitter.isZero()) {
      words.append(", each up to ").append(Durations.words(jitter)).append(" later");
    }
    if (!spread.isZero()) {
      words.append(", spread over ").append(Durations.words(spread));
    }
    if (start != null) {
      words.append(", from ").append(EnglishFormat.time(start, zone)).append(" on");
    }
    if (end != null) {
      words.append(", until ").append(EnglishFormat.time(end, zone));
    }
    return words.toString();
  }
}
