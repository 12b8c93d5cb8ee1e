package dev.errand.automation.schedule.calendar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.schedule.calendar.Timing.Fire;
import dev.errand.base.error.ApiException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimingTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  @Test
  void everyGoesByElapsedTimeFromItsAnchorOn() {
    // Over the change of 25 October, a day of 24 hours comes an hour earlier by the wall clock.
    EveryRule rule =
        new EveryRule(Duration.ofDays(1), Instant.parse("2026-10-24T07:00:00Z"), BERLIN);

    assertEquals(
        Optional.of(Instant.parse("2026-10-24T07:00:00Z")),
        rule.next(Instant.parse("2026-10-01T00:00:00Z")));
    assertEquals(
        Optional.of(Instant.parse("2026-10-25T07:00:00Z")),
        rule.next(Instant.parse("2026-10-24T07:00:00Z")));
    assertEquals(
        Optional.of(Instant.parse("2026-10-27T07:00:00Z")),
        rule.next(Instant.parse("2026-10-26T07:00:00.001Z")));
    assertEquals("Every day, counted from 2026-10-24 09:00 in Europe/Berlin", rule.words());
    assertEquals(
        "Every 1 hour and 30 minutes, counted from 2026-11-24 12:00:01 in UTC",
        new EveryRule(Duration.ofMinutes(90), NOON.plusSeconds(1), ZoneId.of("UTC")).words());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "* * * * *",
        "0 9 * * 1-5",
        "30 2 * * *",
        "*/30 2 * * *",
        "0 0 29 2 *",
        "@monthly"
      })
  void theLastTimeBeforeAnotherIsTheOneThatItFollows(String cron) {
    Timing timing =
        new Timing(new CronRule(Cron.parse(cron), BERLIN), null, null, Duration.ZERO, "seed");
    Fire fire = timing.next(Instant.parse("2026-10-24T00:00:00Z")).orElseThrow();
    for (int i = 0; i < 200; i++) {
      Fire next = timing.next(fire.time()).orElseThrow();
      assertEquals(Optional.of(fire), timing.last(next.time()));
      assertEquals(Optional.of(fire), timing.last(fire.time().plusMillis(1)));
      fire = next;
    }
  }

  @Test
  void theLastTimeIsFoundWithinSecondsAndAfterTheEnd() {
    Timing each =
        new Timing(
            new EveryRule(Duration.ofSeconds(1), NOON, BERLIN),
            null,
            NOON.plusSeconds(90),
            Duration.ZERO,
            "seed");
    for (int second = 1; second < 90; second++) {
      assertEquals(
          NOON.plusSeconds(second - 1), each.last(NOON.plusSeconds(second)).orElseThrow().time());
    }
    assertEquals(
        NOON.plusSeconds(90), each.last(NOON.plus(Duration.ofDays(900))).orElseThrow().time());
    assertEquals(Optional.empty(), each.last(NOON));
  }

  @Test
  void everyMatchesAWalkOfAYear() {
    EveryRule rule = new EveryRule(Duration.ofSeconds(5431), NOON, BERLIN);
    Instant expected = NOON.plusSeconds(5431);
    Instant at = NOON;
    while (at.isBefore(NOON.plus(Duration.ofDays(365)))) {
      at = rule.next(at).orElseThrow();
      assertEquals(expected, at);
      assertEquals(Optional.of(at), rule.next(at.minusMillis(1)));
      expected = expected.plusSeconds(5431);
    }
  }

  @Test
  void theWindowHoldsBothItsEnds() {
    Timing timing =
        new Timing(
            new CronRule(Cron.parse("0 9 * * *"), ZoneOffset.UTC),
            Instant.parse("2026-12-01T09:00:00Z"),
            Instant.parse("2026-12-03T09:00:00Z"),
            Duration.ZERO,
            "s");

    assertEquals(
        List.of("2026-12-01T09:00:00Z", "2026-12-02T09:00:00Z", "2026-12-03T09:00:00Z"),
        timing.from(timing.next(NOON).orElseThrow(), 9).stream()
            .map(fire -> fire.time().toString())
            .toList());
  }

  @Test
  void jitterPutsEachFireOffByLessThanItselfAndTheSameOnEveryMachine() {
    Duration jitter = Duration.ofMinutes(10);
    Timing timing = jittered("a", jitter);
    Set<Duration> offsets = new HashSet<>();

    for (Fire fire : timing.from(timing.next(NOON).orElseThrow(), 200)) {
      Duration offset = Duration.between(fire.time(), fire.due());
      assertFalse(offset.isNegative());
      assertTrue(offset.compareTo(jitter) < 0, offset.toString());
      assertEquals(Optional.of(fire), jittered("a", jitter).next(fire.time().minusSeconds(5)));
      offsets.add(offset);
    }

    assertTrue(offsets.size() > 150, "they differ: " + offsets.size());
    assertNotEquals(timing.next(NOON), jittered("b", jitter).next(NOON));
  }

  @Test
  void aFireThatIsPutOffIsStillToComeUntilItIsDue() {
    Timing timing = jittered("a", Duration.ofMinutes(50));
    Fire fire = timing.next(NOON).orElseThrow();
    assertTrue(fire.due().isAfter(fire.time()));

    assertEquals(Optional.of(fire), timing.nextDue(fire.time()));
    assertEquals(Optional.of(fire), timing.nextDue(fire.due().minusMillis(1)));
    assertEquals(timing.next(fire.time()), timing.nextDue(fire.due()));
  }

  @Test
  void noTimeComesThatWasBeforeTheScheduleHoweverMuchItIsPutOff() {
    Timing timing = jittered("a", Duration.ofMinutes(50));
    Fire fire = timing.next(NOON).orElseThrow();
    Instant created = fire.time().plusMillis(1);

    assertEquals(Optional.of(fire), timing.nextDue(created, fire.time().minusMillis(1)));
    assertEquals(timing.next(fire.time()), timing.nextDue(created, created));
    assertEquals(timing.next(fire.time()), timing.nextDue(created, fire.time()));
  }

  @Test
  void aSpreadMovesAllFiresByTheSameAndNeitherLosesNorDoublesOneWhenClocksChange() {
    for (String cron : List.of("30 2 * * *", "0 * * * *", "*/20 1,2,3 * * *")) {
      for (String from : List.of("2026-03-28T00:00:00Z", "2026-10-24T00:00:00Z")) {
        Timing plain =
            new Timing(new CronRule(Cron.parse(cron), BERLIN), null, null, Duration.ZERO, "s");
        // Also longer than from one fire to the next, as after a change by an older version.
        Duration offset = Duration.ofMinutes(50);
        Timing spread =
            new Timing(plain.rule(), null, null, Duration.ZERO, "s", Duration.ofHours(1), offset);
        Instant now = Instant.parse(from);
        List<Instant> due = new ArrayList<>();
        Fire fire = spread.nextDue(now.plus(offset)).orElseThrow();
        while (fire.time().isBefore(now.plus(Duration.ofDays(3)))) {
          due.add(fire.due().minus(offset));
          fire = spread.nextDue(fire.due()).orElseThrow();
        }

        assertEquals(
            plain.from(plain.next(now).orElseThrow(), due.size()).stream().map(Fire::time).toList(),
            due,
            cron + " " + from);
      }
    }
  }

  private static Timing jittered(String seed, Duration jitter) {
    return new Timing(
        new CronRule(Cron.parse("0 * * * *"), ZoneOffset.UTC), null, null, jitter, seed);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-12-24T09:30:00Z, 2026-12-24T09:30:00Z",
    "2026-12-24T09:30:00+05:30, 2026-12-24T04:00:00Z",
    "2026-12-24T09:30, 2026-12-24T08:30:00Z",
    // More than a schedule keeps: rounded down.
    "2026-12-24T09:30:00.999Z, 2026-12-24T09:30:00Z",
    "2026-12-24T09:30:59.999999999, 2026-12-24T08:30:59Z",
    // Left out: right after. Doubled: the first.
    "2026-03-29T02:30:00, 2026-03-29T01:00:00Z",
    "2026-10-25T02:30:00, 2026-10-25T00:30:00Z"
  })
  void aTimeIsReadByTheClockOfTheZoneUnlessItSaysItsOffset(String text, Instant time) {
    assertEquals(time, IsoTime.time("at", text, BERLIN));
    assertTrue(new AtRule(time, BERLIN).words().startsWith("Once, at 2026-"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tomorrow",
        "2026-12-24",
        "09:30",
        "1999-12-31T23:59:59Z",
        "2200-01-01T00:00:00Z",
        "2026-02-30T09:30:00Z",
        "+1000000000-12-31T00:00:00Z"
      })
  void invalidTimesAreRefused(String text) {
    ApiException e = assertThrows(ApiException.class, () -> IsoTime.time("at", text, BERLIN));
    assertEquals("at", e.errors().getFirst().field());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Mars/Olympus", "+02:00", "GMT+2", "CET+1", "europe/berlin"})
  void invalidTimeZonesAreRefused(String text) {
    ApiException e = assertThrows(ApiException.class, () -> IsoTime.zone("timezone", text));
    assertEquals("timezone", e.errors().getFirst().field());
    assertEquals(
        text.equals("europe/berlin"),
        e.errors().getFirst().message().endsWith("here Europe/Berlin"));
  }
}
