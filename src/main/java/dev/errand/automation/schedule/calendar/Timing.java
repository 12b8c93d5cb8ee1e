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
 * When a schedule fires: a rule, the window in which it applies, and the jitter of each fire.
 *
 * @param rule the times
 * @param start the first time that may be; null when there is no such bound
 * @param end the last time that may be; null when there is no such bound
 * @param jitter each fire is delayed by less than this; zero for none
 * @param seed the seed of the jitter, which is the same on every machine
 */
public record Timing(
    ScheduleRule rule,
    @Nullable Instant start,
    @Nullable Instant end,
    Duration jitter,
    String seed) {

  /**
   * A time that the schedule fires for.
   *
   * @param time what the rule says
   * @param due when it is to happen, which the jitter makes later than {@code time}
   */
  public record Fire(Instant time, Instant due) {}

  /** The first fire whose time is strictly after another; empty when there is none. */
  public Optional<Fire> next(Instant after) {
    Instant from = start != null && after.isBefore(start) ? start.minusNanos(1) : after;
    return rule.next(from).filter(time -> end == null || !time.isAfter(end)).map(this::at);
  }

  /** The fire for a time of the rule. */
  public Fire at(Instant time) {
    return new Fire(time, time.plus(putOff(time)));
  }

  /** The first fire that is due strictly after a time; empty when there is none. */
  public Optional<Fire> nextDue(Instant after) {
    return nextDue(after, Instant.MIN);
  }

  /**
   * The first fire that is due strictly after a time; empty when there is none.
   *
   * @param since its own time is strictly after this one, however much it is put off
   */
  public Optional<Fire> nextDue(Instant after, Instant since) {
    Instant from = after.minus(jitter).minusNanos(1);
    Optional<Fire> fire = next(from.isBefore(since) ? since : from);
    while (fire.isPresent() && !fire.get().due().isAfter(after)) {
      fire = next(fire.get().time());
    }
    return fire;
  }

  /** So many fires, or as many as there are, from one on. */
  public List<Fire> from(@Nullable Fire first, int most) {
    List<Fire> fires = new ArrayList<>();
    Fire fire = first;
    while (fire != null && fires.size() < most) {
      fires.add(fire);
      fire = next(fire.time()).orElse(null);
    }
    return fires;
  }

  private Duration putOff(Instant time) {
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
