package dev.errand.automation.schedule.calendar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Walks through whole years, both changes of the clock included. */
class YearTest {
  private static final List<String> CRONS =
      List.of(
          "30 9 * * 1-5",
          "30 2 * * *",
          "0 2 * * *",
          "15 3 * * *",
          "0 0 * * *",
          "30 0 * * *",
          "59 23 * * *",
          "0,30 1-3 * * *",
          "15,45 1,2,3 * * *",
          "0-59 2 * * *",
          "0 0-23 * * *",
          "0 * * * *",
          "30 * * * *",
          "*/15 * * * *",
          "*/7 * * * *",
          "10-50/20 * * * *",
          "*/30 2 * * *",
          "0 */2 * * *",
          "45 1-5/2 * * *",
          "* * 25 10 *",
          "* 2 * 3,4,10,11 0",
          "0 0 13 * 5",
          "0 2 1,15 * 0",
          "0 9 */2 * 1",
          "0 9 1-7 * *",
          "0 9 * * */2",
          "0 9 1 * 7",
          "30 2 28-31 3,10 *",
          "0 0 31 * *",
          "0 0 29 2 *",
          "0 0 1 1 *",
          "0 0 * * 6,7",
          "5 4 * * 5-7");

  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin, 2026",
    "America/New_York, 2026",
    "Australia/Lord_Howe, 2026",
    // The clock changes at midnight, so that a day begins at one.
    "America/Sao_Paulo, 2018",
    "Africa/Cairo, 2024",
    // A whole day is left out.
    "Pacific/Apia, 2011",
    // The clock is put back for a month of the year.
    "Africa/Casablanca, 2025",
    "Asia/Kolkata, 2028",
    "UTC, 2028"
  })
  void everyRuleFiresWhenAWatcherOfTheWallClockSays(String zoneId, int year) {
    ZoneId zone = ZoneId.of(zoneId);
    List<String> crons = new ArrayList<>(CRONS);
    crons.addAll(drawn(zoneId.hashCode(), 25));
    Instant from = LocalDateTime.of(year, 1, 1, 0, 0).toInstant(ZoneOffset.UTC);
    Instant before = LocalDateTime.of(year + 1, 1, 1, 0, 0).toInstant(ZoneOffset.UTC);

    Map<String, List<Instant>> expected = new MinuteByMinute(crons).watch(zone, from, before);

    int fires = 0;
    for (String cron : crons) {
      List<Instant> found = walk(new CronRule(Cron.parse(cron), zone), from, before);
      assertEquals(expected.get(cron), found, cron + " in " + zoneId);
      fires += found.size();
    }
    assertTrue(fires > 100_000, "the year is not empty: " + fires);
  }

  private static List<Instant> walk(ScheduleRule rule, Instant from, Instant before) {
    List<Instant> fires = new ArrayList<>();
    Instant at = from.minusNanos(1);
    while (true) {
      Instant next = rule.next(at).orElse(before);
      if (!next.isBefore(before)) {
        return fires;
      }
      fires.add(next);
      at = next;
    }
  }

  /** Expressions drawn by chance, the same ones each time; most of them around the changes. */
  private static List<String> drawn(long seed, int count) {
    Random random = new Random(seed);
    List<String> crons = new ArrayList<>();
    while (crons.size() < count) {
      String cron =
          String.join(
              " ",
              field(random, 0, 59, 50),
              field(random, 0, 4, 70),
              field(random, 1, 28, 30),
              field(random, 1, 12, 20),
              field(random, 0, 7, 30));
      crons.add(cron);
    }
    return crons;
  }

  private static String field(Random random, int least, int most, int percentRestricted) {
    if (random.nextInt(100) >= percentRestricted) {
      return random.nextInt(4) == 0 ? "*/" + (2 + random.nextInt(3)) : "*";
    }
    List<String> elements = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      int from = least + random.nextInt(most - least + 1);
      int to = from + random.nextInt(most - from + 1);
      elements.add(
          switch (random.nextInt(3)) {
            case 0 -> from + "-" + to;
            case 1 -> from + "-" + to + "/" + (1 + random.nextInt(4));
            default -> Integer.toString(from);
          });
    }
    return String.join(",", elements);
  }
}
