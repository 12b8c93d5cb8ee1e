package dev.errand.automation.schedule.calendar;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the times of cron expressions by watching a wall clock minute by minute, and shares nothing
 * with what it checks: it reads the expressions by itself, numbers alone, and knows nothing of when
 * a zone changes its clock.
 */
final class MinuteByMinute {
  private final List<Expected> expressions = new ArrayList<>();

  MinuteByMinute(List<String> crons) {
    crons.forEach(cron -> expressions.add(new Expected(cron)));
  }

  /** What fires from a time on and before another, by expression. */
  Map<String, List<Instant>> watch(ZoneId zone, Instant from, Instant before) {
    expressions.forEach(expression -> expression.fires.clear());
    LocalDateTime shown = wall(from.minus(1, ChronoUnit.MINUTES), zone);
    for (Instant now = from; now.isBefore(before); now = now.plus(1, ChronoUnit.MINUTES)) {
      LocalDateTime wall = wall(now, zone);
      List<LocalDateTime> first = after(shown, wall);
      for (Expected expression : expressions) {
        expression.look(now, wall, first);
      }
      shown = wall.isAfter(shown) ? wall : shown;
    }
    Map<String, List<Instant>> fires = new LinkedHashMap<>();
    expressions.forEach(expected -> fires.put(expected.cron, List.copyOf(expected.fires)));
    return fires;
  }

  /** The minutes that the clock shows first or has just jumped over. */
  private static List<LocalDateTime> after(LocalDateTime shown, LocalDateTime wall) {
    List<LocalDateTime> minutes = new ArrayList<>();
    for (LocalDateTime minute = shown.plusMinutes(1);
        !minute.isAfter(wall);
        minute = minute.plusMinutes(1)) {
      minutes.add(minute);
    }
    return minutes;
  }

  private static LocalDateTime wall(Instant now, ZoneId zone) {
    return now.atZone(zone).toLocalDateTime();
  }

  private static final class Expected {
    private final String cron;
    private final List<boolean[]> sets = new ArrayList<>();
    private final boolean byTheWall;
    private final boolean anyDay;
    private final boolean anyWeekday;
    private final List<Instant> fires = new ArrayList<>();

    Expected(String cron) {
      this.cron = cron;
      String[] fields = cron.split(" ", -1);
      int[][] bounds = {{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 7}};
      for (int i = 0; i < fields.length; i++) {
        sets.add(set(fields[i], bounds[i][0], bounds[i][1]));
      }
      String time = fields[0] + fields[1];
      byTheWall = !time.contains("*") && !time.contains("/");
      anyDay = fields[2].contains("*");
      anyWeekday = fields[4].contains("*");
    }

    void look(Instant now, LocalDateTime wall, List<LocalDateTime> first) {
      if (byTheWall ? matchesSome(first) : matches(wall)) {
        fires.add(now);
      }
    }

    private boolean matchesSome(List<LocalDateTime> minutes) {
      for (LocalDateTime minute : minutes) {
        if (matches(minute)) {
          return true;
        }
      }
      return false;
    }

    private boolean matches(LocalDateTime wall) {
      if (!sets.get(0)[wall.getMinute()]
          || !sets.get(1)[wall.getHour()]
          || !sets.get(3)[wall.getMonthValue()]) {
        return false;
      }
      boolean day = sets.get(2)[wall.getDayOfMonth()];
      DayOfWeek name = wall.getDayOfWeek();
      boolean weekday =
          sets.get(4)[name.getValue()] || (name == DayOfWeek.SUNDAY && sets.get(4)[0]);
      if (anyDay || anyWeekday) {
        return day && weekday;
      }
      return day || weekday;
    }

    private static boolean[] set(String field, int least, int most) {
      boolean[] set = new boolean[61];
      for (String element : field.split(",", -1)) {
        String[] parts = element.split("/", -1);
        int from = least;
        int to = most;
        if (!parts[0].equals("*")) {
          String[] ends = parts[0].split("-", -1);
          from = Integer.parseInt(ends[0]);
          to = Integer.parseInt(ends[ends.length - 1]);
        }
        for (int i = from; i <= to; i += parts.length > 1 ? Integer.parseInt(parts[1]) : 1) {
          set[i] = true;
        }
      }
      return set;
    }
  }
}
