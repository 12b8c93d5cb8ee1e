package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedMcp.tool;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.ScriptedModel;
import dev.errand.support.StatementLog;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the home of a profile says: what needs attention, the newest answers, and what is next. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class HomePageTest {
  private static final String PROFILE = "/api/profiles/~/console-home";
  private static final String HOME = "/console/admin/console-home";

  @Inject DataSource database;
  @Inject Sql sql;

  private final ScriptedModel model = new ScriptedModel();
  private final ScriptedMcp server = new ScriptedMcp();
  private final Browser admin = new Browser(Api.SESSION);

  @BeforeEach
  void aProfile() {
    api().body("{}").post(PROFILE).then().statusCode(201);
    model.script(request -> say("Fine."));
    server.tools(tool("look", "Looks."));
  }

  @AfterEach
  void tidyUp() throws Exception {
    model.close();
    server.close();
    api().delete(PROFILE + "?force=true").then().statusCode(204);
    sql.statement("DELETE FROM account WHERE username LIKE 'home-%'").run();
  }

  private void register(String task, String prompt) {
    api()
        .body(Api.task(prompt, model.url(), Map.of("key", "sk-1")))
        .put(PROFILE + "/tasks/" + task)
        .then()
        .statusCode(201);
  }

  private static void run(String task, String run) {
    api()
        .body("{}")
        .put(PROFILE + "/tasks/" + task + "/runs/" + run + "?wait=30")
        .then()
        .statusCode(201);
  }

  private static void schedule(String task, String schedule) {
    api()
        .body(Map.of("cron", "30 9 * * MON-FRI", "timezone", "UTC"))
        .put(PROFILE + "/tasks/" + task + "/schedules/" + schedule)
        .then()
        .statusCode(201);
  }

  private void failing(String task, String state) {
    sql.statement(
            "UPDATE schedule SET "
                + state
                + " WHERE task_id = (SELECT task.id FROM task JOIN profile ON profile.id ="
                + " task.profile_id WHERE profile.name = 'console-home' AND task.name = :task)")
        .with("task", task)
        .run();
  }

  private static List<String> needs(Page home) {
    return home.html().select("#attention ~ ul li").eachText().stream()
        .map(line -> line.replaceFirst(" \\w{3} \\d+ \\w{3} \\d{4}, .*", ""))
        .toList();
  }

  @Test
  void anEmptyHomeSaysSoInSentences() {
    Page home = admin.open(HOME);
    assertEquals(
        List.of(
            "Nothing needs attention.",
            "There is no answer yet.",
            "No run is live.",
            "No schedule has a next time."),
        home.html().select("#now p.soft").eachText());
    assertEquals(
        List.of("Needs attention", "Newest answers", "Running now", "Next by schedule"),
        home.html().select("#now h2").eachText().subList(0, 4));
    assertTrue(home.one("#today ~ dl").text().contains("Runs failed or cancelled 0"), home.text());
  }

  @Test
  void aTaskThatFailsIsToldOfUntilItRecovers() {
    register("flaky", "Hello");
    register("calm", "Hello");
    run("calm", "one");
    model.script(request -> error(404, "model_not_found", "No."));
    run("flaky", "one");
    run("flaky", "two");
    Page home = admin.open(HOME);
    assertEquals(List.of("failed flaky / two model_not_found, 2 times in a row"), needs(home));
    assertEquals(
        HOME + "/tasks/flaky/runs/two", home.one("#attention ~ ul a").attr("href"), home.text());
    assertTrue(home.one("#today ~ dl").text().contains("Runs failed or cancelled 2"), home.text());
    // Nobody asks for the runs of a task that is switched off.
    api().body("{\"enabled\": false}").patch(PROFILE + "/tasks/flaky").then().statusCode(200);
    assertEquals(List.of(), needs(admin.open(HOME)));
    api().body("{\"enabled\": true}").patch(PROFILE + "/tasks/flaky").then().statusCode(200);
    model.script(request -> say("Well again."));
    run("flaky", "three");
    assertEquals(List.of(), needs(admin.open(HOME)));
  }

  @Test
  void aRunThatSomebodyCancelledNeedsNobody() {
    register("slow", "Hello");
    api()
        .body(Map.of("scheduled_at", "2999-01-01T00:00:00Z"))
        .put(PROFILE + "/tasks/slow/runs/late")
        .then()
        .statusCode(201);
    api().post(PROFILE + "/tasks/slow/runs/late/cancel").then().statusCode(200);
    assertEquals(List.of(), needs(admin.open(HOME)));
  }

  @Test
  void anAnswerWithAWarningIsAmongBoth() {
    register("careless", "Hello");
    model.script(request -> request.size() == 1 ? call("c", "none", "{}") : say("Fine."));
    run("careless", "one");
    Page home = admin.open(HOME);
    assertEquals(List.of("warning careless / one tools_failed"), needs(home));
    assertTrue(home.has("#answers ~ ul .status.warned"), home.text());
  }

  @Test
  void theNewestAnswersBeginWithTheirWords() {
    register("digest", "Hello");
    model.script(
        request ->
            say("# Prices\n\nIt is **42** \u202enow.\n\n- <b>one</b>\n- two " + "x".repeat(900)));
    run("digest", "one");
    model.script(request -> say(""));
    run("digest", "two");
    Page home = admin.open(HOME);
    List<String> answers = home.html().select("#answers ~ ul .begin").eachText();
    assertEquals("The answer is empty.", answers.getFirst());
    String text = answers.get(1);
    assertTrue(text.startsWith("Prices"), text);
    assertTrue(text.contains("It is 42 ⟨U+202E⟩now."), text);
    assertTrue(text.endsWith("…") && text.length() < 300, text);
    assertFalse(home.has("#answers ~ ul b"));
    assertEquals(
        HOME + "/tasks/digest/runs/two", home.html().select("#answers ~ ul a").attr("href"));
  }

  @Test
  void aScheduleThatPausedItselfIsToldOfWithTheReason() {
    register("daily", "Hello");
    register("other", "Hello");
    schedule("daily", "morning");
    schedule("other", "evening");
    assertEquals(2, admin.open(HOME).html().select("#next ~ ul a").size());
    failing(
        "daily",
        "paused_at = now(), paused_reason = 'It failed <b>often</b>.', failures = 3, due_at = NULL");
    failing("other", "failures = 2");
    Page home = admin.open(HOME);
    assertEquals(
        List.of(
            "paused daily / morning It failed <b>often</b>.",
            "failed other / evening The schedule failed 2 times in a row."),
        needs(home));
    assertEquals(
        List.of(HOME + "/tasks/daily/schedules/morning", HOME + "/tasks/other/schedules/evening"),
        home.html().select("#attention ~ ul a").eachAttr("href"));
    failing("other", "failures = 1");
    assertEquals(
        "failed other / evening The last run of the schedule failed.",
        needs(admin.open(HOME)).getLast());
  }

  @Test
  void aWatchThatIsMissedIsToldOf() {
    api()
        .body(
            Api.task(
                "Hello", model.url(), Map.of("key", "sk-1", "watch", Map.of("errors_in_a_row", 3))))
        .put(PROFILE + "/tasks/watched")
        .then()
        .statusCode(201);
    model.script(request -> error(404, "model_not_found", "No."));
    run("watched", "one");
    sql.statement(
            """
            UPDATE task_watch SET missed_at = now(), missed_since = now(), sentence = '3 runs failed.',
              due_at = now() + interval '30 minutes'
            WHERE condition = 'errors_in_a_row' AND task_id = (SELECT task.id FROM task
              JOIN profile ON profile.id = task.profile_id WHERE profile.name = 'console-home')
            """)
        .run();
    Page home = admin.open(HOME);
    // The failures are told once.
    assertEquals(List.of("missed watched 3 runs failed."), needs(home));
    assertEquals(HOME + "/tasks/watched", home.one("#attention ~ ul a").attr("href"));
  }

  @Test
  void aServerWithChangedToolsOrBadCredentialsIsToldOf() {
    api()
        .body(
            Map.of(
                "name",
                "far",
                "mcp",
                Map.of("url", server.url()),
                "settings",
                Map.of("on_change", "disable")))
        .post(PROFILE + "/installations")
        .then()
        .statusCode(201);
    assertEquals(List.of(), needs(admin.open(HOME)));
    server.tools(tool("look", "Looks elsewhere."));
    api().post(PROFILE + "/installations/far/refresh").then().statusCode(200);
    Page home = admin.open(HOME);
    assertEquals(
        List.of("off: tools changed far Its tools wait until a person has read what changed."),
        needs(home));
    assertEquals(HOME + "/tools/far", home.one("#attention ~ ul a").attr("href"));
    server.before(request -> ScriptedMcp.unauthorized("Bearer"));
    api().post(PROFILE + "/installations/far/refresh").then().statusCode(200);
    String refused = needs(admin.open(HOME)).getFirst();
    assertTrue(refused.startsWith("refused far "), refused);
  }

  @Test
  void aPausedProfileIsToldOf() {
    api().put(PROFILE + "/pause").then().statusCode(200);
    Page home = admin.open(HOME);
    assertEquals(
        List.of("paused admin/console-home No run starts until the profile is resumed."),
        needs(home));
    assertEquals(200, admin.open(home.one("#attention ~ ul a").attr("href")).status());
  }

  @Test
  void manyOfAKindAreCutAndLeadToTheirList() {
    model.script(request -> error(404, "model_not_found", "No."));
    for (int i = 0; i < 6; i++) {
      register("task-" + i, "Hello");
      run("task-" + i, "one");
    }
    Page home = admin.open(HOME);
    List<String> needs = needs(home);
    assertEquals(6, needs.size(), needs.toString());
    assertEquals("failed task-5 / one model_not_found", needs.getFirst());
    assertEquals("more More tasks whose last run failed", needs.getLast());
    assertEquals(
        HOME + "/runs?status=error",
        home.html().select("#attention ~ ul a").getLast().attr("href"));
  }

  @Test
  void membersSeeItAndStrangersDoNot() {
    register("flaky", "Hello");
    model.script(request -> error(404, "model_not_found", "No."));
    run("flaky", "one");
    OtherUser viewer = OtherUser.named("home-viewer", database);
    api()
        .body(Map.of("role", "viewer"))
        .put(PROFILE + "/members/home-viewer")
        .then()
        .statusCode(201);
    assertEquals(
        List.of("failed flaky / one model_not_found"),
        needs(new Browser(viewer.session()).open(HOME)));
    Browser stranger = new Browser(OtherUser.named("home-stranger", database).session());
    assertEquals(404, stranger.open(HOME).status());
  }

  private void used(String owner, String profile, String task, double usd) {
    sql.statement(
            """
            INSERT INTO usage_day (profile_id, task_id, day, runs_ready, runs_error, prompt_tokens,
              completion_tokens, cached_tokens, reasoning_tokens, total_tokens, steps, tool_calls,
              model_ms, tool_ms, cost_usd)
            SELECT task.profile_id, task.id, day::date, 1, 0, 1, 1, 0, 0, 100, 1, 0, 1, 1,
              CASE WHEN day = date_trunc('month', now() AT TIME ZONE 'UTC') THEN :usd ELSE 1000 END
            FROM task JOIN profile ON profile.id = task.profile_id
              JOIN account ON account.id = profile.account_id,
              unnest(ARRAY[date_trunc('month', now() AT TIME ZONE 'UTC'),
                date_trunc('month', now() AT TIME ZONE 'UTC') - interval '1 day']) AS day
            WHERE account.username = :owner AND profile.name = :profile AND task.name = :task
            """)
        .with("usd", usd)
        .with("owner", owner)
        .with("profile", profile)
        .with("task", task)
        .run();
  }

  private void spend(String budget, double usd) {
    sql.statement(
            "UPDATE budget_use SET spent_usd = :usd"
                + " WHERE budget_id = (SELECT id FROM budget WHERE name = :name)")
        .with("usd", usd)
        .with("name", budget)
        .run();
  }

  private static List<String> lines(Page home) {
    return home.html().select("#month li").eachText();
  }

  @Test
  void theMonthIsThatOfAllProfilesThatThePersonSees() {
    OtherUser other = OtherUser.named("home-payer", database);
    Browser browser = new Browser(other.session());
    String own = "/console/home-payer/default";
    Page nothing = browser.open(own);
    assertTrue(nothing.one("#month").text().contains("$0 No run has ended this month"));
    assertTrue(nothing.one("#nearest").text().startsWith("No budget limits"), nothing.text());

    register("digest", "Hello");
    used("admin", "console-home", "digest", 3);
    other.register("daily", "Hello", model);
    used("home-payer", "default", "daily", 0.5);
    api()
        .body(Map.of("period", "month", "usd", 4))
        .put(PROFILE + "/budgets/home-month")
        .then()
        .statusCode(201);
    spend("home-month", 3);
    assertEquals(List.of("home-payer/default $0.50"), lines(browser.open(own)));
    assertFalse(browser.open(own).has("#nearest a[href$=home-month]"));

    api()
        .body("{\"role\": \"viewer\"}")
        .put(PROFILE + "/members/home-payer")
        .then()
        .statusCode(201);
    StatementLog.start();
    Page both;
    try {
      both = browser.open(own);
      assertEquals(
          1,
          StatementLog.ofRequest(own).stream()
              .filter(statement -> statement.contains("all_usd"))
              .count());
    } finally {
      StatementLog.stop();
    }
    assertEquals("$3.50", both.one("#month strong").text());
    assertEquals(List.of("admin/console-home $3.00", "home-payer/default $0.50"), lines(both));
    assertEquals(
        "Nearest budget: home-month of admin/console-home, each month open $3.00 of $4.00, 75 %",
        both.one("#nearest").text());
    assertEquals(200, browser.open(both.one("#nearest a").attr("href")).status());
    assertEquals(200, browser.open(both.html().select("#month li a").attr("href")).status());

    api()
        .body(Map.of("period", "day", "usd", 10))
        .put("/api/users/home-payer/budgets/home-day")
        .then()
        .statusCode(201);
    spend("home-day", 9);
    Page near = browser.open(own);
    assertEquals(
        "Nearest budget: home-day of your profiles together, each day nearly used up $9.00 of"
            + " $10.00, 90 %",
        near.one("#nearest").text());
    assertEquals(200, browser.open(near.one("#nearest a").attr("href")).status());
  }
}
