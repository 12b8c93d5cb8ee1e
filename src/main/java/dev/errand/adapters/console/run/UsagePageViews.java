package dev.errand.adapters.console.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.ListFilter;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.run.UsagePageView.UsageLine;
import dev.errand.base.json.Json;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.history.UsageSum;
import dev.errand.runs.history.UsageView;
import dev.errand.runs.history.UsageView.Day;
import dev.errand.runs.history.UsageView.OfTask;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Builds the view of the page with usage. */
@ApplicationScoped
class UsagePageViews {
  /** What is shown where the days were refused. */
  static final UsageView NOTHING =
      new UsageView(LocalDate.EPOCH, LocalDate.EPOCH, UsageSum.NONE, List.of());

  private static final int MOST_DAYS = 92;
  private static final int MOST_TASKS = 100;
  private static final int HUNDREDTHS = 100;
  private static final List<Integer> DAYS = List.of(7, 30, 90, 365);

  private final Json json;
  private final Clock clock;

  UsagePageViews(Json json, Clock clock) {
    this.json = json;
    this.clock = clock;
  }

  /**
   * The page of what was used.
   *
   * @param usage {@link #NOTHING} where the days were refused
   * @param byTask that of each task; empty where one was chosen
   * @param tasks the names of all tasks
   * @param message why the days were refused; null where they were not
   */
  UsagePageView of(
      PageRequest page,
      ListFilter filter,
      UsageView usage,
      List<OfTask> byTask,
      List<String> tasks,
      @Nullable String message) {
    String home = page.home();
    String task = filter.get("task");
    boolean isRefused = message != null;
    String from = isRefused ? filter.get("from") : usage.from().toString();
    String to = isRefused ? filter.get("to") : usage.to().toString();
    List<Day> days = usage.days().reversed().stream().filter(day -> isAny(day.used())).toList();
    BigDecimal most = most(byTask, OfTask::used);
    BigDecimal mostOfDays = most(days, Day::used);
    return new UsagePageView(
        from,
        to,
        choices(tasks, task),
        spans(home, isRefused ? null : usage, task),
        message,
        usage.total(),
        days.isEmpty() ? "" : plot(usage),
        days.stream()
            .limit(MOST_DAYS)
            .map(
                day ->
                    new UsageLine(
                        day.day().toString(), null, share(day.used(), mostOfDays), day.used()))
            .toList(),
        days.size() > MOST_DAYS,
        byTask.stream()
            .sorted(Comparator.comparing((OfTask each) -> weight(each.used())).reversed())
            .limit(MOST_TASKS)
            .map(
                each ->
                    new UsageLine(
                        each.task(),
                        each.deleted() ? null : PagePaths.task(home, each.task()),
                        share(each.used(), most),
                        each.used()))
            .toList(),
        byTask.size() > MOST_TASKS,
        TaskPlots.of(byTask, home),
        home + "/usage.csv" + (isRefused ? "" : query(from, to, task)));
  }

  private static List<Choice> choices(List<String> tasks, String chosen) {
    List<Choice> all = new ArrayList<>();
    all.add(new Choice("", "all", chosen.isEmpty()));
    Stream<String> names =
        chosen.isEmpty() || tasks.contains(chosen)
            ? tasks.stream()
            : Stream.concat(tasks.stream(), Stream.of(chosen));
    names.forEach(task -> all.add(new Choice(task, task, task.equals(chosen))));
    return all;
  }

  private List<Choice> spans(String home, @Nullable UsageView shown, String task) {
    LocalDate today = LocalDate.now(clock);
    return DAYS.stream()
        .map(
            days -> {
              LocalDate first = today.minusDays(days - 1);
              return new Choice(
                  home + "/usage" + query(first.toString(), today.toString(), task),
                  days + " days",
                  shown != null && shown.from().equals(first) && shown.to().equals(today));
            })
        .toList();
  }

  private static String query(String from, String to, String task) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("from", from);
    query.put("to", to);
    query.put("task", task);
    return PagePaths.query(query);
  }

  private String plot(UsageView usage) {
    ObjectNode plot = json.object().put("from", usage.from().toString());
    ArrayNode cost = plot.putArray("cost");
    ArrayNode tokens = plot.putArray("tokens");
    ArrayNode ready = plot.putArray("ready");
    ArrayNode failed = plot.putArray("failed");
    for (Day day : usage.days()) {
      cost.add(day.used().costUsd());
      tokens.add(day.used().totalTokens());
      ready.add(day.used().runsReady());
      failed.add(day.used().runsError());
    }
    return json.write(plot);
  }

  private static boolean isAny(UsageSum used) {
    return used.runsReady() + used.runsError() + used.totalTokens() > 0;
  }

  // Where no price is known, tasks are ordered by tokens.
  private static BigDecimal weight(UsageSum used) {
    BigDecimal cost = used.costUsd() == null ? BigDecimal.ZERO : used.costUsd();
    return cost.add(BigDecimal.valueOf(used.totalTokens(), 12));
  }

  private static <T> BigDecimal most(List<T> of, Function<T, UsageSum> used) {
    return of.stream()
        .map(one -> weight(used.apply(one)))
        .max(Comparator.naturalOrder())
        .orElse(BigDecimal.ZERO);
  }

  private static long share(UsageSum used, BigDecimal most) {
    return most.signum() <= 0
        ? 0
        : weight(used)
            .multiply(BigDecimal.valueOf(HUNDREDTHS))
            .divide(most, RoundingMode.HALF_UP)
            .longValue();
  }
}
