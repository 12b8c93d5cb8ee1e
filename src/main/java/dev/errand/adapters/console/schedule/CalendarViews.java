package dev.errand.adapters.console.schedule;

import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.RunWords;
import dev.errand.adapters.console.schedule.CalendarView.Day;
import dev.errand.adapters.console.schedule.CalendarView.Filter;
import dev.errand.adapters.console.schedule.CalendarView.Item;
import dev.errand.adapters.console.schedule.CalendarView.Week;
import dev.errand.automation.schedule.ScheduleCalendar;
import dev.errand.automation.schedule.ScheduleCalendar.ScheduleDays;
import dev.errand.automation.schedule.ScheduleReader.FireDetails;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Arranges the fires of schedules in days and weeks. */
final class CalendarViews {
  /** How many fires of a schedule are shown one by one in a day; more are counted. */
  private static final int SINGLE = 3;

  private static final int MOST_OF_MONTH = 5;
  private static final int MOST_OF_WEEK = 30;
  private static final int MOST_OF_DAY = 200;

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);

  private final String home;
  private final Filter filter;
  private final ZoneId zone;
  private final CalendarSpan span;

  /**
   * Creates a layout.
   *
   * @param home the address of the home of the profile
   * @param zone the zone of the days
   */
  CalendarViews(String home, Filter filter, ZoneId zone, CalendarSpan span) {
    this.home = home;
    this.filter = filter;
    this.zone = zone;
    this.span = span;
  }

  /** An item with the time by which the items of a day are sorted. */
  private record Placed(Instant at, Item item) {}

  /** The rows of the table. */
  List<Week> weeks(List<ScheduleDays> schedules, LocalDate today) {
    Map<LocalDate, List<Placed>> byDay = new TreeMap<>();
    for (ScheduleDays schedule : schedules) {
      past(schedule).forEach((day, items) -> byDay.computeIfAbsent(day, _ -> list()).addAll(items));
      schedule
          .coming()
          .forEach(
              (day, times) ->
                  byDay.computeIfAbsent(day, _ -> list()).addAll(coming(schedule, times)));
    }
    List<Week> weeks = new ArrayList<>();
    List<Day> days = new ArrayList<>();
    for (LocalDate date : span.dates()) {
      days.add(day(date, byDay.getOrDefault(date, List.of()), today));
      if (days.size() == span.columns()) {
        weeks.add(new Week(List.copyOf(days)));
        days.clear();
      }
    }
    return weeks;
  }

  private Day day(LocalDate date, List<Placed> placed, LocalDate today) {
    int most =
        switch (span.kind()) {
          case MONTH -> MOST_OF_MONTH;
          case WEEK -> MOST_OF_WEEK;
          case DAY -> MOST_OF_DAY;
        };
    List<Item> items =
        placed.stream()
            .sorted(Comparator.comparing(Placed::at).thenComparing(each -> each.item().name()))
            .map(Placed::item)
            .toList();
    // One more item takes as much room as the note that there is one.
    int shown = items.size() <= most + 1 ? items.size() : most;
    return new Day(
        CalendarSpan.name(date.getDayOfWeek()),
        date.getDayOfMonth() == 1 || date.equals(span.from())
            ? CalendarSpan.text(date)
            : Integer.toString(date.getDayOfMonth()),
        date.equals(today),
        !span.isInside(date),
        items.subList(0, shown),
        items.size() - shown,
        address(home, new Filter("day", date.toString(), filter.task(), filter.zone())));
  }

  private Map<LocalDate, List<Placed>> past(ScheduleDays schedule) {
    Map<LocalDate, List<FireDetails>> byDay =
        schedule.past().stream()
            .collect(
                Collectors.groupingBy(
                    details -> LocalDate.ofInstant(details.fire().scheduledFor(), zone)));
    Map<LocalDate, List<Placed>> items = new TreeMap<>();
    byDay.forEach(
        (day, fires) ->
            items.put(
                day,
                fires.size() <= SINGLE || span.kind() == CalendarSpan.Kind.DAY
                    ? fires.stream().map(fire -> single(schedule, fire)).toList()
                    : List.of(counted(schedule, fires))));
    return items;
  }

  private Placed single(ScheduleDays schedule, FireDetails details) {
    FireLine line = FireLine.of(details, home, schedule.task());
    boolean needsWords =
        span.kind() != CalendarSpan.Kind.MONTH && line.mark().equals(FireLine.SKIPPED);
    return new Placed(
        details.fire().scheduledFor(),
        new Item(
            time(details.fire().scheduledFor()),
            name(schedule),
            page(schedule) + "#fire-" + line.number(),
            line.status(),
            line.mark(),
            line.code(),
            details
                .outcome()
                .flatMap(run -> Optional.ofNullable(run.nextTry()))
                .map(next -> "next try " + time(next))
                .orElse(needsWords ? line.detail() : null),
            line.run() == null
                ? SchedulePageView.why(page(schedule), details.fire().scheduledFor())
                : line.runAddress()));
  }

  private Placed counted(ScheduleDays schedule, List<FireDetails> fires) {
    Map<String, Long> counts =
        fires.stream()
            .map(fire -> FireLine.of(fire, home, schedule.task()))
            .collect(Collectors.groupingBy(FireLine::status, TreeMap::new, Collectors.counting()));
    String words =
        counts.entrySet().stream()
            .map(count -> count.getValue() + " " + count.getKey())
            .collect(Collectors.joining(", "));
    Instant first = fires.getFirst().fire().scheduledFor();
    return new Placed(
        first,
        new Item(
            "from " + time(first),
            name(schedule),
            page(schedule) + "#fires",
            words,
            counts.size() == 1 && counts.containsKey(RunWords.DONE)
                ? "ready"
                : counts.containsKey("error") ? "error" : FireLine.SKIPPED,
            null,
            null,
            null));
  }

  private List<Placed> coming(ScheduleDays schedule, List<Instant> times) {
    if (times.size() < ScheduleCalendar.MOST_OF_DAY) {
      return times.stream().map(time -> new Placed(time, coming(schedule, time, ""))).toList();
    }
    Instant first = times.getFirst();
    return List.of(new Placed(first, coming(schedule, first, "from ")));
  }

  private Item coming(ScheduleDays schedule, Instant time, String before) {
    return new Item(
        before + time(time), name(schedule), page(schedule), null, "", null, null, null);
  }

  private String time(Instant time) {
    return TIME.format(time.atZone(zone));
  }

  private String page(ScheduleDays schedule) {
    return PagePaths.schedule(home, schedule.task(), schedule.schedule().name());
  }

  private static String name(ScheduleDays schedule) {
    return schedule.task() + " / " + schedule.schedule().name();
  }

  private static List<Placed> list() {
    return new ArrayList<>();
  }

  /** The address of a calendar. */
  static String address(String home, Filter filter) {
    return home
        + "/calendar"
        + PagePaths.query(
            new TreeMap<>(
                Map.of(
                    "view", filter.view(),
                    "date", filter.date(),
                    "task", filter.task(),
                    "zone", filter.zone())));
  }
}
