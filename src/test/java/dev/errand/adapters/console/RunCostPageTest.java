package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.ScriptedModel;
import dev.errand.support.StatementLog;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What runs of a task cost, on its page and where a schedule would start them. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RunCostPageTest {
  private static final String PROFILE = "/api/profiles/~/console-costs";
  private static final String HOME = "/console/admin/console-costs";
  private static final String NEW = HOME + "/new-schedule?task=digest";

  @Inject Sql sql;

  private final ScriptedModel model = new ScriptedModel();
  private final Browser admin = new Browser(Api.SESSION);

  @BeforeEach
  void aTask() {
    api().body("{}").post(PROFILE).then().statusCode(201);
    api()
        .body(Api.task("Hello", model.url(), Map.of("key", "sk-1")))
        .put(PROFILE + "/tasks/digest")
        .then()
        .statusCode(201);
  }

  @AfterEach
  void tidyUp() {
    model.close();
    api().delete(PROFILE + "?force=true").then().statusCode(204);
  }

  /**
   * Stores ended runs.
   *
   * @param cost of each, in SQL; null for an unknown one
   */
  private void runs(int from, int to, String status, @Nullable String cost) {
    sql.statement(
            """
            INSERT INTO run (task_id, profile_id, name, status, parameters, assignment, trigger,
              usage, error_code, error_message, output, attempt, created_at, started_at, finished_at)
            SELECT task.id, profile_id, 'stored-' || n, :status, '{}', '{}', '{"kind": "api"}',
              json_strip_nulls(json_build_object('total_tokens', 5, 'cost_usd', %s))::text,
              CASE WHEN :status = 'error' THEN 'timeout' END,
              CASE WHEN :status = 'error' THEN 'Late.' END,
              CASE WHEN :status = 'ready' THEN 'Fine.' END, 1, now(), now(), now()
            FROM task JOIN profile ON profile.id = task.profile_id,
              generate_series(:from::int, :to::int) AS n
            WHERE profile.name = 'console-costs' AND task.name = 'digest' ORDER BY n
            """
                .formatted(cost == null ? "NULL::numeric" : cost))
        .with("status", status)
        .with("from", from)
        .with("to", to)
        .run();
  }

  private Page task() {
    return admin.open(HOME + "/tasks/digest");
  }

  @Test
  void aTaskSaysWhatItsRunsCost() {
    assertFalse(task().has("#median, #costs"));
    runs(1, 1, "ready", null);
    Page unknown = task();
    assertFalse(unknown.has("#median"));
    assertEquals(
        "What a run costs is not known: no price is known for the only run that has ended.",
        unknown.one("#costs").text());
    runs(2, 4, "ready", "n * 0.01");
    runs(5, 5, "error", "0.5");
    Page page = task();
    assertEquals("A run costs, at the median $0.03", page.one("#median").text());
    assertEquals("A run has cost, at most $0.50", page.one("#dearest").text());
    assertEquals(
        "What a run costs is that of the last 5 runs that have ended, without 1 of unknown cost.",
        page.one("#costs").text());
  }

  @Test
  void onlyTheLastHundredRunsCount() {
    runs(1, 50, "ready", "9");
    runs(51, 110, "ready", "0.02");
    runs(111, 150, "error", "0.03");
    StatementLog.start();
    try {
      Page page = task();
      assertEquals("A run costs, at the median $0.02", page.one("#median").text());
      assertEquals("A run has cost, at most $0.03", page.one("#dearest").text());
      assertTrue(page.one("#costs").text().contains("the last 100 runs"), page.text());
      assertEquals(
          1,
          StatementLog.ofRequest(HOME + "/tasks/digest").stream()
              .filter(statement -> statement.contains("percentile_disc"))
              .count());
    } finally {
      StatementLog.stop();
    }
  }

  private String costOf(String rule, String value) {
    Page page =
        new Browser(Api.SESSION)
            .send(
                admin.open(NEW),
                "#schedule",
                Map.of("name", "s", "rule", rule, rule, value, "preview", "true"));
    assertEquals(200, page.status(), page.text());
    assertFalse(page.has("#confirm"));
    return page.one("#preview .cost").text();
  }

  @Test
  void theFormOfAScheduleSaysWhatItMayCost() {
    assertEquals(
        "It runs at most once a day. What that costs is not known: no run of the task has ended yet.",
        costOf("cron", "30 9 * * MON-FRI"));
    runs(1, 9, "ready", "0.25");
    String each = " At $0.25 a run, the median of the last 9 runs that have ended, that is about ";
    assertEquals(
        "It runs at most once a day." + each + "$0.25 a day.", costOf("cron", "30 9 * * MON-FRI"));
    assertEquals(
        "It runs at most 36 times a day." + each + "$9.00 a day.",
        costOf("cron", "0,15,30,45 9-17 * * *"));
    assertEquals("It runs at most 4 times a day." + each + "$1.00 a day.", costOf("every", "6h"));
    assertEquals("It runs at most once a day." + each + "$0.25 a day.", costOf("every", "7 days"));
    assertEquals("It runs once." + each + "$0.25.", costOf("at", "2199-01-01T10:00"));
    // The part that a script takes while the form is filled in says the same.
    assertTrue(
        admin
            .at(HOME + "/schedule-preview?task=digest&rule=every&every=1m&timezone=UTC")
            .asString()
            .contains("1,440 times"));
    assertEquals(
        200, admin.at(HOME + "/schedule-preview?rule=every&every=1m&timezone=UTC").statusCode());
  }

  @Test
  void whatIsDearIsAskedForAgain() {
    runs(1, 3, "ready", "0.01");
    Page form = admin.open(NEW);
    Page asked =
        admin.send(form, "#schedule", Map.of("name", "often", "rule", "every", "every", "1m"));
    assertEquals(200, asked.status());
    assertEquals(
        "Nothing is saved yet. It may cost about $14.40 a day, which is more than $10.00.",
        asked.one("#asks p:first-child").text());
    assertEquals("1m", asked.value("[name=every]"));
    api().get(PROFILE + "/tasks/digest/schedules/often").then().statusCode(404);
    // Sent again without the tick, or with other times, it asks again.
    assertTrue(admin.send(asked, "#schedule", Map.of()).has("#confirm"));
    String answer = asked.value("[name=confirmed]");
    Page other = admin.send(asked, "#schedule", Map.of("every", "30s", "confirmed", answer));
    assertEquals(
        "Nothing is saved yet. The task would run more often than once a minute, at most 2,880 times"
            + " a day. It may cost about $28.80 a day, which is more than $10.00.",
        other.one("#asks p:first-child").text());
    Page saved = admin.send(asked, "#schedule", Map.of("confirmed", answer));
    assertEquals(HOME + "/tasks/digest/schedules/often", saved.path());

    // Nothing is asked of times that it has already.
    Page edit = admin.open(saved.path() + "/edit");
    assertEquals(saved.path(), admin.send(edit, "#schedule", Map.of("missed", "none")).path());
    Page changed = admin.send(edit, "#schedule", Map.of("every", "50s"));
    assertTrue(changed.has("#confirm"), changed.text());
    assertEquals(
        saved.path(),
        admin
            .send(changed, "#schedule", Map.of("confirmed", changed.value("[name=confirmed]")))
            .path());
    assertEquals(
        "PT50S", api().get(PROFILE + "/tasks/digest/schedules/often").jsonPath().get("every"));
  }

  @Test
  void whatIsFastIsAskedForAgainAlsoWhereTheCostIsNotKnown() {
    Page asked =
        admin.send(
            admin.open(NEW), "#schedule", Map.of("name", "fast", "rule", "every", "every", "59s"));
    assertEquals(
        "Nothing is saved yet. The task would run more often than once a minute, at most 1,465 times"
            + " a day.",
        asked.one("#asks p:first-child").text());
    assertEquals(
        List.of("I mean it: at most 1,465 times a day"),
        asked.html().select("#confirm").eachText());
    Page minutely =
        admin.send(
            admin.open(NEW),
            "#schedule",
            Map.of("name", "each", "rule", "cron", "cron", "* * * * *"));
    assertEquals(HOME + "/tasks/digest/schedules/each", minutely.path());
  }
}
