package dev.errand.automation.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.schedule.FirePlan.Gap;
import dev.errand.automation.schedule.calendar.AtRule;
import dev.errand.automation.schedule.calendar.Cron;
import dev.errand.automation.schedule.calendar.CronRule;
import dev.errand.automation.schedule.calendar.EveryRule;
import dev.errand.automation.schedule.calendar.ScheduleRule;
import dev.errand.automation.schedule.calendar.Timing;
import dev.errand.automation.schedule.calendar.Timing.Fire;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FirePlanTest {
  private static final Duration GRACE = Duration.ofMinutes(2);
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private static final Timing HOURLY = timing(new CronRule(Cron.parse("@hourly"), ZoneOffset.UTC));

  @ParameterizedTest
  @EnumSource
  void nothingFiresBeforeItsTime(MissedFires missed) {
    FirePlan plan = FirePlan.of(HOURLY, HOURLY.at(NOON), missed, NOON.minusMillis(1), GRACE);

    assertEquals(List.of(), plan.starts());
    assertEquals(Optional.empty(), plan.missed());
    assertEquals(Optional.of(HOURLY.at(NOON)), plan.next());
  }

  @ParameterizedTest
  @EnumSource
  void aFireIsInTimeForAsLongAsTheGraceHolds(MissedFires missed) {
    for (Duration late : List.of(Duration.ZERO, Duration.ofSeconds(1), GRACE)) {
      FirePlan plan = FirePlan.of(HOURLY, HOURLY.at(NOON), missed, NOON.plus(late), GRACE);

      assertEquals(times(NOON), plan.starts().stream().map(Fire::time).toList());
      assertEquals(Optional.empty(), plan.missed());
      assertEquals(hours(1), plan.next().orElseThrow().time());
    }
  }

  @Test
  void aMissedFireIsSkippedOrMadeUpForByItsPolicy() {
    Instant late = NOON.plus(GRACE).plusMillis(1);

    FirePlan none = FirePlan.of(HOURLY, HOURLY.at(NOON), MissedFires.NONE, late, GRACE);
    assertEquals(List.of(), none.starts());
    assertEquals(Optional.of(new Gap(HOURLY.at(NOON), 1, true)), none.missed());
    assertEquals(hours(1), none.next().orElseThrow().time());

    for (MissedFires missed : List.of(MissedFires.LAST, MissedFires.ALL)) {
      FirePlan plan = FirePlan.of(HOURLY, HOURLY.at(NOON), missed, late, GRACE);
      assertEquals(times(NOON), starts(plan));
      assertEquals(Optional.empty(), plan.missed());
    }
  }

  @Test
  void ofSeveralMissedFiresNoneTheLastOrAllAreMadeUpFor() {
    Instant now = hours(5).plus(Duration.ofMinutes(30));

    assertEquals(List.of(), starts(plan(MissedFires.NONE, now)));
    assertEquals(
        new Gap(HOURLY.at(NOON), 6, true), plan(MissedFires.NONE, now).missed().orElseThrow());
    assertEquals(times(hours(5)), starts(plan(MissedFires.LAST, now)));
    assertEquals(
        new Gap(HOURLY.at(NOON), 5, true), plan(MissedFires.LAST, now).missed().orElseThrow());
    assertEquals(
        times(NOON, hours(1), hours(2), hours(3), hours(4), hours(5)),
        starts(plan(MissedFires.ALL, now)));
    assertEquals(Optional.empty(), plan(MissedFires.ALL, now).missed());
  }

  @Test
  void aFireThatIsInTimeNeedsNoneToBeMadeUpForBeforeIt() {
    Instant now = hours(5).plusSeconds(1);

    assertEquals(times(hours(5)), starts(plan(MissedFires.NONE, now)));
    assertEquals(times(hours(5)), starts(plan(MissedFires.LAST, now)));
    assertEquals(6, plan(MissedFires.ALL, now).starts().size());
  }

  @Test
  void afterYearsTheNewestHundredAreMadeUpForAndTheRestIsSkipped() {
    Timing everySecond = timing(new EveryRule(Duration.ofSeconds(1), NOON, ZoneOffset.UTC));
    Instant now = NOON.plus(Duration.ofDays(3650));

    FirePlan plan = FirePlan.of(everySecond, everySecond.at(NOON), MissedFires.ALL, now, GRACE);

    assertEquals(MissedFires.MOST_AT_ONCE, plan.starts().size());
    assertEquals(now, plan.starts().getLast().time());
    assertEquals(now.minusSeconds(99), plan.starts().getFirst().time());
    assertEquals(now.plusSeconds(1), plan.next().orElseThrow().time());
    Gap gap = plan.missed().orElseThrow();
    assertEquals(NOON, gap.first().time());
    assertFalse(gap.counted());
  }

  @Test
  void afterYearsTheLastOfARareScheduleIsFound() {
    Timing yearly = timing(new CronRule(Cron.parse("* * 1 1 *"), ZoneOffset.UTC));
    Instant first = Instant.parse("2027-01-01T00:00:00Z");
    Instant now = Instant.parse("2035-07-01T00:00:00Z");

    FirePlan last = FirePlan.of(yearly, yearly.at(first), MissedFires.LAST, now, GRACE);
    assertEquals(times(Instant.parse("2035-01-01T23:59:00Z")), starts(last));
    assertEquals(Instant.parse("2036-01-01T00:00:00Z"), last.next().orElseThrow().time());

    FirePlan all = FirePlan.of(yearly, yearly.at(first), MissedFires.ALL, now, GRACE);
    assertEquals(100, all.starts().size());
    assertEquals(Instant.parse("2035-01-01T22:20:00Z"), all.starts().getFirst().time());
    assertEquals(
        List.of(), FirePlan.of(yearly, yearly.at(first), MissedFires.NONE, now, GRACE).starts());
  }

  @Test
  void theOneTimeComesOnce() {
    Timing once = timing(new AtRule(NOON, ZoneOffset.UTC));
    FirePlan plan = FirePlan.of(once, once.at(NOON), MissedFires.NONE, NOON, GRACE);

    assertEquals(times(NOON), starts(plan));
    assertEquals(Optional.empty(), plan.next());
  }

  @Test
  void aDelayedFireIsOnTimeFromItsDueTime() {
    Timing jittered =
        new Timing(
            new CronRule(Cron.parse("@hourly"), ZoneOffset.UTC),
            null,
            null,
            Duration.ofMinutes(59),
            "s");
    Fire fire = jittered.at(NOON);
    assertTrue(fire.due().isAfter(NOON.plus(GRACE)), fire.toString());

    Instant now = fire.due().plus(GRACE);
    FirePlan plan = FirePlan.of(jittered, fire, MissedFires.NONE, now, GRACE);
    assertTrue(plan.starts().contains(fire), plan.toString());
    assertEquals(
        List.of(),
        FirePlan.of(jittered, fire, MissedFires.ALL, fire.due().minusMillis(1), GRACE).starts());
  }

  private static FirePlan plan(MissedFires missed, Instant now) {
    return FirePlan.of(HOURLY, HOURLY.at(NOON), missed, now, GRACE);
  }

  private static Timing timing(ScheduleRule rule) {
    return new Timing(rule, null, null, Duration.ZERO, "");
  }

  private static Instant hours(int hours) {
    return NOON.plus(Duration.ofHours(hours));
  }

  private static List<Instant> times(Instant... times) {
    return List.of(times);
  }

  private static List<Instant> starts(FirePlan plan) {
    return plan.starts().stream().map(Fire::time).toList();
  }
}
