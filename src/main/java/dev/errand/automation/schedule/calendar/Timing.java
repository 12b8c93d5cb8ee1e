package dev.errand.automation.schedule.calendar;

import dev.errand.base.secret.Sha256;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The times at which a schedule fires: a rule, its window, and the jitter of each fire.
 *
 * @param start no time is before this; null without a bound
 * @param end no time is after this; null without a bound
 * @param jitter the upper bound of each fire's delay; zero for none
 * @param seed the seed of the jitter, which is the same on every machine
 */
public record Timing(
    ScheduleRule rule,
    @Nullable Instant start,
    @Nullable Instant end,
    Duration jitter,
    String seed) {

  /**
   * A fire of the schedule.
   *
   * @param due when it is due: the time plus its jitter
   */
  public record Fire(Instant time, Instant due) {}

  /** The first fire whose time is strictly after another; empty when there is none. */
  public Optional<Fire> next(Instant after) {
    Instant from = start != null && after.isBefore(start) ? start.minusNanos(1) : after;
    return rule.next(from).filter(time -> end == null || !time.isAfter(end)).map(this::at);
  }

  public Fire at(Instant time) {
    return new Fire(time, time.plus(delay(time)));
  }

  /** The first fire that is due strictly after a time; empty when there is none. */
  public Optional<Fire> nextDue(Instant after) {
    return nextDue(after, Instant.MIN);
  }

  /**
   * The first fire that is due strictly after a time; empty when there is none.
   *
   * @param since only fires whose own time, without jitter, is strictly after this
   */
  public Optional<Fire> nextDue(Instant after, Instant since) {
    Instant from = after.minus(jitter).minusNanos(1);
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
      words.append(", each up to ").append(EnglishFormat.span(jitter)).append(" later");
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
