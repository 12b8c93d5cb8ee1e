package dev.errand.automation.schedule;

import dev.errand.automation.schedule.calendar.AtRule;
import dev.errand.automation.schedule.calendar.Cron;
import dev.errand.automation.schedule.calendar.CronRule;
import dev.errand.automation.schedule.calendar.EveryRule;
import dev.errand.automation.schedule.calendar.ScheduleRule;
import dev.errand.automation.schedule.calendar.Timing;
import dev.errand.base.database.SecondsColumn;
import dev.errand.base.secret.Sha256;
import dev.errand.identity.profile.ProfileSlug;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embeddable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The definition of a schedule, as registered. Exactly one of {@code cron}, {@code every} and
 * {@code at} is set.
 *
 * @param cron a cron expression
 * @param at its single time
 * @param timezone the time zone of cron expressions and local times, an IANA name
 * @param parameters the parameters of its runs, a JSON object
 * @param retry when a run is tried again whose model can't be reached
 * @param jitter the upper bound of each fire's random delay; zero for none
 * @param spread the length of time over which the runs of several schedules are spread; zero for
 *     none
 * @param offset the schedule's place in it, by which each of its runs starts later; less than it
 * @param start no time is before this; null without a bound
 * @param end no time is after this; null without a bound
 */
@Embeddable
@RegisterForReflection
public record ScheduleDefinition(
    @Nullable String cron,
    @Convert(converter = SecondsColumn.class) @Column(name = "every_seconds")
        @Nullable Duration every,
    @Nullable Instant at,
    String timezone,
    String parameters,
    boolean enabled,
    MissedFires missed,
    @Convert(converter = ScheduleRetry.Stored.class) ScheduleRetry retry,
    @Convert(converter = SecondsColumn.class) @Column(name = "jitter_seconds") Duration jitter,
    @Convert(converter = SecondsColumn.class) @Column(name = "spread_seconds") Duration spread,
    @Convert(converter = SecondsColumn.class) @Column(name = "spread_offset_seconds")
        Duration offset,
    @Column(name = "start_at") @Nullable Instant start,
    @Column(name = "end_at") @Nullable Instant end) {

  /** Whether both definitions have the same times, except for the spread. */
  public boolean hasTimesOf(ScheduleDefinition other) {
    return hasRuleOf(other) && jitter.equals(other.jitter);
  }

  /** Whether both definitions have the same times, except for the spread and the jitter. */
  public boolean hasRuleOf(ScheduleDefinition other) {
    return ruleAlone().equals(other.ruleAlone());
  }

  // All components are named, so that none is added without a decision whether it makes the times.
  private ScheduleDefinition ruleAlone() {
    return new ScheduleDefinition(
        cron,
        every,
        at,
        timezone,
        "",
        true,
        MissedFires.NONE,
        ScheduleRetry.DEFAULT,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        start,
        end);
  }

  /**
   * The same with its place in its spread: where that is as before, the place that it had, which a
   * new name does not change; otherwise one that is derived from the names, the same in all
   * processes and versions.
   */
  ScheduleDefinition placed(
      ProfileSlug profile, String task, String schedule, @Nullable ScheduleDefinition before) {
    Duration place =
        before != null && before.spread.equals(spread)
            ? before.offset
            : place(profile + "/" + task + "/" + schedule);
    return new ScheduleDefinition(
        cron,
        every,
        at,
        timezone,
        parameters,
        enabled,
        missed,
        retry,
        jitter,
        spread,
        place,
        start,
        end);
  }

  private Duration place(String names) {
    long seconds = spread.toSeconds();
    if (seconds == 0) {
      return Duration.ZERO;
    }
    long draw = ByteBuffer.wrap(Sha256.of(names)).getLong();
    return Duration.ofSeconds(Long.remainderUnsigned(draw, seconds));
  }

  /**
   * The times at which the schedule fires.
   *
   * @param id the schedule's id, the seed of its jitter
   * @param createdAt when it was first registered; {@code every} counts from then unless there is a
   *     {@code start}
   */
  public Timing timing(UUID id, Instant createdAt) {
    return new Timing(rule(createdAt), start, end, jitter, id.toString(), spread, offset);
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
