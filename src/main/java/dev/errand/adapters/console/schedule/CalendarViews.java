package dev.errand.adapters.console.schedule;

import dev.errand.adapters.console.page.Mark;
import dev.errand.adapters.console.schedule.CalendarView.Day;
import dev.errand.adapters.console.schedule.CalendarView.Filter;
import dev.errand.adapters.console.schedule.CalendarView.Item;
import dev.errand.adapters.console.schedule.CalendarView.Week;
import dev.errand.automation.schedule.ScheduleCalendar;
import dev.errand.automation.schedule.ScheduleCalendar.ScheduleDays;
import dev.errand.automation.schedule.ScheduleReader.FireDetails;
import dev.errand.base.json.WellFormed;
import dev.errand.base.turn.FairPool;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.queue.RunStatuses.RunByHand;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Arranges the fires of schedules in days and weeks. */
final class CalendarViews {
  /** How many fires of a schedule are shown one by one in a day; more are counted. */
  private static final int SINGLE = 3;

  private static final int LONGEST_NAME = 32;

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

  /**
   * An item with what the items of a day are sorted by; it is made where it is shown, since a month
   * shows few of many.
   */
  private record Placed(Instant at, String title, Supplier<Item> item) {}

  /** The rows of the table. */
  List<Week> weeks(List<ScheduleDays> schedules, LocalDate today) {
    Map<LocalDate, List<Placed>> byDay = new TreeMap<>();
    for (ScheduleDays schedule : schedules) {
      FairPool.check();
      String title = name(schedule);
      past(schedule, title)
          .forEach((day, items) -> byDay.computeIfAbsent(day, _ -> list()).addAll(items));
      schedule
          .coming()
          .forEach(
              (day, times) ->
                  byDay.computeIfAbsent(day, _ -> list()).addAll(coming(schedule, title, times)));
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
    // One more item takes as much room as the note that there is one.
    int shown = placed.size() <= most + 1 ? placed.size() : most;
    List<Item> items =
        placed.stream()
            .sorted(Comparator.comparing(Placed::at).thenComparing(Placed::title))
            .limit(shown)
            .map(each -> each.item().get())
            .toList();
    return new Day(
        CalendarSpan.name(date.getDayOfWeek()),
        date.getDayOfMonth() == 1 || date.equals(span.from())
            ? CalendarSpan.text(date)
            : Integer.toString(date.getDayOfMonth()),
        date.equals(today),
        !span.isInside(date),
        items,
        placed.size() - shown,
        address(home, new Filter("day", date.toString(), filter.task(), filter.zone())));
  }

  /**
   * A fire that was decided, or a run that was started by hand.
   *
   * @param written makes its line
   * @param nextTry when its run is tried again; null where it does not wait for that
   */
  private record Past(Instant at, Supplier<FireLine> written, @Nullable Instant nextTry) {
    FireLine line() {
      return written.get();
    }
  }

  private Map<LocalDate, List<Placed>> past(ScheduleDays schedule, String title) {
    Map<LocalDate, List<Past>> byDay =
        Stream.concat(
                schedule.past().stream().map(fire -> past(schedule, fire)),
                schedule.byHand().stream().map(run -> past(schedule, run)))
            .sorted(Comparator.comparing(Past::at))
            .collect(Collectors.groupingBy(past -> LocalDate.ofInstant(past.at(), zone)));
    Map<LocalDate, List<Placed>> items = new TreeMap<>();
    byDay.forEach(
        (day, all) ->
            items.put(
                day,
                all.size() <= SINGLE || span.kind() == CalendarSpan.Kind.DAY
                    ? all.stream()
                        .map(past -> new Placed(past.at(), title, () -> single(schedule, past)))
                        .toList()
                    : List.of(
                        new Placed(all.getFirst().at(), title, () -> counted(schedule, all)))));
    return items;
  }

  private Past past(ScheduleDays schedule, FireDetails fire) {
    return new Past(
        fire.fire().scheduledFor(),
        () -> FireLine.of(fire, home, schedule.task()),
        fire.outcome().flatMap(run -> Optional.ofNullable(run.nextTry())).orElse(null));
  }

  private Past past(ScheduleDays schedule, RunByHand run) {
    return new Past(run.createdAt(), () -> FireLine.of(run, home, schedule.task()), null);
  }

  private Item single(ScheduleDays schedule, Past past) {
    FireLine line = past.line();
    boolean needsWords = span.kind() != CalendarSpan.Kind.MONTH && line.mark() == Mark.SKIPPED;
    return new Item(
        time(past.at()),
        shown(schedule),
        name(schedule),
        page(schedule) + "#" + line.anchor(),
        line.status(),
        line.mark(),
        line.code(),
        past.nextTry() == null
            ? (needsWords ? line.detail() : null)
            : "next try " + time(past.nextTry()),
        line.run() == null ? SchedulePageView.why(page(schedule), past.at()) : line.runAddress());
  }

  private Item counted(ScheduleDays schedule, List<Past> all) {
    List<FireLine> lines = all.stream().map(Past::line).toList();
    Map<String, Long> counts =
        lines.stream()
            .collect(Collectors.groupingBy(FireLine::status, TreeMap::new, Collectors.counting()));
    String words =
        counts.entrySet().stream()
            .map(count -> count.getValue() + " " + count.getKey())
            .collect(Collectors.joining(", "));
    return new Item(
        "from " + time(all.getFirst().at()),
        shown(schedule),
        name(schedule),
        page(schedule) + "#fires",
        words,
        Collections.min(lines.stream().map(FireLine::mark).toList()),
        null,
        null,
        null);
  }

  private List<Placed> coming(ScheduleDays schedule, String title, List<Instant> times) {
    if (times.size() < ScheduleCalendar.MOST_OF_DAY) {
      return times.stream()
          .map(time -> new Placed(time, title, () -> coming(schedule, time, "")))
          .toList();
    }
    Instant first = times.getFirst();
    return List.of(new Placed(first, title, () -> coming(schedule, first, "from ")));
  }

  private Item coming(ScheduleDays schedule, Instant time, String before) {
    return new Item(
        before + time(time),
        shown(schedule),
        name(schedule),
        page(schedule),
        null,
        null,
        null,
        null,
        null);
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

  // Long names leave no room for others in a narrow cell.
  private String shown(ScheduleDays schedule) {
    return span.kind() == CalendarSpan.Kind.DAY
        ? name(schedule)
        : WellFormed.cut(schedule.task(), LONGEST_NAME)
            + " / "
            + WellFormed.cut(schedule.schedule().name(), LONGEST_NAME);
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
