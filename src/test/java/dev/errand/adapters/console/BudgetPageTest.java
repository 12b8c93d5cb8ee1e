package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.base.database.Sql;
import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.StatementLog;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages of budgets, as a browser without scripts uses them. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class BudgetPageTest {
  private static final String PROFILE = "/api/profiles/~/console-budgets";
  private static final String HOME = "/console/admin/console-budgets";
  private static final String HOSTILE = "\"><img src=x onerror=alert(1)><script>alert(1)</script>";

  @Inject DataSource database;
  @Inject Sql sql;

  private final ScriptedModel model = new ScriptedModel();
  private final Browser admin = new Browser(Api.SESSION);

  @BeforeEach
  void aProfile() {
    api().body("{}").post(PROFILE).then().statusCode(201);
    model.script(request -> say("Hello."));
  }

  @AfterEach
  void tidyUp() {
    model.close();
    api().delete(PROFILE + "?force=true").then().statusCode(204);
    sql.statement("DELETE FROM account WHERE username LIKE 'budgets-%'").run();
  }

  private static void budget(String name, Map<String, ?> body) {
    api().body(body).put(PROFILE + "/budgets/" + name).then().statusCode(201);
  }

  private void spend(String name, double usd, long tokens, double reserved) {
    sql.statement(
            """
            UPDATE budget_use SET spent_usd = :usd, spent_tokens = :tokens, reserved_usd = :reserved
            WHERE budget_id = (SELECT id FROM budget WHERE name = :name)
            """)
        .with("usd", usd)
        .with("tokens", tokens)
        .with("reserved", reserved)
        .with("name", name)
        .run();
  }

  private static List<String> cells(Page page, String name) {
    return page.html().select("td[data-name='" + name + "']").eachText();
  }

  @Test
  void aBudgetIsCreatedChangedAndDeleted() {
    Page usage = admin.open(HOME + "/usage");
    Page list = admin.open(usage.one("main a.button:contains(Budgets)").attr("href"));
    assertTrue(list.text().contains("There are no budgets yet"), list.text());
    Page form = admin.open(list.one("#of-profile + a").attr("href"));
    assertEquals("month", form.one("[name=period] [selected]").val());
    Page refused = admin.send(form, "#budget", Map.of("name", "monthly", "usd", "much"));
    assertEquals(400, refused.status());
    assertEquals("US$: must be a number such as 12.5", refused.one("[role=alert]").text());
    assertEquals("much", refused.value("[name=usd]"));
    assertEquals(
        "US$: is required, or tokens: a budget has a limit",
        admin.send(form, "#budget", Map.of("name", "monthly")).one("[role=alert]").text());

    Page made =
        admin.send(
            refused,
            "#budget",
            Map.of("usd", "12.345678", "tokens", "900000000000", "on_exhausted", "wait"));
    assertEquals(HOME + "/budgets/monthly", made.path());
    api()
        .get(PROFILE + "/budgets/monthly")
        .then()
        .body("usd", equalTo(12.345678f))
        .body("tokens", equalTo(900_000_000_000L))
        .body("task", nullValue())
        .body("on_exhausted", equalTo("wait"));

    Page edit = admin.open(made.one("a.button:contains(Edit)").attr("href"));
    assertEquals("12.345678", edit.value("[name=usd]"));
    assertEquals("900000000000", edit.value("[name=tokens]"));
    Page changed = admin.send(edit, "#budget", Map.of("usd", "20", "tokens", "", "task", "digest"));
    assertEquals(HOME + "/budgets/monthly", changed.path());
    assertTrue(changed.text().contains("Counts the task digest"), changed.text());
    assertTrue(changed.text().contains("$0 of $20.00 spent, 0 %"), changed.text());
    assertEquals("20", admin.open(HOME + "/budgets/monthly/edit").value("[name=usd]"));

    Page gone = admin.send(changed, "#delete", Map.of());
    assertTrue(gone.text().contains("There are no budgets yet"), gone.text());
    assertEquals(404, admin.open(HOME + "/budgets/monthly").status());
  }

  @Test
  void theListShowsWhatIsSpentOfEachLimit() {
    budget("a-month", Map.of("period", "month", "usd", 50, "tokens", 1000));
    budget("day", Map.of("period", "day", "usd", 2));
    budget("full", Map.of("period", "day", "tokens", 10));
    budget("run", Map.of("period", "run", "usd", 0.5, "task", "digest"));
    spend("a-month", 12.5, 830, 1.25);
    spend("day", 0.001, 0, 0);
    spend("full", 0, 11, 0);
    Page list = admin.open(HOME + "/budgets");
    assertEquals(
        List.of(
            "$12.50 of $50.00, 25 % 830 tokens of 1,000 tokens, 83 %",
            "$0.001 of $2.00, less than 1 %", "11 tokens of 10 tokens, 110 %", "at most $0.50"),
        cells(list, "Spent"));
    assertEquals(List.of("$1.25", "–", "–", "–"), cells(list, "Reserved"));
    assertEquals(List.of("each month", "each day", "each day", "each run"), cells(list, "Period"));
    assertEquals(List.of("nearly used up", "open", "used up", "–"), cells(list, "State"));
    assertEquals(
        List.of("25", "2", "83", "0", "0", "0", "100", "0"),
        list.html().select(".spent rect").eachAttr("width"));
    assertEquals("run only digest", list.html().select("td.lead").last().text());
    assertTrue(cells(list, "Begins anew").getFirst().matches("... 1 ... 20.*"), list.text());
    assertEquals("–", cells(list, "Begins anew").getLast());
    Page page = admin.open(HOME + "/budgets/a-month");
    assertTrue(page.text().contains("$12.50 of $50.00 spent, 25 %; $1.25 reserved"), page.text());
    assertFalse(admin.open(HOME + "/budgets/run").has("#spent"));
  }

  @Test
  void aListHasPages() {
    for (int i = 10; i < 62; i++) {
      budget("b" + i, Map.of("period", "day", "usd", 1));
    }
    Page first = admin.open(HOME + "/budgets");
    assertEquals(50, first.html().select("td.lead").size());
    Page second = admin.open(first.one("a:contains(More budgets)").attr("href"));
    assertEquals(List.of("b60", "b61"), second.html().select("td.lead").eachText());
    assertTrue(first.answer().asByteArray().length < 100 * 1024);
  }

  @Test
  void membersSeeWhatOwnersSet() {
    budget("monthly", Map.of("period", "month", "usd", 50));
    api()
        .body(Map.of("period", "month", "usd", 70))
        .put("/api/users/~/budgets/of-admin")
        .then()
        .statusCode(201);
    try {
      Browser editor = new Browser(OtherUser.named("budgets-editor", database).session());
      assertEquals(404, editor.open(HOME + "/budgets").status());
      api()
          .body("{\"role\": \"editor\"}")
          .put(PROFILE + "/members/budgets-editor")
          .then()
          .statusCode(201);
      Page list = editor.open(HOME + "/budgets");
      assertEquals(List.of("$0 of $50.00, 0 %"), cells(list, "Spent"));
      assertFalse(list.has("main a.button"));
      Page page = editor.open(HOME + "/budgets/monthly");
      assertTrue(page.text().contains("Owners of admin/console-budgets can change it"));
      assertFalse(page.has("main a.button, main form"));
      assertEquals(403, editor.open(HOME + "/new-budget").status());
      assertEquals(403, editor.open(HOME + "/budgets/monthly/edit").status());
      Page own = editor.open("/console/budgets-editor/default/settings");
      Map<String, String> ticket = Map.of("ticket", own.html().select("[name=ticket]").val());
      assertEquals(403, editor.post(HOME + "/budgets/monthly/delete", ticket).status());
      assertEquals(403, editor.post(HOME + "/budgets/monthly/edit", ticket).status());
      assertEquals(403, editor.post(HOME + "/new-budget", ticket).status());

      // What counts for the owner's other profiles is not theirs to know.
      assertEquals(403, editor.open(HOME + "/settings/users/admin/budgets").status());
      assertEquals(403, editor.open(HOME + "/settings/users/admin/budgets/of-admin").status());
      assertEquals(2, admin.open(HOME + "/budgets").html().select("td.lead").size());

      api()
          .body("{\"role\": \"owner\"}")
          .put(PROFILE + "/members/budgets-editor")
          .then()
          .statusCode(200);
      Page edit = editor.open(HOME + "/budgets/monthly/edit");
      assertEquals(200, editor.send(edit, "#budget", Map.of("usd", "40")).status());
      api().get(PROFILE + "/budgets/monthly").then().body("usd", equalTo(40f));
    } finally {
      api().delete("/api/users/~/budgets/of-admin");
    }
  }

  @Test
  void adminsSetTheBudgetsOfAUserWhoSeesThem() {
    Browser user = new Browser(OtherUser.named("budgets-user", database).session());
    Page one = admin.open(HOME + "/settings/users/budgets-user");
    Page list = admin.open(one.one("main a.button[href$=/budgets]").attr("href"));
    Page form = admin.open(list.one("#of-user + a").attr("href"));
    assertFalse(form.has("[name=task]"));
    Page made = admin.send(form, "#budget", Map.of("name", "all", "usd", "30"));
    assertEquals(HOME + "/settings/users/budgets-user/budgets/all", made.path());
    assertEquals(200, admin.send(admin.open(made.path() + "/edit"), "#budget", Map.of()).status());

    String own = "/console/budgets-user/default";
    Page settings = user.open(own + "/settings");
    Page seen = user.open(settings.one("a:contains(Your budgets)").attr("href"));
    assertEquals(List.of("$0 of $30.00, 0 %"), cells(seen, "Spent"));
    assertTrue(seen.text().contains("all profiles that budgets-user owns"), seen.text());
    assertFalse(seen.has("main a.button, main a[href$=/settings/users]"));
    Page page = user.open(seen.one("td.lead a").attr("href"));
    assertTrue(page.text().contains("Admins can change it"), page.text());
    assertEquals(403, user.open(page.path() + "/edit").status());
    Map<String, String> ticket = Map.of("ticket", page.html().select("[name=ticket]").val());
    assertEquals(403, user.post(page.path() + "/delete", ticket).status());
    // The list of the user's own profile has both kinds.
    assertEquals(
        List.of("Of the profile budgets-user/default", "Of the user budgets-user"),
        user.open(own + "/budgets").html().select("main h2").eachText());

    Page gone = admin.send(admin.open(made.path()), "#delete", Map.of());
    assertTrue(gone.text().contains("There are no budgets of the user yet"), gone.text());
    assertEquals(404, admin.open(HOME + "/settings/users/nobody/budgets").status());
  }

  private void register(String task) {
    api()
        .body(Api.task("Hello", model.url(), Map.of("key", "sk-1")))
        .put(PROFILE + "/tasks/" + task)
        .then()
        .statusCode(201);
  }

  private void used(String task, int from, int to, double usd) {
    sql.statement(
            """
            INSERT INTO usage_day (profile_id, task_id, day, runs_ready, runs_error, prompt_tokens,
              completion_tokens, cached_tokens, reasoning_tokens, total_tokens, steps, tool_calls,
              model_ms, tool_ms, cost_usd)
            SELECT profile_id, task.id, (now() AT TIME ZONE 'UTC')::date - n, 1, 0, 1, 1, 0, 0, 100, 1,
              0, 1, 1, :usd
            FROM task JOIN profile ON profile.id = task.profile_id,
              generate_series(:from::int, :to::int) AS n
            WHERE profile.name = 'console-budgets' AND task.name = :task
            """)
        .with("usd", usd)
        .with("from", from)
        .with("to", to)
        .with("task", task)
        .run();
  }

  @Test
  void thePageOfABudgetShowsItsCourse() throws Exception {
    register("digest");
    register("other");
    budget("month", Map.of("period", "month", "usd", 1000, "tokens", 50_000));
    budget("day", Map.of("period", "day", "usd", 10, "task", "digest"));
    Page empty = admin.open(HOME + "/budgets/month");
    assertTrue(empty.text().contains("No run ended on these days"), empty.text());
    assertTrue(empty.text().contains("needs 3 whole days since the first run, and 0 are known"));
    assertFalse(empty.has("#course"));
    used("digest", 1, 1, 2);
    assertTrue(admin.open(HOME + "/budgets/day").text().contains("and 1 is known"), empty.text());
    used("digest", 2, 9, 2);
    used("other", 3, 3, 7);
    spend("day", 4, 0, 0);
    StatementLog.start();
    Page page;
    try {
      page = admin.open(HOME + "/budgets/day");
      assertEquals(
          1,
          StatementLog.ofRequest(HOME + "/budgets/day").stream()
              .filter(statement -> statement.contains("usage_tally"))
              .count());
    } finally {
      StatementLog.stop();
    }
    assertTrue(
        page.one(".forecast")
            .text()
            .matches(
                "Forecast: \\$[456]\\.\\d\\d at the end of the period, [456]\\d % of the limit, by the"
                    + " last 7 whole days, with \\$2\\.00 a day\\."),
        page.text());
    assertEquals(9, page.html().select("#course ~ .scroll tbody tr").size());
    JsonNode plot = new ObjectMapper().readTree(page.one("#course").attr("data-plot"));
    JsonNode cost = plot.path("plots").get(0);
    assertEquals(30, cost.path("values").size());
    assertEquals(4, cost.path("values").get(29).asInt());
    assertEquals(2, cost.path("values").get(28).asInt());
    assertEquals(10, cost.path("limit").asInt());
    for (String script : page.html().select("script").eachAttr("src")) {
      assertEquals(200, admin.at(script).statusCode(), script);
    }

    Page month = admin.open(HOME + "/budgets/month");
    assertEquals(2, month.html().select(".forecast").size());
    assertTrue(month.text().contains("with $3.00 a day"), month.text());
    JsonNode sums = new ObjectMapper().readTree(month.one("#course").attr("data-plot"));
    assertEquals(2, sums.path("plots").size());
    assertEquals(
        LocalDate.now(ZoneOffset.UTC).lengthOfMonth(),
        sums.path("plots").get(0).path("forecast").size());
  }

  @Test
  void thePageOfABudgetOfRunsShowsTheMostExpensive() {
    register("digest");
    register("other");
    budget("each", Map.of("period", "run", "usd", 1, "task", "digest"));
    budget("any", Map.of("period", "run", "tokens", 1000));
    assertTrue(admin.open(HOME + "/budgets/each").text().contains("No run has spent anything"));
    sql.statement(
            """
            INSERT INTO run (task_id, profile_id, name, status, parameters, assignment, trigger,
              usage, output, attempt, created_at, started_at, finished_at)
            SELECT task.id, profile_id, 'r-' || n, 'ready', '{}', '{}', '{"kind": "api"}',
              json_build_object('total_tokens', 1000 - n, 'cost_usd', 0.01 * n)::text, 'Fine.', 1,
              now(), now(), now()
            FROM task JOIN profile ON profile.id = task.profile_id, generate_series(1, 12) AS n
            WHERE profile.name = 'console-budgets' ORDER BY task.name, n
            """)
        .run();
    // What a tree has spent stands under the run that began it.
    sql.statement(
            """
            INSERT INTO budget_use (budget_id, period, spent_usd, spent_tokens)
            SELECT budget.id, run.id::text, 0.5, 7 FROM budget, run JOIN task ON task.id = run.task_id
            WHERE budget.name = 'each' AND run.name = 'r-1' AND task.name = 'digest'
            """)
        .run();
    Page page = admin.open(HOME + "/budgets/each");
    List<String> runs = page.html().select("#dearest + .scroll td.lead").eachText();
    assertEquals(10, runs.size());
    assertEquals(List.of("digest / r-1", "digest / r-12"), runs.subList(0, 2));
    assertEquals(List.of("$0.50", "$0.12"), cells(page, "Cost").subList(0, 2));
    assertEquals(
        HOME + "/tasks/digest/runs/r-1", page.html().select("#dearest + .scroll a").attr("href"));
    Page any = admin.open(HOME + "/budgets/any");
    assertTrue(
        any.html().select("#dearest + .scroll td.lead").eachText().contains("other / r-1"),
        any.text());
    assertFalse(any.has("#course, #spent"));
  }

  @Test
  void anAdminDoesNotSeeTheRunsOfAUser() {
    Browser user = new Browser(OtherUser.named("budgets-runner", database).session());
    api()
        .body(Map.of("period", "run", "usd", 1))
        .put("/api/users/budgets-runner/budgets/each")
        .then()
        .statusCode(201);
    Page seen = admin.open(HOME + "/settings/users/budgets-runner/budgets/each");
    assertEquals(200, seen.status());
    assertFalse(seen.has("#dearest"));
    assertTrue(
        user.open("/console/budgets-runner/default/settings/users/budgets-runner/budgets/each")
            .has("#dearest"));
  }

  @Test
  void whatIsTypedIsShownAsText() {
    Page form = admin.open(HOME + "/new-budget");
    Page refused =
        admin.send(
            form, "#budget", Map.of("name", HOSTILE, "usd", "1", "task", HOSTILE, "period", "day"));
    assertEquals(400, refused.status());
    assertFalse(refused.has("main img, main script"));
    assertEquals(HOSTILE, refused.value("[name=task]"));
  }
}
