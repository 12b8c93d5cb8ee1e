package dev.errand.automation.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.automation.schedule.calendar.Cron;
import dev.errand.automation.schedule.calendar.CronRule;
import dev.errand.automation.schedule.calendar.Timing;
import dev.errand.automation.schedule.calendar.Timing.Fire;
import dev.errand.base.turn.ShortWork;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The days of a calendar have the first fires of each, and few times are calculated for them. */
class CalendarDaysTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Instant NOW = Instant.parse("2030-03-01T10:30:30Z");
  private static final LocalDate FROM = LocalDate.of(2030, 2, 25);
  private static final int DAYS = 42;

  // Those of February are over.
  private static final int LEFT = DAYS - 4;
  private static final int MOST = 4;

  private static Timing timing(String cron, Duration jitter, ZoneId zone) {
    return new Timing(new CronRule(Cron.parse(cron), zone), null, null, jitter, "seed");
  }

  private static Map<LocalDate, List<Instant>> coming(Timing timing) {
    Instant undecided = timing.nextDue(NOW).orElseThrow().time();
    return new CalendarDays(FROM, DAYS, BERLIN, NOW).coming(timing, undecided, MOST);
  }

  // What is calculated grows with the fires that are shown, not with the days, nor with a fire that
  // is far away: each time of 29 February that is a Sunday is a search through 28 years.
  @ParameterizedTest
  @CsvSource({
    "0 0 29 2 */7, 0, 200",
    "0 0 1 1 *, 0, 4",
    "0 12 10 3 *, 1, 12",
    "0 12 * * *, 38, 117",
    "* * * * *, 38, 304"
  })
  void fewTimesAreCalculated(String cron, int days, int steps) {
    Timing timing = timing(cron, Duration.ZERO, BERLIN);
    assertEquals(days, ShortWork.call(steps, () -> coming(timing)).size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* * * * * | PT0S",
        "*/7 */5 * * * | PT1M",
        "30 2 * * * | PT0S",
        "30 2 * * * | PT20H",
        "0,1 23 * * * | PT1M",
        "0 0,6,12,18,20 * * 1-5 | PT3H",
        "59 23 * * * | PT10H",
        "0 0 30 3 * | PT0S",
        "0 0 29 2 * | PT24H"
      })
  void eachDayHasItsFirstFires(String cron, Duration jitter) {
    for (ZoneId zone : List.of(BERLIN, ZoneOffset.UTC, ZoneId.of("America/Los_Angeles"))) {
      Timing timing = timing(cron, jitter, zone);
      assertEquals(oneByOne(timing), coming(timing), zone::toString);
    }
  }

  /** The same by looking at every fire. */
  private static Map<LocalDate, List<Instant>> oneByOne(Timing timing) {
    Map<LocalDate, List<Instant>> all = new HashMap<>();
    Instant end = FROM.plusDays(DAYS).atStartOfDay(BERLIN).toInstant();
    Optional<Fire> fire = timing.nextDue(NOW);
    while (fire.isPresent() && fire.get().time().isBefore(end)) {
      Instant due = fire.get().due();
      if (due.isBefore(end)) {
        List<Instant> ofDay =
            all.computeIfAbsent(LocalDate.ofInstant(due, BERLIN), _ -> new ArrayList<>());
        if (ofDay.size() < MOST) {
          ofDay.add(due);
        }
      }
      fire = timing.next(fire.get().time());
    }
    return all;
  }

  @Test
  void daysThatAreOverHaveNone() {
    Timing timing = timing("0 12 * * *", Duration.ZERO, BERLIN);
    assertEquals(LEFT, coming(timing).size(), "today's is at 11:00 UTC, half an hour from now");
  }
}
