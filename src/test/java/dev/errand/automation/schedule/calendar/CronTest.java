package dev.errand.automation.schedule.calendar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.turn.ShortWork;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "@hourly | 0 * * * *",
        "@daily | 0 0 * * *",
        "@midnight | 0 0 * * *",
        "@weekly | 0 0 * * 0",
        "@monthly | 0 0 1 * *",
        "@yearly | 0 0 1 1 *",
        "@Annually | 0 0 1 1 *",
        "0 9 * jan-MAR Mon-fri | 0 9 * 1-3 1-5",
        "0 9 * * FRI-SUN | 0 9 * * 5-7",
        "0 9 * * 7 | 0 9 * * 0",
        "0 9 * * sun,TUE | 0 9 * * 0,2",
        "0 9 * * 0-7 | 0 9 * * *",
        "' 0   9 * *\t* ' | 0 9 * * *",
        "00 09 * * * | 0 9 * * *",
      })
  void anotherWayToWriteMeansTheSame(String written, String plain) {
    assertEquals(
        fires(plain, "UTC", "2026-01-01T00:00:00Z", 50),
        fires(written, "UTC", "2026-01-01T00:00:00Z", 50));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "60 * * * * | in the minute, `60` is out of range: it is 0 to 59",
        "0 24 * * * | in the hour, `24` is out of range: it is 0 to 23",
        "0 0 0 * * | in the day of the month, `0` is out of range: it is 1 to 31",
        "0 0 * 13 * | in the month, `13` is out of range: it is 1 to 12 or JAN to DEC",
        "0 0 * * 8 | `8` is out of range: it is 0 to 7 (0 and 7 are Sunday) or SUN to SAT",
        "0 0 * JANUARY * | in the month, `JANUARY` is not a value",
        "0 0 * * MO | in the day of the week, `MO` is not a value",
        "-1 0 * * * | in the minute, the range `-1` is incomplete",
        "0 0 * * MON- | in the day of the week, the range `MON-` is incomplete: it needs a value",
        "0 -5 * * * | in the hour, the range `-5` is incomplete",
        "0 0 * * - | the range `-` is incomplete",
        "0 0 * * MON-/2 | the range `MON-` is incomplete",
        "1.5 0 * * * | `1.5` is not a value",
        "1,,2 0 * * * | `` is not a value",
        "0 22-2 * * * | the range `22-2` runs backwards: write 22-23,0-2",
        "0 0 * * FRI-MON | the range `FRI-MON` runs backwards: write 5-7,0-1",
        "5/15 * * * * | `5/15` is not a step: write */15 or 5-59/15",
        "*/0 * * * * | the step of `*/0` must be 1 to 60",
        "*/90 * * * * | the step of `*/90` must be 1 to 60; for a longer fixed interval",
        "*/x * * * * | `*/x` has no whole number after its slash",
        "0 9 ? * * | in the day of the month, `?` is not a value",
        "0 9 ? * * | use *, which is any day of the month",
        "0 9 L * * | in the day of the month, `L` is not a value",
        "0 9 15W * * | `15W` is not a value",
        "0 9 * * 5#2 | `5#2` is not a value",
        "0 9 * * | must be five fields",
        "0 0 9 * * * | must be five fields, `minute hour day-of-month month day-of-week`",
        "'' | here are 0",
        "@reboot | `@reboot` is not a nickname: there are @hourly, @daily",
        "@every 5m | is not a nickname",
        "CRON_TZ=UTC 0 9 * * * | put a time zone into timezone",
        "0 0 31 2 * | never matches: none of its months has such a day",
        "0 0 30 2 * | never matches",
        "0 0 30,31 2 * | never matches",
        "0 0 31 4,jun,9,11 * | never matches",
        "0 0 31 2 */2 | never matches",
      })
  void invalidExpressionsAreRefusedWithAReason(String cron, String sentence) {
    ApiException e = assertThrows(ApiException.class, () -> Cron.parse(cron));

    assertEquals(ErrorCode.INVALID_INPUT, e.code());
    assertEquals("cron", e.errors().getFirst().field());
    assertTrue(e.errors().getFirst().message().contains(sentence), e.getMessage());
  }

  @Test
  void anExpressionOfAnyLengthIsRefusedInWords() {
    ApiException e =
        assertThrows(ApiException.class, () -> Cron.parse("1,".repeat(200) + "1 * * * *"));
    assertTrue(e.errors().getFirst().message().contains("256 characters"), e.getMessage());
  }

  @Test
  void aDayThatComesRarelyComes() {
    assertEquals(
        List.of("2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z", "2036-02-29T00:00:00Z"),
        fires("0 0 29 2 *", "UTC", "2026-01-01T00:00:00Z", 3));
    // 2100 is no leap year, and a step is met besides the day: Sundays, here.
    assertEquals(
        List.of("2088-02-29T12:00:00Z", "2128-02-29T12:00:00Z"),
        fires("0 12 29 2 */7", "UTC", "2061-01-01T00:00:00Z", 2));
  }

  @Test
  void aTimeInTheGapFiresRightAfterItAndADoubledTimeOnce() {
    assertEquals(
        List.of("2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"),
        fires("30 2 * * *", "Europe/Berlin", "2026-03-27T12:00:00Z", 3));
    assertEquals(
        List.of("2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"),
        fires("30 2 * * *", "Europe/Berlin", "2026-10-23T12:00:00Z", 3));
    // Half an hour is left out from 02:00 on, and 01:30 to 02:00 comes twice.
    assertEquals(
        List.of("2026-10-02T15:45:00Z", "2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"),
        fires("15 2 * * *", "Australia/Lord_Howe", "2026-10-02T00:00:00Z", 3));
    assertEquals(
        List.of("2026-04-03T14:45:00Z", "2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"),
        fires("45 1 * * *", "Australia/Lord_Howe", "2026-04-03T00:00:00Z", 3));
  }

  @Test
  void twoTimesOfWhichOneIsInTheGapFireOnceWhereTheyMeet() {
    assertEquals(
        List.of("2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z"),
        fires("0 1,2,3,4 * * *", "Europe/Berlin", "2026-03-28T23:30:00Z", 3));
  }

  @Test
  void anHourlyScheduleFiresEachHourOfAChangingDay() {
    assertEquals(
        List.of(
            "2026-10-24T23:00:00Z",
            "2026-10-25T00:00:00Z",
            "2026-10-25T01:00:00Z",
            "2026-10-25T02:00:00Z"),
        fires("0 * * * *", "Europe/Berlin", "2026-10-24T22:30:00Z", 4));
    assertEquals(25, firesOfDay("@hourly", "Europe/Berlin", "2026-10-24T22:00:00Z", 25));
    assertEquals(23, firesOfDay("@hourly", "Europe/Berlin", "2026-03-28T23:00:00Z", 23));
    assertEquals(
        49, firesOfDay("*/30 * * * *", "Australia/Lord_Howe", "2026-04-04T13:00:00Z", 49 / 2.0));
    assertEquals(
        47, firesOfDay("*/30 * * * *", "Australia/Lord_Howe", "2026-10-03T13:30:00Z", 47 / 2.0));
  }

  private static long firesOfDay(String cron, String zone, String from, double hours) {
    Instant end = Instant.parse(from).plusSeconds((long) (hours * 3600));
    return fires(cron, zone, Instant.parse(from).minusSeconds(1).toString(), 60).stream()
        .filter(fire -> Instant.parse(fire).isBefore(end))
        .count();
  }

  private static List<String> fires(String cron, String zone, String after, int most) {
    CronRule rule = new CronRule(Cron.parse(cron), ZoneId.of(zone));
    List<String> fires = new ArrayList<>();
    Instant at = Instant.parse(after);
    while (fires.size() < most) {
      at = rule.next(at).orElseThrow();
      fires.add(at.toString());
    }
    return fires;
  }

  // Day by day, it is 10,000 of them.
  @ParameterizedTest
  @CsvSource({
    "0 0 29 2 */7, 2060-02-29T00:00:00Z",
    "* * 29 2 */7, 2060-02-29T00:00:00Z",
    "0 0 31 */12 */7, 2038-01-31T00:00:00Z",
    "0 0 31 12 */7, 2034-12-31T00:00:00Z"
  })
  void aRareDayIsFoundInFewSteps(String cron, Instant next) {
    CronRule rule = new CronRule(Cron.parse(cron), ZoneOffset.UTC);
    Instant after = Instant.parse("2032-03-01T00:00:00Z");
    assertEquals(Optional.of(next), ShortWork.call(100, () -> rule.next(after)));
  }

  @ParameterizedTest
  @CsvSource({
    "29-31, 2-6, */3",
    "31, 2-12/2, */7",
    "*/10, *, 1",
    "30-31, *, */5",
    "30, 2-3, 5",
    "1-31/30, 1-12/11, *",
    "*, 2, 3",
    "*/31, 12, */2"
  })
  void itsDaysAreThoseOfTheCalendar(String days, String months, String weekdays) {
    Cron cron = Cron.parse("0 0 %s %s %s".formatted(days, months, weekdays));
    LocalDate day = LocalDate.of(2095, 11, 30);
    LocalDate last = LocalDate.of(2105, 2, 2);
    List<LocalDate> expected = new ArrayList<>();
    for (LocalDate each = day; !each.isAfter(last); each = each.plusDays(1)) {
      boolean byDay = cron.days().all().contains(each.getDayOfMonth());
      boolean byWeekday = cron.weekdays().all().contains(each.getDayOfWeek().getValue() % 7);
      if (cron.months().all().contains(each.getMonthValue())
          && (cron.isEither() ? byDay || byWeekday : byDay && byWeekday)) {
        expected.add(each);
      }
    }
    List<LocalDate> found = new ArrayList<>();
    LocalDateTime match = cron.match(day.atStartOfDay(), last);
    while (match != null) {
      found.add(match.toLocalDate());
      match = cron.match(match.plusMinutes(1), last);
    }
    assertEquals(expected, found);
  }
}
