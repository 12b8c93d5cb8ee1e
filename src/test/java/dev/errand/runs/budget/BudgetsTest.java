package dev.errand.runs.budget;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.runs.queue.QueueNotifications;
import dev.errand.runs.queue.QueueNotifications.News;
import dev.errand.support.Api;
import dev.errand.support.ApiToken;
import dev.errand.support.Eventually;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.StatementLog;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Budgets are stored, checked and counted, by who may. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class BudgetsTest {
  private static final String OF_PROFILE = "/api/profiles/~/default/budgets";
  private static final String OF_USER = "/api/users/~/budgets";
  private static final String TASK = "budgeted";

  @Inject BudgetConfig config;
  @Inject DataSource database;
  @Inject QueueNotifications notifications;

  private final ScriptedModel model = new ScriptedModel();

  @BeforeEach
  void answer() {
    model.script(request -> say("Hello."));
  }

  @AfterEach
  void tidyUp() throws SQLException {
    execute("DELETE FROM budget");
    api().delete(Api.TASKS + "/" + TASK + "?force=true");
    api().delete(Api.TASKS + "/" + TASK + "-other?force=true");
    execute("DELETE FROM account WHERE username LIKE 'budget-%'");
    model.close();
  }

  @Test
  void aBudgetHasDefaults() {
    put("monthly", "{\"period\": \"month\", \"usd\": 0.5}", 201)
        .then()
        .body("name", equalTo("monthly"))
        .body("period", equalTo("month"))
        .body("tokens", nullValue())
        .body("task", nullValue())
        .body("on_exhausted", equalTo("fail"))
        .body("resets_at", equalTo(nextMonth() + "T00:00:00.000Z"))
        .body("reserved.tokens", equalTo(0))
        .body("unconfirmed.tokens", equalTo(0));
    put("daily", "{\"period\": \"day\", \"tokens\": 1000, \"on_exhausted\": \"wait\"}", 201)
        .then()
        .body("usd", nullValue())
        .body("tokens", equalTo(1000))
        .body("on_exhausted", equalTo("wait"))
        .body("resets_at", equalTo(today().plusDays(1) + "T00:00:00.000Z"));
    put("each", "{\"period\": \"run\", \"usd\": 1, \"task\": \"later\"}", 201)
        .then()
        .body("task", equalTo("later"))
        .body("resets_at", nullValue())
        .body("$", hasKey("resets_at"))
        .body("$", not(hasKey("spent")))
        .body("$", not(hasKey("reserved")))
        .body("$", not(hasKey("unconfirmed")));
    api()
        .get(OF_PROFILE)
        .then()
        .statusCode(200)
        .body("name", equalTo(List.of("daily", "each", "monthly")));
    api().get(OF_PROFILE + "/monthly").then().statusCode(200).body("usd", equalTo(0.5f));
    api().delete(OF_PROFILE + "/monthly").then().statusCode(204);
    problem(api().get(OF_PROFILE + "/monthly"), 404, "budget_not_found");
    problem(api().delete(OF_PROFILE + "/monthly"), 404, "budget_not_found");
    problem(api().get(OF_USER + "/daily"), 404, "budget_not_found");
  }

  @Test
  void whatIsWrongIsNamed() {
    refused("{}", "period: must be one of run, day, month");
    refused("{\"period\": \"week\", \"usd\": 1}", "period: must be one of run, day, month");
    refused("{\"period\": \"day\"}", "usd: is required, or tokens");
    refused("{\"period\": \"day\", \"usd\": 0}", "usd: must be more than 0");
    refused("{\"period\": \"day\", \"usd\": -1}", "usd: must be between 0 and 1000000");
    refused("{\"period\": \"day\", \"usd\": 1000000.5}", "usd: must be between 0 and 1000000");
    refused("{\"period\": \"day\", \"usd\": 0.0000001}", "with at most 6 decimals");
    refused("{\"period\": \"day\", \"tokens\": 0}", "tokens: must be between 1 and");
    refused("{\"period\": \"day\", \"tokens\": 1000000000000001}", "tokens: must be between 1");
    refused("{\"period\": \"day\", \"tokens\": 1, \"task\": \"a b\"}", "task: must be the name");
    refused(
        "{\"period\": \"day\", \"tokens\": 1, \"on_exhausted\": \"stop\"}",
        "on_exhausted: must be one of fail, wait");
    refused(
        "{\"period\": \"run\", \"tokens\": 1, \"on_exhausted\": \"wait\"}",
        "on_exhausted: can't be `wait` with the period `run`");
    refused("{\"period\": \"day\", \"tokens\": 1, \"euros\": 1}", "euros is not a known field");
    problem(
            api().body("{\"period\": \"day\", \"tokens\": 1}").put(OF_PROFILE + "/a%20b"),
            400,
            "invalid_input")
        .then()
        .body("detail", containsString("name: of a budget is 1 to 64"));
    problem(
            api()
                .body("{\"period\": \"day\", \"tokens\": 1, \"task\": \"t\"}")
                .put(OF_USER + "/daily"),
            400,
            "invalid_input")
        .then()
        .body("detail", containsString("task: is only for the budget of a profile"));
    put("small", "{\"period\": \"day\", \"usd\": 0.000001}", 201);
    put("large", "{\"period\": \"day\", \"usd\": 1000000, \"tokens\": 1000000000000000}", 201)
        .then()
        .body("tokens", equalTo(1_000_000_000_000_000L));
  }

  @Test
  void anOwnerHasNoMoreThanItsNumber() throws SQLException {
    execute(
        "INSERT INTO budget (id, profile_id, name, period, tokens, on_exhausted, created_at, modified_at)"
            + " SELECT gen_random_uuid(), profile.id, 'b' || i, 'day', 1, 'fail', now(), now()"
            + " FROM profile JOIN account ON account.id = account_id, generate_series(1, "
            + config.most()
            + ") AS i WHERE username = 'admin' AND name = 'default'");
    String body = "{\"period\": \"day\", \"tokens\": 2}";
    problem(api().body(body).put(OF_PROFILE + "/more"), 409, "too_many_budgets");
    put("b1", body, 200);
    api().body(body).put(OF_USER + "/own").then().statusCode(201);
    StatementLog.start();
    try {
      api().get(OF_PROFILE).then().statusCode(200).body("size()", equalTo(config.most()));
      List<String> reading =
          StatementLog.ofRequest(OF_PROFILE).stream()
              .filter(statement -> statement.contains("budget"))
              .toList();
      assertEquals(1, reading.size(), () -> String.join("\n;\n", reading));
    } finally {
      StatementLog.stop();
    }
  }

  @Test
  void ownersOfAProfileSetItsBudgetsAndMembersSeeThem() {
    RequestSpecification editor = member("budget-editor", "editor");
    RequestSpecification viewer = member("budget-viewer", "viewer");
    RequestSpecification owner = member("budget-owner", "owner");
    RequestSpecification stranger = OtherUser.named("budget-stranger", database).api();
    String address = "/api/profiles/admin/default/budgets/shared";
    String body = "{\"period\": \"day\", \"tokens\": 1000000}";
    problem(stranger.body(body).put(address), 404, "profile_not_found");
    problem(viewer.body(body).put(address), 403, "role_missing");
    problem(editor.body(body).put(address), 403, "role_missing");
    // Nor does it learn what is wrong with a body.
    problem(editor.body("{}").put(address), 403, "role_missing");
    owner.body(body).put(address).then().statusCode(201);
    viewer.get(address).then().statusCode(200).body("tokens", equalTo(1_000_000));
    viewer
        .get("/api/profiles/admin/default/budgets")
        .then()
        .statusCode(200)
        .body("", not(List.of()));
    problem(stranger.get(address), 404, "profile_not_found");
    problem(editor.delete(address), 403, "role_missing");
    owner.delete(address).then().statusCode(204);
  }

  @Test
  void adminsSetThoseOfAUserWhoSeesThem() {
    RequestSpecification user = OtherUser.named("budget-user", database).api();
    RequestSpecification other = OtherUser.named("budget-other", database).api();
    String address = "/api/users/budget-user/budgets/monthly";
    String body = "{\"period\": \"month\", \"usd\": 20}";
    problem(user.body(body).put(address), 403, "scope_missing");
    problem(user.body("{}").put(address), 403, "scope_missing");
    api().body(body).put(address).then().statusCode(201).body("task", nullValue());
    api().get(address).then().statusCode(200);
    for (String own : List.of(address, "/api/users/~/budgets/monthly")) {
      user.get(own).then().statusCode(200).body("usd", equalTo(20f));
    }
    user.get(OF_USER).then().statusCode(200).body("name", equalTo(List.of("monthly")));
    problem(user.delete(address), 403, "scope_missing");
    problem(other.get(address), 403, "scope_missing");
    problem(other.get("/api/users/budget-user/budgets"), 403, "scope_missing");
    problem(api().get("/api/users/budget-nobody/budgets"), 404, "user_not_found");
    problem(api().body(body).put("/api/users/budget-nobody/budgets/b"), 404, "user_not_found");
    api().delete(address).then().statusCode(204);
  }

  @Test
  void aLimitedTokenSeesNoneThatConcernsMore() {
    put("daily", "{\"period\": \"day\", \"tokens\": 1000000}", 201);
    RequestSpecification ofProfile =
        ApiToken.make(api(), List.of("read", "write"), Map.of("profiles", List.of("~/default")))
            .api();
    ofProfile.get(OF_PROFILE + "/daily").then().statusCode(200);
    problem(ofProfile.get(OF_USER), 403, "scope_missing");
    RequestSpecification ofTask =
        ApiToken.make(
                api(), List.of("read", "write"), Map.of("tasks", List.of("admin/default/" + TASK)))
            .api();
    problem(ofTask.get(OF_PROFILE), 403, "scope_missing");
    problem(ofTask.get(OF_USER), 403, "scope_missing");
  }

  @Test
  void aNewBudgetHasSpentWhatItsPresentPeriodHas() throws SQLException {
    clearUsage();
    run(TASK, "first");
    JsonPath used = run(TASK, "second");
    run(TASK + "-other", "third");
    int tokens = used.getInt("usage.total_tokens");
    assertTrue(tokens > 0);
    for (String period : List.of("day", "month")) {
      String limits = "{\"period\": \"" + period + "\", \"tokens\": 1000000";
      assertEquals(3 * tokens, put(period, limits + "}", 201).jsonPath().getInt("spent.tokens"));
      String ofTask = limits + ", \"task\": \"" + TASK + "\"}";
      JsonPath spent = put(period + "-task", ofTask, 201).jsonPath();
      assertEquals(2 * tokens, spent.getInt("spent.tokens"));
      assertEquals(
          0,
          cost(used)
              .multiply(BigDecimal.TWO)
              .compareTo(new BigDecimal(spent.getString("spent.usd"))),
          spent::prettify);
      assertEquals(
          3 * tokens,
          api()
              .body(limits + "}")
              .put(OF_USER + "/" + period)
              .then()
              .statusCode(201)
              .extract()
              .jsonPath()
              .getInt("spent.tokens"));
    }
    // Of another day of the month, if it has one.
    execute("DELETE FROM budget");
    execute("UPDATE usage_tally SET day = day - 40");
    assertEquals(
        0,
        put("day", "{\"period\": \"day\", \"tokens\": 1}", 201).jsonPath().getInt("spent.tokens"));
    assertEquals(
        0,
        put("month", "{\"period\": \"month\", \"tokens\": 1}", 201)
            .jsonPath()
            .getInt("spent.tokens"));
  }

  @Test
  void runsThatHaveNotEndedCountWithWhatTheyHaveSpent() throws SQLException {
    clearUsage();
    JsonPath used = run(TASK, "live");
    goOn("live", null);
    execute(
        "UPDATE run SET usage = '{\"total_tokens\": "
            + (used.getInt("usage.total_tokens") + 7)
            + ", \"cost_usd\": 0.5}' WHERE name = 'live'");
    put("daily", "{\"period\": \"day\", \"tokens\": 1000000}", 201)
        .then()
        .body("spent.tokens", equalTo(used.getInt("usage.total_tokens") + 7))
        .body("spent.usd", equalTo(0.5f));
  }

  @Test
  void changedLimitsKeepTheLedgerAndAnotherPeriodOrTaskDoesNot() throws SQLException {
    clearUsage();
    int used = run(TASK, "held").getInt("usage.total_tokens");
    put("b", "{\"period\": \"day\", \"tokens\": 1000000}", 201);
    execute(
        "UPDATE budget_use SET spent_usd = 0.25, spent_tokens = 17, unknown_usd = 0.125,"
            + " unknown_tokens = 5, reserved_usd = 0.5, reserved_tokens = 30");
    put("b", "{\"period\": \"day\", \"tokens\": 2000000, \"usd\": 1}", 200)
        .then()
        .body("spent.tokens", equalTo(17))
        .body("spent.usd", equalTo(0.25f))
        .body("unconfirmed.tokens", equalTo(5))
        .body("unconfirmed.usd", equalTo(0.125f))
        .body("reserved.tokens", equalTo(30))
        .body("reserved.usd", equalTo(0.5f));
    execute(
        "INSERT INTO budget_hold (run_id, attempt, budget_id, period, usd, tokens)"
            + " SELECT run.id, 1, budget_id, period, 0.5, 30 FROM budget_use, run"
            + " WHERE run.name = 'held'");
    put("b", "{\"period\": \"month\", \"tokens\": 2000000}", 200)
        .then()
        .body("reserved.tokens", equalTo(30))
        .body("reserved.usd", equalTo(0.5f))
        .body("unconfirmed.tokens", equalTo(5))
        .body("unconfirmed.usd", equalTo(0.125f))
        .body("spent.tokens", equalTo(used + 5));
    put("b", "{\"period\": \"month\", \"tokens\": 2000000, \"task\": \"none\"}", 200)
        .then()
        .body("unconfirmed.tokens", equalTo(0))
        .body("spent.tokens", equalTo(0))
        .body("reserved.tokens", equalTo(30));
    assertEquals(List.of("1"), query("SELECT count(*) FROM budget_use"));
    put("b", "{\"period\": \"run\", \"tokens\": 2000000}", 200);
    assertEquals(
        List.of("30"),
        query(
            "SELECT reserved_tokens FROM budget_use JOIN budget_hold USING (budget_id, period)"
                + " JOIN run ON run.id = run_id AND run.id::text = period"));
    assertEquals(List.of("1"), query("SELECT count(*) FROM budget_use"));
    put("b", "{\"period\": \"day\", \"tokens\": 2000000}", 200)
        .then()
        .body("reserved.tokens", equalTo(30))
        .body("spent.tokens", equalTo(used));
  }

  @Test
  void aChangeWakesTheRunsThatWait() throws SQLException {
    run(TASK, "waiting");
    run(TASK, "other");
    put("b", "{\"period\": \"day\", \"tokens\": 1000000, \"on_exhausted\": \"wait\"}", 201);
    String id = query("SELECT id FROM budget").getFirst();
    goOn("other", "00000000-0000-0000-0000-000000000000");
    goOn("waiting", id);
    put("b", "{\"period\": \"day\", \"tokens\": 2000000, \"on_exhausted\": \"wait\"}", 200);
    assertEquals(List.of("t"), query(isDue("waiting")));
    ended(TASK, "waiting");
    goOn("waiting", id);
    api().delete(OF_PROFILE + "/b").then().statusCode(204);
    assertEquals(List.of("t"), query(isDue("waiting")));
    assertEquals(List.of("f"), query(isDue("other")));
    assertEquals("ready", ended(TASK, "waiting").getString("status"));
  }

  @Test
  void eachChangeIsToldToAllProcesses() throws InterruptedException {
    AtomicInteger heard = new AtomicInteger();
    AtomicBoolean going = new AtomicBoolean(true);
    Thread listening =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    notifications.listen(
                        news -> {
                          if (news == News.BUDGETS) {
                            heard.incrementAndGet();
                          }
                        },
                        going::get);
                  } catch (SQLException e) {
                    throw new IllegalStateException(e);
                  }
                });
    try {
      Eventually.await("the listener", () -> heard.get() == 1);
      put("b", "{\"period\": \"day\", \"tokens\": 1}", 201);
      Eventually.await("the new one", () -> heard.get() == 2);
      put("b", "{\"period\": \"day\", \"tokens\": 2}", 200);
      Eventually.await("the change", () -> heard.get() == 3);
      api().delete(OF_PROFILE + "/b").then().statusCode(204);
      Eventually.await("the end", () -> heard.get() == 4);
    } finally {
      going.set(false);
      listening.join();
    }
  }

  @Test
  void theAuditHasEachChangeOfTheSettings() {
    put("audited", "{\"period\": \"day\", \"tokens\": 1000}", 201);
    put("audited", "{\"period\": \"day\", \"tokens\": 2000}", 200);
    api().delete(OF_PROFILE + "/audited").then().statusCode(204);
    api()
        .get("/api/audit?object=budgets/admin/default/audited&limit=3")
        .then()
        .statusCode(200)
        .body("action", equalTo(List.of("budget.deleted", "budget.changed", "budget.created")))
        .body("[1].changes", equalTo(Map.of("tokens", Map.of("from", 1000, "to", 2000))));
  }

  private RequestSpecification member(String name, String role) {
    RequestSpecification user = OtherUser.named(name, database).api();
    api()
        .body(Map.of("role", role))
        .put("/api/profiles/~/default/members/" + name)
        .then()
        .statusCode(201);
    return user;
  }

  private JsonPath run(String task, String name) {
    register(task, "Hi", model).then().statusCode(oneOf(200, 201));
    trigger(task, name, Map.of()).then().statusCode(201);
    return ended(task, name);
  }

  private static BigDecimal cost(JsonPath run) {
    return new BigDecimal(run.getString("usage.cost_usd"));
  }

  /** Takes an ended run up again, which waits for that budget. */
  private void goOn(String run, @Nullable String budget) throws SQLException {
    execute(
        "UPDATE run SET status = 'pending', eligibility = 'later', turn = 0, finished_at = NULL,"
            + " available_at = 'infinity', waits_reason = 'b', waits_since = now(),"
            + " waits_until = now(), waits_budget = "
            + (budget == null ? "NULL" : "'" + budget + "'")
            + " WHERE name = '"
            + run
            + "' AND task_id IN (SELECT id FROM task WHERE name = '"
            + TASK
            + "')");
  }

  private static String isDue(String run) {
    return "SELECT available_at <= now() FROM run JOIN task ON task.id = task_id WHERE run.name = '"
        + run
        + "' AND task.name = '"
        + TASK
        + "'";
  }

  // Of the runs of other tests.
  private void clearUsage() throws SQLException {
    execute("DELETE FROM usage_tally");
    execute("DELETE FROM usage_day");
  }

  private static LocalDate today() {
    return LocalDate.ofInstant(Instant.now(), ZoneOffset.UTC);
  }

  private static LocalDate nextMonth() {
    return today().withDayOfMonth(1).plusMonths(1);
  }

  private static Response put(String name, String body, int status) {
    Response answer = api().body(body).put(OF_PROFILE + "/" + name);
    answer.then().statusCode(status);
    return answer;
  }

  private static void refused(String body, String why) {
    problem(api().body(body).put(OF_PROFILE + "/wrong"), 400, "invalid_input")
        .then()
        .body("detail", containsString(why));
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private List<String> query(String sql) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }
}
