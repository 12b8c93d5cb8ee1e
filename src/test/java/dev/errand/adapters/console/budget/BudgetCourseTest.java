package dev.errand.adapters.console.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.base.json.Json;
import dev.errand.runs.budget.BudgetAmount;
import dev.errand.runs.budget.BudgetHistory.SpentDay;
import dev.errand.runs.budget.BudgetSettings;
import dev.errand.runs.budget.BudgetView;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a budget comes to at the end of its period, by the last days. */
class BudgetCourseTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private final ObjectMapper mapper = new ObjectMapper();
  private final Json json = new Json(mapper);

  private static BudgetView budget(String period, double usd, String spent, String resets) {
    return new BudgetView(
        "b",
        new BudgetSettings(period, usd, null, null, "fail"),
        new BudgetAmount(new BigDecimal(spent), 0),
        new BudgetAmount(BigDecimal.ZERO, 0),
        new BudgetAmount(BigDecimal.ZERO, 0),
        Instant.parse(resets),
        NOON,
        NOON,
        1);
  }

  private static BudgetView month(double usd, String spent) {
    return budget("month", usd, spent, "2026-12-01T00:00:00Z");
  }

  private static List<SpentDay> days(String first, int number, String usd) {
    return IntStream.range(0, number)
        .mapToObj(n -> new SpentDay(LocalDate.parse(first).plusDays(n), new BigDecimal(usd), 10))
        .toList();
  }

  @Test
  void aMonthIsAddedUpAndContinued() throws Exception {
    BudgetCourse course = BudgetCourse.of(month(50, "21"), days("2026-11-01", 20, "2"), NOON, json);
    // 9.5 days are left.
    assertEquals(
        List.of(
            "Forecast: $40.00 at the end of the period, 80 % of the limit, by the last 7 whole days,"
                + " with $2.00 a day."),
        course.forecasts());
    assertNull(course.unknown());
    JsonNode plot = mapper.readTree(course.plot()).path("plots").get(0);
    assertEquals(30, plot.path("values").size());
    assertTrue(plot.path("values").get(21).isNull());
    assertEquals(2, plot.path("values").get(0).asInt());
    assertEquals(40, plot.path("values").get(19).asInt());
    assertEquals(21, plot.path("values").get(20).asInt());
    assertEquals(30, plot.path("forecast").size());
    assertEquals(21, plot.path("forecast").get(20).asInt());
    assertEquals(40, plot.path("forecast").get(29).asInt());
    assertEquals("2026-11-20", course.days().getFirst().day());
    assertEquals("$40.00", course.days().getFirst().costSoFar());
  }

  @Test
  void itIsSaidWhenALimitWouldBeReached() {
    BudgetCourse course = BudgetCourse.of(month(25, "21"), days("2026-11-01", 20, "2"), NOON, json);
    assertEquals(
        "Forecast: $40.00 at the end of the period, 160 % of the limit, by the last 7 whole days,"
            + " with $2.00 a day. The limit would be reached about Mon 23 Nov 2026, 12:00 UTC.",
        course.forecasts().getFirst());
    assertEquals(
        List.of("The limit of $20.00 is reached."),
        BudgetCourse.of(month(20, "21"), days("2026-11-01", 20, "2"), NOON, json).forecasts());
  }

  @Test
  void daysOfTheMonthBeforeAreAveragedToo() {
    Instant second = Instant.parse("2026-11-02T00:00:00Z");
    assertEquals(LocalDate.parse("2026-10-04"), BudgetCourse.from(month(50, "1"), second));
    BudgetCourse course =
        BudgetCourse.of(month(50, "1"), days("2026-10-20", 14, "1"), second, json);
    assertEquals(
        List.of(
            "Forecast: $30.00 at the end of the period, 60 % of the limit, by the last 7 whole days,"
                + " with $1.00 a day."),
        course.forecasts());
    assertEquals(2, course.days().size());
  }

  @Test
  void daysWithoutRunsCountSinceTheFirstRun() {
    List<SpentDay> once = days("2026-11-17", 1, "8");
    assertEquals(
        List.of(
            "Forecast: $27.00 at the end of the period, 54 % of the limit, by the last 4 whole days,"
                + " with $2.00 a day."),
        BudgetCourse.of(month(50, "8"), once, NOON, json).forecasts());
  }

  @Test
  void tooFewDaysAreNoForecast() {
    BudgetCourse course = BudgetCourse.of(month(50, "4"), days("2026-11-19", 3, "2"), NOON, json);
    assertEquals(List.of(), course.forecasts());
    assertEquals(
        "There is no forecast yet: it needs 3 whole days since the first run, and 2 are known.",
        course.unknown());
  }

  @Test
  void aDayShowsTheLastThirty() throws Exception {
    BudgetView day = budget("day", 10, "1", "2026-11-22T00:00:00Z");
    BudgetCourse course = BudgetCourse.of(day, days("2026-10-23", 29, "2"), NOON, json);
    assertEquals(
        List.of(
            "Forecast: $2.00 at the end of the period, 20 % of the limit, by the last 7 whole days,"
                + " with $2.00 a day."),
        course.forecasts());
    JsonNode plot = mapper.readTree(course.plot());
    assertEquals("2026-10-23", plot.path("from").asText());
    assertEquals(30, plot.path("plots").get(0).path("values").size());
    assertEquals(1, plot.path("plots").get(0).path("values").get(29).asInt());
  }
}
