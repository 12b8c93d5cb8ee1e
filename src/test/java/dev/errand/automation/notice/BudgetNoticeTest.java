package dev.errand.automation.notice;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.delivery.Receiver;
import dev.errand.base.database.Sql;
import dev.errand.base.json.Json;
import dev.errand.runs.queue.RunQueue;
import dev.errand.runs.queue.Settlement;
import dev.errand.runs.queue.Settlement.ExceededBudget;
import dev.errand.support.Api;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Persons are told once in each period that a budget is nearly or fully spent. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class BudgetNoticeTest {
  private static final String NOTICE = "/api/profiles/~/default/notices/budgets";
  private static final String BUDGETS = "/api/profiles/~/default/budgets/";
  private static final String OF_USER = "/api/users/~/budgets/";
  private static final String TASK = "spender";

  @Inject ChannelRows channels;
  @Inject Sql sql;
  @Inject Json json;
  @Inject RunQueue queue;

  private final ScriptedModel model = new ScriptedModel();
  private final Receiver receiver = new Receiver();

  @BeforeEach
  void aNotice() {
    // Of the runs of other tests, which a new budget counts.
    sql.statement("DELETE FROM usage_tally").run();
    sql.statement("DELETE FROM usage_day").run();
    channels.add("default", "team", receiver.url("/team"));
    api()
        .body(Map.of("events", List.of("budget.warning", "budget.exceeded"), "channel", "team"))
        .put(NOTICE)
        .then()
        .statusCode(201);
    model.script(request -> using(15_000));
    Api.register(TASK, "Hello", model, Map.of("key", "sk-a-key-for-tests-1234"))
        .then()
        .statusCode(201);
  }

  @AfterEach
  void tidyUp() {
    sql.statement("DELETE FROM budget").run();
    api().delete(TASKS + "/" + TASK + "?force=true");
    api().delete(NOTICE);
    channels.remove();
    sql.statement("DELETE FROM notice_sent").run();
    receiver.close();
    model.close();
  }

  @Test
  void eachIsToldOnceHoweverManyRunsThereAre() {
    budget(BUDGETS + "daily", "day", 60_000, "fail");
    for (int i = 0; i < 8; i++) {
      trigger(TASK, "r" + i, Map.of()).then().statusCode(201);
    }
    int failed = 0;
    for (int i = 0; i < 8; i++) {
      failed += "budget_exceeded".equals(ended(TASK, "r" + i).getString("error.code")) ? 1 : 0;
    }
    assertEquals(4, failed);
    JsonNode warning = told("budget.warning", 1).getFirst();
    assertEquals(
        "80 % of the budget daily of admin/default is spent", warning.path("title").asText());
    String why = warning.path("why").asText();
    assertTrue(
        why.startsWith("This day has spent 60000 of 60000 tokens. Runs whose next request"), why);
    JsonNode data = warning.path("data");
    assertEquals("daily", data.path("budget").asText());
    assertEquals("admin/default", data.path("owner").asText());
    assertEquals(60_000, data.path("limit").path("tokens").asInt());
    assertTrue(data.path("resets_at").asText().endsWith("T00:00:00Z"), data.toString());
    assertEquals(
        "http://errand.example/api/profiles/admin/default/budgets/daily",
        data.path("url").asText());
    assertEquals(
        "http://errand.example/console/admin/default/budgets/daily", warning.path("url").asText());
    JsonNode exceeded = told("budget.exceeded", 1).getFirst();
    assertEquals("The budget daily of admin/default is used up", exceeded.path("title").asText());

    run("again");
    assertTold(1, 1);

    sql.statement("UPDATE budget_use SET period = '2020-01-01'").run();
    model.script(request -> using(50_000));
    run("next-period");
    assertTold(2, 1);
  }

  @Test
  void aRaisedLimitIsToldAgain() {
    budget(BUDGETS + "daily", "day", 18_000, "wait");
    run("first");
    assertTold(1, 0);
    trigger(TASK, "waits", Map.of()).then().statusCode(201);
    Eventually.await(
        "a run that waits",
        () -> api().get(TASKS + "/" + TASK + "/runs/waits").path("waiting_for.kind") != null);
    model.script(request -> using(3000));
    assertTold(1, 1);
    budget(BUDGETS + "daily", "day", 100_000, "fail");
    assertEquals("ready", ended(TASK, "waits").getString("status"));
    assertTold(1, 1);
    model.script(request -> using(65_000));
    run("passes");
    assertTold(2, 1);
  }

  @Test
  void budgetsThatAreUsedUpAtOnceAreToldEach() {
    budget(BUDGETS + "one", "day", 100, "wait");
    budget(BUDGETS + "each", "run", 100, "fail");
    budget(OF_USER + "two", "month", 100, "fail");
    run("r");
    List<JsonNode> told = told("budget.exceeded", 2);
    assertEquals(
        List.of("admin", "admin/default"),
        told.stream().map(each -> each.path("data").path("owner").asText()).sorted().toList());
    assertEquals(
        List.of(
            "http://errand.example/console/admin/default/budgets/one",
            "http://errand.example/console/admin/default/settings/users/admin/budgets/two"),
        told.stream().map(each -> each.path("url").asText()).sorted().toList());
    assertTold(0, 2);
  }

  @Test
  void whatIsUsedUpUnderALimitOfBeforeIsNotTold() {
    budget(BUDGETS + "daily", "day", 100, "fail");
    List<Settlement> refused =
        sql.statement(
                "SELECT budget_id, budget_use.period, modified_at FROM budget_use JOIN budget ON id = budget_id")
            .list(
                row ->
                    new Settlement(
                        0,
                        1,
                        0.0,
                        0L,
                        List.of(
                            new ExceededBudget(
                                row.id("budget_id"),
                                row.text("period"),
                                row.time("modified_at")))));
    budget(BUDGETS + "daily", "day", 200, "fail");
    queue.settle(refused);
    assertTold(0, 0);
  }

  @Test
  void whatIsNotCommittedIsNotTold() {
    budget(BUDGETS + "daily", "day", 100, "fail");
    sql.statement(
            """
            WITH opened AS (
              UPDATE budget_use SET reserved_tokens = 90
              WHERE budget_id = (SELECT id FROM budget WHERE name = 'daily')
              RETURNING budget_id, period)
            INSERT INTO budget_hold (run_id, attempt, budget_id, period, usd, tokens)
            SELECT 0, 1, budget_id, period, 0, 90 FROM opened
            """)
        .run();
    List<Settlement> settled = List.of(new Settlement(0, 1, 0.0, 90L));
    assertThrows(
        IllegalStateException.class,
        () ->
            QuarkusTransaction.requiringNew()
                .run(
                    () -> {
                      queue.settle(settled);
                      throw new IllegalStateException("lost");
                    }));
    assertTold(0, 0);
    queue.settle(settled);
    assertTold(1, 0);
    queue.settle(settled);
    assertTold(1, 0);
  }

  private void assertTold(int warnings, int exceeded) {
    told("budget.warning", warnings);
    told("budget.exceeded", exceeded);
    Eventually.await(
        "an empty outbox",
        () -> !sql.statement("SELECT 1 FROM notice_event WHERE event LIKE 'budget.%'").exists());
    assertEquals(warnings, told("budget.warning", warnings).size());
    assertEquals(exceeded, told("budget.exceeded", exceeded).size());
  }

  private List<JsonNode> told(String event, int least) {
    Eventually.await(event, () -> stored(event).size() >= least);
    return stored(event);
  }

  private List<JsonNode> stored(String event) {
    return sql
        .statement(
            "SELECT message FROM callback_delivery WHERE message IS NOT NULL ORDER BY created_at,"
                + " id")
        .list(row -> json.tree(row.text("message")))
        .stream()
        .filter(message -> message.path("event").asText().equals(event))
        .toList();
  }

  private static void budget(String path, String period, int tokens, String onExhausted) {
    int status =
        api()
            .body(Map.of("period", period, "tokens", tokens, "on_exhausted", onExhausted))
            .put(path)
            .statusCode();
    assertTrue(status == 200 || status == 201, "status " + status);
  }

  private static void run(String name) {
    trigger(TASK, name, Map.of()).then().statusCode(201);
    ended(TASK, name);
  }

  private Answer using(long tokens) {
    Answer answer = say("Done.");
    ObjectNode body = (ObjectNode) json.tree(answer.body());
    body.putObject("usage")
        .put("prompt_tokens", 10)
        .put("completion_tokens", tokens - 10)
        .put("total_tokens", tokens);
    return new Answer(200, body.toString());
  }
}
