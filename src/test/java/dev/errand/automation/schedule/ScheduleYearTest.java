package dev.errand.automation.schedule;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.schedule.calendar.Cron;
import dev.errand.automation.schedule.calendar.CronRule;
import dev.errand.automation.schedule.calendar.EveryRule;
import dev.errand.automation.schedule.calendar.ScheduleRule;
import dev.errand.base.database.DatabaseTime;
import dev.errand.support.Api;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/**
 * Lives through a year with schedules of every kind, from one time that something is due to the
 * next.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(OnTestTime.class)
class ScheduleYearTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant END = Instant.parse("2027-01-01T00:00:00Z");

  @Inject ScheduleTicker schedules;
  @Inject DataSource database;
  @Inject @DatabaseTime TestTime time;

  @Test
  void aYearOfTicksStartsEveryRunAndNoOther() throws Exception {
    Map<String, Map<String, Object>> wanted = new TreeMap<>();
    wanted.put("berlin", Map.of("cron", "30 2 * * *", "timezone", "Europe/Berlin"));
    wanted.put("new-york", Map.of("cron", "30 1,2 * * 0", "timezone", "America/New_York"));
    wanted.put("lord-howe", Map.of("cron", "45 1 * * *", "timezone", "Australia/Lord_Howe"));
    wanted.put("steps", Map.of("cron", "*/30 1 * * SUN", "timezone", "Australia/Lord_Howe"));
    wanted.put("monthly", Map.of("cron", "@monthly", "timezone", "America/New_York"));
    wanted.put("rare", Map.of("cron", "0 12 13 * 5", "timezone", "Europe/Berlin"));
    wanted.put("every", Map.of("every", "PT50H"));
    wanted.put("once", Map.of("at", "2026-07-04T12:00", "timezone", "America/New_York"));
    try (ScriptedModel model = new ScriptedModel()) {
      Api.register("year", "Hello", model).then().statusCode(201);
      time.set(START);
      TreeSet<String> expected = new TreeSet<>();
      TreeSet<Instant> moments = new TreeSet<>();
      wanted.forEach(
          (name, body) -> {
            api().body(body).put(TASKS + "/year/schedules/" + name).then().statusCode(201);
            for (Instant fire : fires(body)) {
              expected.add(name + "@" + fire);
              moments.add(fire);
            }
          });

      int fired = 0;
      for (Instant moment : moments) {
        time.set(moment.minusMillis(1));
        assertEquals(0, schedules.tick(), "nothing is due before " + moment);
        time.set(moment.plusMillis(moment.getEpochSecond() % 1000));
        fired += schedules.tick();
      }

      assertEquals(expected.size(), fired);
      assertTrue(fired > 1100, "the year is not empty: " + fired);
      assertEquals(expected, runs());
      api().delete(TASKS + "/year?force=true").then().statusCode(204);
    }
  }

  private static List<Instant> fires(Map<String, Object> body) {
    if (body.containsKey("at")) {
      return List.of(Instant.parse("2026-07-04T16:00:00Z"));
    }
    ZoneId zone = ZoneId.of(String.valueOf(body.getOrDefault("timezone", "UTC")));
    ScheduleRule rule =
        body.containsKey("every")
            ? new EveryRule(Duration.parse(String.valueOf(body.get("every"))), START, zone)
            : new CronRule(Cron.parse(String.valueOf(body.get("cron"))), zone);
    TreeSet<Instant> fires = new TreeSet<>();
    for (Instant at = rule.next(START).orElseThrow();
        at.isBefore(END);
        at = rule.next(at).orElseThrow()) {
      fires.add(at);
    }
    return List.copyOf(fires);
  }

  private Set<String> runs() throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT run.name FROM run JOIN task ON task.id = task_id WHERE task.name = 'year'");
        ResultSet rows = select.executeQuery()) {
      Set<String> names = new TreeSet<>();
      while (rows.next()) {
        names.add(rows.getString(1));
      }
      return names;
    }
  }
}
