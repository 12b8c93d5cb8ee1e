package dev.errand.automation.schedule.calendar;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The times of a cron expression in a time zone.
 *
 * <p>A fixed minute and hour follow the wall clock: a time in the gap of a clock change fires right
 * after it, a doubled time fires once, the first time. With a wildcard or a step in either, every
 * elapsed minute is matched against the wall clock: a time in the gap does not fire, a doubled time
 * fires twice.
 */
public record CronRule(Cron cron, ZoneId zone) implements ScheduleRule {
  // The rarest match, a 29 February on a given day of the week, occurs within 40 years.
  private static final int HORIZON_YEARS = 50;

  @Override
  public Optional<Instant> next(Instant after) {
    return Optional.ofNullable(cron.isFixed() ? byTheWall(after) : byElapsedTime(after));
  }

  private @Nullable Instant byTheWall(Instant after) {
    ZoneRules rules = zone.getRules();
    LocalDateTime now = LocalDateTime.ofInstant(after, rules.getOffset(after));
    LocalDate last = now.toLocalDate().plusYears(HORIZON_YEARS);
    // Within an offset, the wall clock advances with time: earlier wall times have passed.
    LocalDateTime from = now.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
    while (true) {
      LocalDateTime match = cron.match(from, last);
      if (match == null) {
        return null;
      }
      Instant time = timeOf(match, rules);
      if (time.isAfter(after)) {
        return time;
      }
      from = match.plusMinutes(1);
    }
  }

  /** When a wall clock first shows a time or a later one. */
  static Instant timeOf(LocalDateTime wall, ZoneRules rules) {
    ZoneOffsetTransition change = rules.getTransition(wall);
    return change != null && change.isGap()
        ? change.getInstant()
        : wall.toInstant(change == null ? rules.getOffset(wall) : change.getOffsetBefore());
  }

  /**
   * The clock change that keeps a time from being one of the rule, or that moved one to it: a time
   * that a wall clock shows a second time, or the end of a gap with times of the expression.
   */
  public Optional<ZoneOffsetTransition> change(Instant time) {
    ZoneRules rules = zone.getRules();
    LocalDateTime wall = LocalDateTime.ofInstant(time, rules.getOffset(time));
    ZoneOffsetTransition doubled = rules.getTransition(wall);
    if (doubled != null && doubled.isOverlap() && !time.isBefore(doubled.getInstant())) {
      return wall.equals(cron.match(wall, wall.toLocalDate()))
          ? Optional.of(doubled)
          : Optional.empty();
    }
    ZoneOffsetTransition gap = rules.nextTransition(time.minusNanos(1));
    if (gap == null || !gap.isGap() || !gap.getInstant().equals(time)) {
      return Optional.empty();
    }
    LocalDateTime match = cron.match(gap.getDateTimeBefore(), wall.toLocalDate());
    return match != null && match.isBefore(gap.getDateTimeAfter())
        ? Optional.of(gap)
        : Optional.empty();
  }

  private @Nullable Instant byElapsedTime(Instant after) {
    ZoneRules rules = zone.getRules();
    Instant from = after.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
    LocalDate horizon =
        LocalDateTime.ofInstant(after, ZoneOffset.UTC).toLocalDate().plusYears(HORIZON_YEARS);
    while (true) {
      ZoneOffset offset = rules.getOffset(from);
      ZoneOffsetTransition change = rules.nextTransition(from);
      LocalDate last =
          change == null || change.getDateTimeBefore().toLocalDate().isAfter(horizon)
              ? horizon
              : change.getDateTimeBefore().toLocalDate();
      LocalDateTime match = cron.match(LocalDateTime.ofInstant(from, offset), last);
      if (match != null) {
        Instant time = match.toInstant(offset);
        if (change == null || time.isBefore(change.getInstant())) {
          return time;
        }
      }
      if (change == null || last.equals(horizon)) {
        return null;
      }
      from = change.getInstant();
    }
  }

  @Override
  public long mostOnADay() {
    return (long) cron.minutes().count() * cron.hours().count();
  }

  @Override
  public String words() {
    return CronWords.of(cron) + ", in " + zone;
  }
}
