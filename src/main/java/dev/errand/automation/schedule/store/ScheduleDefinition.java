package dev.errand.automation.schedule.store;

import dev.errand.automation.schedule.calendar.AtRule;
import dev.errand.automation.schedule.calendar.Cron;
import dev.errand.automation.schedule.calendar.CronRule;
import dev.errand.automation.schedule.calendar.EveryRule;
import dev.errand.automation.schedule.calendar.ScheduleRule;
import dev.errand.automation.schedule.calendar.Timing;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a schedule was registered as. One of {@code cron}, {@code every} and {@code at} is there.
 *
 * @param cron a cron expression
 * @param every how far apart its times are
 * @param at its one time
 * @param timezone where the wall clock hangs, an IANA name
 * @param parameters what its runs are given, a JSON object
 * @param enabled whether it fires
 * @param missed what becomes of the times that passed meanwhile
 * @param jitter each fire is put off by less than this
 * @param start the first time that may be
 * @param end the last time that may be
 */
public record ScheduleDefinition(
    @Nullable String cron,
    @Nullable Duration every,
    @Nullable Instant at,
    String timezone,
    String parameters,
    boolean enabled,
    MissedFires missed,
    Duration jitter,
    @Nullable Instant start,
    @Nullable Instant end) {

  /** Whether both mean the same times. */
  public boolean hasTimesOf(ScheduleDefinition other) {
    return Objects.equals(cron, other.cron)
        && Objects.equals(every, other.every)
        && Objects.equals(at, other.at)
        && timezone.equals(other.timezone)
        && jitter.equals(other.jitter)
        && Objects.equals(start, other.start)
        && Objects.equals(end, other.end);
  }

  /**
   * When it fires.
   *
   * @param id the schedule, which its jitter is drawn for
   * @param createdAt when it was first registered, which {@code every} is counted from unless there
   *     is a {@code start}
   */
  public Timing timing(UUID id, Instant createdAt) {
    return new Timing(rule(createdAt), start, end, jitter, id.toString());
  }

  private ScheduleRule rule(Instant createdAt) {
    ZoneId zone = ZoneId.of(timezone);
    if (cron != null) {
      return new CronRule(Cron.parse(cron), zone);
    }
    if (every != null) {
      return new EveryRule(
          every, start == null ? createdAt.truncatedTo(ChronoUnit.SECONDS) : start, zone);
    }
    return new AtRule(Objects.requireNonNull(at), zone);
  }
}
