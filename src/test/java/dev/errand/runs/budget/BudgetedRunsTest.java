package dev.errand.runs.budget;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.database.Sql;
import dev.errand.models.port.LargestRequest;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.queue.ClaimLostException;
import dev.errand.runs.queue.QueueNotifications;
import dev.errand.support.Api;
import dev.errand.support.Eventually;
import dev.errand.support.Metrics;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.ScriptedModel.Request;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a budget allows is reserved before each request to a model, and replaced by what it cost.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class BudgetedRunsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String REQUESTS = "errand_budget_requests_total";
  private static final String LIMIT = "max_completion_tokens";

  @Inject DataSource database;
  @Inject Sql sql;
  @Inject QueueNotifications notifications;
  @Inject BudgetLedger ledger;

  private final ScriptedModel model = new ScriptedModel();
  // Tokens that the model's server bills, each answer at the longest that its request allows.
  private final AtomicLong billed = new AtomicLong();
  private OtherUser user;
  private String name;

  @BeforeEach
  void aUser() {
    name = "budgeted-" + UUID.randomUUID();
    user = OtherUser.named(name, database);
    model.script(this::billing);
  }

  @AfterEach
  void stop() {
    sql.statement(
            """
            DELETE FROM budget WHERE profile_id IN (
              SELECT profile.id FROM profile JOIN account ON account.id = account_id
              WHERE username = :name)
            """)
        .with("name", name)
        .run();
    model.close();
  }

  @Test
  void theLongestAnswerIsWhatTheBudgetAllows() {
    Metrics before = Metrics.now();
    budget("day", null, 5000L, null, "fail");
    JsonPath run = run("Hello", Map.of());
    assertEquals("ready", run.getString("status"), run.prettify());
    int most = model.requests().getFirst().body().path(LIMIT).asInt();
    assertTrue(most > 3000 && most < 5000, () -> "max " + most);
    assertEquals(run.getLong("usage.total_tokens"), used("spent_tokens"));
    assertEquals(0, used("reserved_tokens"));
    assertEquals(0, used("unknown_tokens"));

    JsonPath next = run("Hello", Map.of());
    assertEquals("budget_exceeded", next.getString("error.code"), next.prettify());
    assertTrue(next.getString("error.message").contains(name), next.prettify());
    assertEquals(1, model.requests().size(), "the model is not asked");
    Metrics after = Metrics.now();
    for (String outcome : List.of("granted", "exceeded")) {
      double more =
          after.of(REQUESTS, "outcome", outcome) - before.of(REQUESTS, "outcome", outcome);
      assertTrue(more > 0, outcome);
    }
  }

  @Test
  void withoutABudgetTheRequestIsAsItWas() {
    run("Hello", Map.of());
    assertTrue(model.requests().getFirst().body().path(LIMIT).isMissingNode());
  }

  @Test
  void aDollarIsNotSpentTwiceByRunsAtOnce() {
    // A request costs at most 0.165 dollars: ten thousandths of a dollar for a thousand tokens.
    budget("month", 0.5, null, null, "fail");
    registerTask("at-once", "Hello", Map.of());
    for (int i = 0; i < 12; i++) {
      start("at-once", "r" + i);
    }
    int ready = 0;
    for (int i = 0; i < 12; i++) {
      ready += ended("at-once", "r" + i).getString("status").equals("ready") ? 1 : 0;
    }
    assertTrue(ready >= 3 && ready < 12, "ready: " + ready);
    assertTrue(dollars("spent_usd") <= 0.5, () -> "spent " + dollars("spent_usd"));
    assertEquals(0, dollars("reserved_usd"));
  }

  @Test
  void answersThatCostLittleLeaveTheRestToOthers() {
    budget("month", 0.2, null, null, "fail");
    model.script(request -> say("Done."));
    registerTask("cheap", "Hello", Map.of());
    for (int i = 0; i < 12; i++) {
      start("cheap", "r" + i);
    }
    for (int i = 0; i < 12; i++) {
      JsonPath run = ended("cheap", "r" + i);
      assertEquals("ready", run.getString("status"), run.prettify());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut", "unread"})
  void anAnswerThatIsLostCountsAsSpent(String how) {
    budget("day", null, 40_000L, null, "fail");
    model.script(
        request ->
            how.equals("cut") ? say("Done.").thenCut() : new Answer(200, "{\"choices\": 1}"));
    JsonPath run = run("Hello", Map.of("max_attempts", 1));
    assertEquals("error", run.getString("status"), run.prettify());
    assertTrue(used("unknown_tokens") > 16_000, () -> "unknown: " + used("unknown_tokens"));
    assertEquals(used("spent_tokens"), used("unknown_tokens"));
    assertEquals(0, used("reserved_tokens"));
  }

  @Test
  void anErrorInsideAnAnswerMayHaveCost() {
    budget("day", null, 40_000L, null, "fail");
    model.script(
        request -> new Answer(200, "{\"error\": {\"code\": 503, \"message\": \"Overloaded.\"}}"));
    run("Hello", Map.of("max_attempts", 1));
    assertTrue(used("unknown_tokens") > 16_000, () -> "unknown: " + used("unknown_tokens"));
  }

  @Test
  void aRunWaitsForWhatOthersHaveReservedAndIsNotCutShort() {
    budget("day", null, 40_000L, null, "fail");
    run("Hello", Map.of());
    long spent = used("spent_tokens");
    reserve(19_000);
    registerTask("after", "Hello", Map.of());
    model.script(request -> using(100, say("Done.")));
    start("after", "r");
    Eventually.await("a run that works", () -> look("after", "r").getInt("attempt") == 1);
    assertEquals(1, model.requests().size());
    assertEquals("running", look("after", "r").getString("status"));
    reserve(-19_000);
    assertEquals("ready", ended("after", "r").getString("status"));
    int most = model.requests().getLast().body().path(LIMIT).asInt();
    assertTrue(most > 10_000, () -> "max " + most + " after " + spent);
  }

  private void reserve(long tokens) {
    sql.statement(
            """
            UPDATE budget_use SET reserved_tokens = reserved_tokens + :tokens
            WHERE budget_id = (SELECT id FROM budget WHERE name = :name)
            """)
        .with("tokens", tokens)
        .with("name", name)
        .run();
  }

  @Test
  void aBudgetThatEndsRunsDecidesBesideOneThatHasThemWait() {
    budget("day", null, 100L, null, "wait");
    sql.statement(
            """
            INSERT INTO budget (id, profile_id, name, period, tokens, on_exhausted, created_at,
              modified_at)
            SELECT gen_random_uuid(), profile_id, 'b', 'month', 200, 'fail', now(), now()
            FROM budget WHERE name = :name
            """)
        .with("name", name)
        .run();
    JsonPath run = run("Hello", Map.of());
    assertEquals("budget_exceeded", run.getString("error.code"), run.prettify());
    assertTrue(run.getString("error.message").contains("the budget b "), run.prettify());
  }

  @Test
  void anAttemptThatHasLostTheRunReservesNothing() {
    budget("day", null, 40_000L, null, "fail");
    registerTask("lost", "Hello", Map.of());
    start("lost", "r");
    ended("lost", "r");
    Claim claim =
        sql.statement(
                """
                SELECT run.*, run.id, task.name AS task, 'a/b' AS profile, account_id AS owner_id,
                  now() AS claimed_at, run.created_at AS due_at, false AS in_several_profiles
                FROM run JOIN task ON task.id = run.task_id
                JOIN profile ON profile.id = run.profile_id JOIN account ON account.id = account_id
                WHERE account.username = :name
                """)
            .with("name", name)
            .one(Claim::of);
    assertThrows(
        ClaimLostException.class,
        () -> ledger.reserve(claim, new LargestRequest(100, 200, 200, null)));
    assertEquals(0, used("reserved_tokens"));
  }

  @Test
  void aProcessThatKnowsNoBudgetsNeitherClaimsNorKeepsARun() {
    budget("month", null, 100L, null, "wait");
    registerTask("older", "Hello", Map.of());
    start("older", "r");
    Eventually.await("a run that waits", () -> look("older", "r").get("waiting_for") != null);
    assertEquals(
        0,
        sql.statement(
                """
                UPDATE run SET status = 'running', attempt = attempt + 1, lease_until = now()
                FROM profile JOIN account ON account.id = account_id
                WHERE profile.id = run.profile_id AND username = :name
                """)
            .with("name", name)
            .update());
  }

  @Test
  void aRefusedRequestCostsNothing() {
    budget("day", null, 40_000L, null, "fail");
    model.script(request -> error(429, "rate_limit_exceeded", "Slow down."));
    run("Hello", Map.of("max_attempts", 1));
    assertEquals(0, used("spent_tokens"));
    assertEquals(0, used("reserved_tokens"));
  }

  @Test
  void whatAnAttemptReservedThatIsGoneCountsAsSpent() {
    budget("day", null, 40_000L, null, "fail");
    run("Hello", Map.of());
    long before = used("spent_tokens");
    sql.statement(
            """
            WITH use AS (
              UPDATE budget_use SET reserved_tokens = 100
              WHERE budget_id = (SELECT id FROM budget WHERE name = :name)
              RETURNING budget_id, period)
            INSERT INTO budget_hold (run_id, attempt, budget_id, period, usd, tokens, held_at)
            SELECT 0, 1, budget_id, period, 0, 100, now() - interval '1 minute' FROM use
            """)
        .with("name", name)
        .run();
    assertTrue(ledger.sweep(Duration.ofSeconds(30)) > 0);
    assertEquals(before + 100, used("spent_tokens"));
    assertEquals(100, used("unknown_tokens"));
    assertEquals(0, used("reserved_tokens"));
  }

  @Test
  void aRunWaitsForAnotherBudgetAndGoesOnWhenItIsRaised() {
    budget("day", null, 3000L, null, "wait");
    model.script(
        request ->
            request.size() == 1 ? using(2000, call("c", "none", "{}")) : using(10, say("Done.")));
    registerTask("waits", "Hello", Map.of());
    start("waits", "r");
    Eventually.await("a run that waits", () -> look("waits", "r").get("waiting_for") != null);
    JsonPath waiting = look("waits", "r");
    assertEquals("pending", waiting.getString("status"), waiting.prettify());
    assertEquals("budget", waiting.getString("waiting_for.kind"), waiting.prettify());
    assertEquals(name, waiting.getString("waiting_for.budget"), waiting.prettify());
    assertEquals(1, model.requests().size());

    sql.statement("UPDATE budget SET tokens = 30000, modified_at = now() WHERE name = :name")
        .with("name", name)
        .run();
    sql.statement("UPDATE run SET available_at = now() WHERE waits_budget IS NOT NULL").run();
    notifications.publish(QueueNotifications.News.BUDGETS);
    JsonPath run = ended("waits", "r");
    assertEquals("Done.", run.getString("output"), run.prettify());
    assertEquals(2, model.requests().size());
    assertNull(run.get("waiting_for"));
  }

  @Test
  void aRunThatIsCancelledWhileItWaitsCanBeRetried() {
    budget("month", null, 100L, null, "wait");
    registerTask("cancelled", "Hello", Map.of());
    start("cancelled", "r");
    Eventually.await("a run that waits", () -> look("cancelled", "r").get("waiting_for") != null);
    user.api().post(TASKS + "/cancelled/runs/r/cancel").then().statusCode(200);
    JsonPath run = ended("cancelled", "r");
    assertEquals("cancelled", run.getString("error.code"), run.prettify());
    assertNull(run.get("waiting_for"));
    sql.statement("UPDATE budget SET tokens = 30000, modified_at = now() WHERE name = :name")
        .with("name", name)
        .run();
    user.api().post(TASKS + "/cancelled/runs/r/retry").then().statusCode(202);
    assertEquals("ready", ended("cancelled", "r").getString("status"));
  }

  @Test
  void aBudgetThatIsMadeMeanwhileCountsTheNextRequest() {
    model.script(
        request -> {
          if (request.size() == 1) {
            budget("run", null, 100L, null, "fail");
            return call("c", "none", "{}");
          }
          return say("Done.");
        });
    JsonPath run = run("Hello", Map.of());
    assertEquals("budget_exceeded", run.getString("error.code"), run.prettify());
    assertEquals(1, model.requests().size());
  }

  @Test
  void aModelWithoutAPriceIsNotAskedForDollars() {
    budget("day", 5.0, null, null, "fail");
    user.api()
        .body(
            Api.task(
                Map.of("prompt", "Hello", "model", "nameless", "base_url", model.url()),
                Map.of("key", "sk-a-key-for-tests-1234")))
        .put(TASKS + "/nameless")
        .then()
        .statusCode(201);
    start("nameless", "r");
    JsonPath run = ended("nameless", "r");
    assertEquals("model_not_priced", run.getString("error.code"), run.prettify());
    assertEquals(0, model.requests().size());
  }

  @Test
  void aBudgetOfATaskCountsTheRunsThatItsRunsStart() {
    user.api()
        .body(Map.of("servlet_slug", "errand/tasks", "name", "tasks"))
        .post("/api/profiles/~/default/installations")
        .then()
        .statusCode(201);
    registerTask("child", "Answer", Map.of());
    model.script(
        request ->
            request.lastMessage().path("content").asText().equals("Answer")
                ? using(3000, say("Done."))
                : request.size() == 1
                    ? using(
                        100, call("c", "tasks_run", "{\"task\": \"child\", \"run\": \"of-it\"}"))
                    : using(100, say("Started.")));
    budget("day", null, 100_000L, "parent", "fail");
    registerTask("parent", "Begin", Map.of());
    start("parent", "r");
    assertEquals("ready", ended("parent", "r").getString("status"));
    assertEquals("ready", ended("child", "of-it").getString("status"));
    assertEquals(3200, used("spent_tokens"));
    start("child", "alone");
    assertEquals("ready", ended("child", "alone").getString("status"));
    assertEquals(3200, used("spent_tokens"), "a run that it did not start");
  }

  @Test
  void theFormOfAnAnswerIsPartOfWhatTheModelReads() {
    budget("day", null, 20_000L, null, "fail");
    registerTask("formed", "Hello", Map.of());
    user.api()
        .body(
            Map.of(
                "openai",
                Map.of(
                    "response_format", Map.of("type", "json_schema", "note", "x".repeat(20_000)))))
        .patch(TASKS + "/formed")
        .then()
        .statusCode(200);
    start("formed", "r");
    JsonPath run = ended("formed", "r");
    assertEquals("budget_exceeded", run.getString("error.code"), run.prettify());
    assertEquals(0, model.requests().size());
  }

  @Test
  void aLengthThatTheServerRefusesIsHalvedUnderABudget() {
    budget("day", null, 100_000L, null, "fail");
    model.script(
        request ->
            request.body().path(LIMIT).asInt() > 4096
                ? error(400, "invalid_value", "max_tokens is too large: at most 4096.")
                : using(100, say("Done.")));
    JsonPath run = run("Hello", Map.of());
    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals(4096, model.requests().getLast().body().path(LIMIT).asInt());
    assertEquals(100, used("spent_tokens"));
    assertEquals(0, used("reserved_tokens"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"prompt_tokens\": 100, \"completion_tokens\": -5, \"total_tokens\": 95}",
        "{\"prompt_tokens\": 100, \"completion_tokens\": 10, \"total_tokens\": 110, \"cost\": -50}",
        "{\"prompt_tokens\": 100, \"completion_tokens\": 10, \"total_tokens\": 110,"
            + " \"prompt_tokens_details\": {\"cached_tokens\": -1}}"
      })
  void usageBelowZeroIsNotBelieved(String usage) throws JsonProcessingException {
    budget("day", null, 100_000L, null, "fail");
    ObjectNode answer = (ObjectNode) JSON.readTree(say("Done.").body());
    answer.set("usage", JSON.readTree(usage));
    model.script(request -> new Answer(200, answer.toString()));
    assertEquals("ready", run("Hello", Map.of()).getString("status"));
    assertTrue(used("unknown_tokens") > 16_000, () -> "unknown: " + used("unknown_tokens"));
  }

  @Test
  void anotherPeriodKeepsWhatIsNotConfirmed() {
    String path = "/api/profiles/~/default/budgets/" + name;
    user.api().body("{\"period\": \"month\", \"tokens\": 40000}").put(path).then().statusCode(201);
    model.script(
        request -> new Answer(200, "{\"error\": {\"code\": 503, \"message\": \"Overloaded.\"}}"));
    run("Hello", Map.of("max_attempts", 1));
    long unknown = used("unknown_tokens");
    assertTrue(unknown > 16_000, () -> "unknown: " + unknown);
    for (String period : List.of("day", "month", "day")) {
      user.api().body(Map.of("period", period, "tokens", 40_000)).put(path).then().statusCode(200);
      assertEquals(unknown, used("unknown_tokens"), period);
      assertEquals(unknown, used("spent_tokens"), period);
    }
  }

  private Answer billing(Request request) {
    long prompt = 0;
    for (JsonNode message : request.body().path("messages")) {
      prompt += message.path("content").asText().getBytes(StandardCharsets.UTF_8).length;
    }
    long answer = request.body().path(LIMIT).asLong(100_000);
    billed.addAndGet(prompt + answer);
    return usage(prompt, answer, say("Done."));
  }

  private static Answer using(long tokens, Answer answer) {
    return usage(tokens / 2, tokens - tokens / 2, answer);
  }

  private static Answer usage(long prompt, long answer, Answer of) {
    try {
      ObjectNode body = (ObjectNode) JSON.readTree(of.body());
      body.putObject("usage")
          .put("prompt_tokens", prompt)
          .put("completion_tokens", answer)
          .put("total_tokens", prompt + answer);
      return new Answer(200, body.toString());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private void budget(
      String period,
      @Nullable Double usd,
      @Nullable Long tokens,
      @Nullable String task,
      String onExhausted) {
    sql.statement(
            """
            INSERT INTO budget (id, profile_id, name, period, usd, tokens, task, on_exhausted,
              created_at, modified_at)
            SELECT gen_random_uuid(), profile.id, :name, :period, :usd, :tokens, :task, :on,
              now(), now()
            FROM profile JOIN account ON account.id = profile.account_id WHERE username = :name
            """)
        .with("name", name)
        .with("period", period)
        .with("usd", usd)
        .with("tokens", tokens)
        .with("task", task)
        .with("on", onExhausted)
        .run();
    long before = ledger.changes();
    notifications.publish(QueueNotifications.News.BUDGETS);
    Eventually.await("the news", () -> ledger.changes() > before);
  }

  private long used(String column) {
    return sql.statement(
            "SELECT coalesce(sum("
                + column
                + "), 0)::bigint AS used FROM budget_use JOIN budget ON budget.id = budget_id"
                + " WHERE name = :name")
        .with("name", name)
        .one(row -> row.number("used"));
  }

  private double dollars(String column) {
    return sql.statement(
            "SELECT sum("
                + column
                + ")::double precision AS used FROM budget_use JOIN budget ON budget.id = budget_id"
                + " WHERE name = :name")
        .with("name", name)
        .one(row -> Objects.requireNonNull(row.realOrNull("used")));
  }

  private void registerTask(String task, String prompt, Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("key", "sk-a-key-for-tests-1234");
    user.api()
        .body(Api.task(prompt, model.url(), all))
        .put(TASKS + "/" + task)
        .then()
        .statusCode(201);
  }

  private JsonPath run(String prompt, Map<String, Object> settings) {
    String task = "task" + UUID.randomUUID();
    registerTask(task, prompt, settings);
    start(task, "r");
    return ended(task, "r");
  }

  private void start(String task, String run) {
    user.api().body("{}").put(TASKS + "/" + task + "/runs/" + run).then().statusCode(201);
  }

  private JsonPath look(String task, String run) {
    return user.api().get(TASKS + "/" + task + "/runs/" + run).jsonPath();
  }

  private JsonPath ended(String task, String run) {
    Eventually.await(
        "the end of " + run, () -> !look(task, run).getString("status").matches("pending|running"));
    assertFalse(look(task, run).getString("status").isEmpty());
    return look(task, run);
  }
}
