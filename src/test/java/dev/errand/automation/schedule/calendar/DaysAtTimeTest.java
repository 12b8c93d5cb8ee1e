package dev.errand.automation.schedule.calendar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DaysAtTimeTest {
  private static final LocalTime TIME = LocalTime.of(23, 5);

  @Test
  void itsExpressionSaysTheSame() {
    for (int bits = 1; bits < 128; bits++) {
      int chosen = bits;
      Set<DayOfWeek> weekdays =
          Stream.of(DayOfWeek.values())
              .filter(day -> (chosen & (1 << (day.getValue() - 1))) != 0)
              .collect(Collectors.toSet());
      same(DaysAtTime.weekly(TIME, weekdays));
    }
    for (int day = 1; day <= 31; day++) {
      same(DaysAtTime.monthly(LocalTime.MIDNIGHT, day));
    }
  }

  private static void same(DaysAtTime days) {
    assertEquals(Optional.of(days), DaysAtTime.of(Cron.parse(days.cron())), days.cron());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@hourly",
        "@yearly",
        "0,30 9 * * *",
        "0 */12 * * *",
        "0 9 * * 1-5/2",
        "0 9 */2 * *",
        "0 9 13 * 5",
        "0 9 1,15 * *",
        "0 9 1-7 * 1",
        "0 9 * 1-11 *",
      })
  void whatSaysMoreHasNone(String cron) {
    assertEquals(Optional.empty(), DaysAtTime.of(Cron.parse(cron)));
  }
}
