package dev.errand.adapters.console.budget;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.base.json.Json;
import dev.errand.runs.budget.BudgetAmount;
import dev.errand.runs.budget.BudgetHistory.SpentDay;
import dev.errand.runs.budget.BudgetPeriod;
import dev.errand.runs.budget.BudgetSettings;
import dev.errand.runs.budget.BudgetView;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a budget of a day or month is spent day by day, and what that comes to.
 *
 * @param plot the data of its plots, in JSON
 * @param forecasts what is spent at the end of the period, in sentences; empty where that is not
 *     known
 * @param unknown why it is not known; null where it is
 * @param days the days on which runs ended, the newest first
 * @param isOfMonth whether the days add up to its period
 */
public record BudgetCourse(
    String plot,
    List<String> forecasts,
    @Nullable String unknown,
    List<DayLine> days,
    boolean isOfMonth) {
  private static final int SHOWN = 30;
  private static final int AVERAGED = 7;
  private static final int FEWEST = 3;
  private static final BigDecimal DAY_SECONDS = BigDecimal.valueOf(Duration.ofDays(1).toSeconds());

  /**
   * A day.
   *
   * @param cost what was spent on it
   * @param costSoFar what was spent since the period began
   */
  public record DayLine(
      String day, String cost, String tokens, String costSoFar, String tokensSoFar) {}

  /** One of the limits. */
  private record Limit(
      BigDecimal most,
      BigDecimal spent,
      Function<SpentDay, BigDecimal> of,
      Function<BigDecimal, String> text,
      boolean isOfDollars) {}

  /** The first day of which it has to be known what was spent. */
  static LocalDate from(BudgetView budget, Instant now) {
    LocalDate lately = today(now).minusDays(SHOWN - 1L);
    LocalDate begin = begin(budget, now);
    return begin.isBefore(lately) ? begin : lately;
  }

  private static LocalDate today(Instant now) {
    return LocalDate.ofInstant(now, ZoneOffset.UTC);
  }

  private static boolean isOfMonth(BudgetView budget) {
    return budget.settings().period().equals(BudgetPeriod.MONTH.code());
  }

  // The first day of the plot.
  private static LocalDate begin(BudgetView budget, Instant now) {
    return isOfMonth(budget) ? end(budget, now).minusMonths(1) : today(now).minusDays(SHOWN - 1L);
  }

  // The day on which the next period begins, by the clock of the database.
  private static LocalDate end(BudgetView budget, Instant now) {
    Instant resets = budget.resetsAt();
    return resets == null ? today(now).plusDays(1) : LocalDate.ofInstant(resets, ZoneOffset.UTC);
  }

  /**
   * The course of a budget.
   *
   * @param spent the days since {@link #from} on which runs ended, the first day first
   */
  static BudgetCourse of(BudgetView budget, List<SpentDay> spent, Instant now, Json json) {
    LocalDate today = today(now);
    boolean isOfMonth = isOfMonth(budget);
    LocalDate begin = begin(budget, now);
    LocalDate end = end(budget, now);
    List<Limit> limits = limits(budget);
    int known = knownDays(spent, today);
    List<String> forecasts = new ArrayList<>();
    ObjectNode plot = json.object().put("from", begin.toString()).put("sums", isOfMonth);
    ArrayNode plots = plot.putArray("plots");
    for (Limit limit : limits) {
      BigDecimal daily = known < FEWEST ? null : daily(limit, spent, today, known);
      ObjectNode one = plots.addObject();
      one.put("title", isOfMonth ? title(limit) + " this month" : title(limit) + " by day");
      one.put("usd", limit.isOfDollars());
      one.put("limit", limit.most());
      addDays(one, limit, spent, begin, today, isOfMonth ? end : today.plusDays(1), isOfMonth);
      if (daily != null) {
        BigDecimal coming = coming(limit, daily, now, end);
        forecasts.add(sentence(limit, daily, coming, known, now, end));
        if (isOfMonth) {
          addForecast(one, limit, coming, begin, today, end);
        }
      }
    }
    return new BudgetCourse(
        json.write(plot),
        forecasts,
        known < FEWEST
            ? "There is no forecast yet: it needs %d whole days since the first run, and %d %s known."
                .formatted(FEWEST, known, known == 1 ? "is" : "are")
            : null,
        lines(spent, begin),
        isOfMonth);
  }

  private static String title(Limit limit) {
    return limit.isOfDollars() ? "Cost" : "Tokens";
  }

  private static List<Limit> limits(BudgetView budget) {
    BudgetSettings settings = budget.settings();
    BudgetAmount spent = Objects.requireNonNull(budget.spent());
    return Stream.of(
            settings.usd() == null
                ? null
                : new Limit(
                    BigDecimal.valueOf(settings.usd()),
                    spent.usd(),
                    day -> Objects.requireNonNullElse(day.usd(), BigDecimal.ZERO),
                    Amounts::cost,
                    true),
            settings.tokens() == null
                ? null
                : new Limit(
                    BigDecimal.valueOf(settings.tokens()),
                    BigDecimal.valueOf(spent.tokens()),
                    day -> BigDecimal.valueOf(day.tokens()),
                    tokens -> Amounts.number(tokens.longValue()) + " tokens",
                    false))
        .filter(Objects::nonNull)
        .toList();
  }

  // How many of the last whole days are known: those since the first one on which a run ended.
  private static int knownDays(List<SpentDay> spent, LocalDate today) {
    return spent.stream()
        .map(SpentDay::day)
        .min(Comparator.naturalOrder())
        .map(first -> Math.clamp(today.toEpochDay() - first.toEpochDay(), 0, AVERAGED))
        .orElse(0);
  }

  private static BigDecimal daily(Limit limit, List<SpentDay> spent, LocalDate today, int known) {
    return spent.stream()
        .filter(day -> day.day().isBefore(today) && !day.day().isBefore(today.minusDays(known)))
        .map(limit.of())
        .reduce(BigDecimal.ZERO, BigDecimal::add)
        .divide(BigDecimal.valueOf(known), MathContext.DECIMAL64);
  }

  private static BigDecimal coming(Limit limit, BigDecimal daily, Instant now, LocalDate end) {
    long left = Math.max(0, Duration.between(now, start(end)).toSeconds());
    return limit
        .spent()
        .add(daily.multiply(BigDecimal.valueOf(left)).divide(DAY_SECONDS, MathContext.DECIMAL64));
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private static String sentence(
      Limit limit, BigDecimal daily, BigDecimal coming, int known, Instant now, LocalDate end) {
    String by =
        "by the last %d whole days, with %s a day".formatted(known, limit.text().apply(daily));
    if (limit.spent().compareTo(limit.most()) >= 0) {
      return "The limit of %s is reached.".formatted(limit.text().apply(limit.most()));
    }
    String sum =
        "Forecast: %s at the end of the period, %d %% of the limit, %s."
            .formatted(
                limit.text().apply(rounded(limit, coming)),
                BudgetItem.share(coming, limit.most()),
                by);
    if (coming.compareTo(limit.most()) <= 0) {
      return sum;
    }
    long seconds =
        limit
            .most()
            .subtract(limit.spent())
            .multiply(DAY_SECONDS)
            .divide(daily, 0, RoundingMode.DOWN)
            .longValue();
    Instant reached = now.plusSeconds(seconds).truncatedTo(ChronoUnit.HOURS);
    return reached.isBefore(start(end))
        ? sum
            + " The limit would be reached about "
            + PageTime.text(reached, ZoneOffset.UTC)
            + " UTC."
        : sum;
  }

  private static BigDecimal rounded(Limit limit, BigDecimal amount) {
    return limit.isOfDollars() ? amount : amount.setScale(0, RoundingMode.HALF_UP);
  }

  // Days that are to come have no value. What is spent up to now is what the budget has counted.
  private static void addDays(
      ObjectNode plot,
      Limit limit,
      List<SpentDay> spent,
      LocalDate begin,
      LocalDate today,
      LocalDate end,
      boolean isOfMonth) {
    ArrayNode values = plot.putArray("values");
    BigDecimal sum = BigDecimal.ZERO;
    for (LocalDate day = begin; day.isBefore(end); day = day.plusDays(1)) {
      BigDecimal used = onDay(limit, spent, day);
      sum = sum.add(used);
      if (day.isAfter(today)) {
        values.addNull();
      } else {
        values.add(day.equals(today) ? limit.spent() : isOfMonth ? sum : used);
      }
    }
  }

  private static BigDecimal onDay(Limit limit, List<SpentDay> spent, LocalDate day) {
    return spent.stream()
        .filter(each -> each.day().equals(day))
        .map(limit.of())
        .findFirst()
        .orElse(BigDecimal.ZERO);
  }

  // A line from today to the last day.
  private static void addForecast(
      ObjectNode plot,
      Limit limit,
      BigDecimal coming,
      LocalDate begin,
      LocalDate today,
      LocalDate end) {
    ArrayNode values = plot.putArray("forecast");
    long steps = end.minusDays(1).toEpochDay() - today.toEpochDay();
    for (LocalDate day = begin; day.isBefore(end); day = day.plusDays(1)) {
      if (day.isBefore(today)) {
        values.addNull();
      } else {
        BigDecimal share =
            steps <= 0
                ? BigDecimal.ONE
                : BigDecimal.valueOf(day.toEpochDay() - today.toEpochDay())
                    .divide(BigDecimal.valueOf(steps), MathContext.DECIMAL64);
        values.add(
            limit
                .spent()
                .add(coming.subtract(limit.spent()).multiply(share))
                .round(MathContext.DECIMAL32));
      }
    }
  }

  private static List<DayLine> lines(List<SpentDay> spent, LocalDate begin) {
    List<DayLine> lines = new ArrayList<>();
    BigDecimal usd = null;
    long tokens = 0;
    for (SpentDay day : spent) {
      if (!day.day().isBefore(begin)) {
        BigDecimal cost = day.usd();
        usd = cost == null ? usd : usd == null ? cost : usd.add(cost);
        tokens += day.tokens();
        lines.add(
            new DayLine(
                day.day().toString(),
                Amounts.cost(cost),
                Amounts.number(day.tokens()),
                Amounts.cost(usd),
                Amounts.number(tokens)));
      }
    }
    return lines.reversed();
  }
}
