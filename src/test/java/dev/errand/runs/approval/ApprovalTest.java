package dev.errand.runs.approval;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.calls;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.runs.queue.RunControl;
import dev.errand.support.Api;
import dev.errand.support.Eventually;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tool calls that wait for a person, from the request to the decision's effect. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ApprovalTest {
  private static final String TASK = TASKS + "/asking";
  private static final String APPROVALS = "/api/profiles/~/default/approvals";
  private static final String SUM = "{\"expression\":\"1+1\"}";
  private static final Map<String, Object> ALWAYS = Map.of("calc_calculate", "always");

  @Inject Sql sql;
  @Inject DataSource database;
  @Inject ApprovalTicker ticker;
  @Inject RunControl control;

  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void stop() {
    api().delete(TASK + "?force=true");
    model.close();
  }

  private void aTask(Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("key", "sk-a-key-for-tests-1234");
    register("asking", "Hello", model, settings).then().statusCode(201);
  }

  private void anAskingTask() {
    aTask(Map.of("approvals", ALWAYS));
    model.script(
        request -> request.size() == 1 ? call("c", "calc_calculate", SUM) : say("It is done."));
  }

  private static JsonPath waiting(String name) {
    Eventually.await(
        "a run that waits",
        Duration.ofSeconds(30),
        () -> read(name).getString("waiting_for.kind") != null);
    return read(name);
  }

  private static JsonPath read(String name) {
    return api().get(TASK + "/runs/" + name).jsonPath();
  }

  private static String start(String name) {
    trigger("asking", name, Map.of()).then().statusCode(201);
    return waiting(name).getString("waiting_for.approvals[0]");
  }

  private static Response decide(String id, Map<String, Object> decision) {
    return api().body(decision).post(APPROVALS + "/" + id);
  }

  private static List<String> messages(JsonPath run) {
    return run.getList("results.msg");
  }

  @Test
  void anApprovedCallIsMadeOnce() {
    anAskingTask();
    String id = start("r");
    JsonPath waiting = waiting("r");
    assertEquals("pending", waiting.getString("status"));
    assertEquals("approval", waiting.getString("waiting_for.kind"));
    assertEquals(
        "http://localhost:%d/console/admin/default/approvals/%s".formatted(RestAssured.port, id),
        waiting.getString("waiting_for.url"));
    assertEquals(
        List.of("message", "message", "call tool request", "approval requested"),
        messages(waiting));
    JsonPath open = api().get(APPROVALS + "/" + id).jsonPath();
    assertEquals("open", open.getString("status"));
    assertEquals("asking", open.getString("task"));
    assertEquals("r", open.getString("run"));
    assertEquals("calc_calculate", open.getString("tool"));
    assertEquals("1+1", open.getString("arguments.expression"));
    decide(id, Map.of("decision", "approve")).then().statusCode(200);
    JsonPath run = ended("asking", "r");
    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals(
        List.of(
            "message",
            "message",
            "call tool request",
            "approval requested",
            "approval decided",
            "call tool result",
            "final message"),
        messages(run));
    assertEquals("approved", run.getString("results[4].approval.status"));
    assertEquals("2", run.getString("results[5].exchange.content"));
    assertNull(run.get("waiting_for"));
    assertEquals(1, run.getInt("usage.tool_calls"));
  }

  @Test
  void aCallWithNulInItsIdIsApproved() {
    aTask(Map.of("approvals", ALWAYS));
    model.script(
        request -> request.size() == 1 ? call("c\0d", "calc_calculate", SUM) : say("It is done."));
    trigger("asking", "r", Map.of()).then().statusCode(201);
    Eventually.await(
        "a run that waits or has ended",
        Duration.ofSeconds(30),
        () -> read("r").getString("waiting_for") != null || read("r").get("finished_at") != null);
    assertNull(read("r").getString("error.code"));
    decide(waiting("r").getString("waiting_for.approvals[0]"), Map.of("decision", "approve"))
        .then()
        .statusCode(200);
    JsonPath run = ended("asking", "r");
    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals("2", run.getString("results[5].exchange.content"));
  }

  @Test
  void aReasonThatCantBeStoredIsRefused() {
    anAskingTask();
    String id = start("r");
    for (Map<String, Object> decision :
        List.<Map<String, Object>>of(
            Map.of("decision", "reject"),
            Map.of("decision", "edit", "arguments", Map.of("expression", "2+2")))) {
      Map<String, Object> sent = new HashMap<>(decision);
      sent.put("reason", "a\0b");
      problem(decide(id, sent), 400, "invalid_input")
          .then()
          .body("errors[0].field", equalTo("reason"));
    }
    decide(id, Map.of("decision", "reject")).then().statusCode(200);
    ended("asking", "r");
  }

  @Test
  void aRejectedCallIsNotMadeAndTheModelReadsWhy() {
    anAskingTask();
    String id = start("r");
    decide(id, Map.of("decision", "reject", "reason", "Not on a Monday.")).then().statusCode(200);
    JsonPath run = ended("asking", "r");
    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals(
        "A person rejected this call: Not on a Monday.",
        run.getString("results[5].exchange.content"));
    assertTrue(run.getBoolean("results[5].is_error"));
    assertTrue(run.getBoolean("results[5].declined"));
    // No tool failed.
    assertEquals(0, run.getInt("usage.tool_errors"));
    assertEquals(List.of("approval_rejected"), run.getList("warnings"), run.prettify());
    assertEquals(1, run.getInt("attempt"), "a decision begins no attempt");
  }

  @Test
  void anEditedCallIsMadeWithTheArgumentsOfThePerson() {
    anAskingTask();
    String id = start("r");
    decide(id, Map.of("decision", "edit", "arguments", Map.of("sum", "2+2")))
        .then()
        .statusCode(400);
    decide(id, Map.of("decision", "edit", "arguments", Map.of("expression", "2+2")))
        .then()
        .statusCode(200);
    JsonPath run = ended("asking", "r");
    assertEquals("1+1", run.getString("results[2].params.arguments.expression"));
    assertEquals("2+2", run.getString("results[4].approval.arguments.expression"));
    assertEquals(
        "A person changed the arguments of this call. It was made with"
            + " {\"expression\":\"2+2\"}.\n4",
        run.getString("results[5].exchange.content"));
  }

  @Test
  void theFirstOfTwoDecisionsCounts() {
    anAskingTask();
    String id = start("r");
    decide(id, Map.of("decision", "approve")).then().statusCode(200);
    Response second = decide(id, Map.of("decision", "reject"));
    assertEquals(409, second.statusCode());
    assertEquals("already_decided", second.jsonPath().getString("code"));
    assertEquals("ready", ended("asking", "r").getString("status"));
  }

  @Test
  void callsThatNeedNobodyAreMadeMeanwhile() {
    aTask(
        Map.of(
            "approvals",
            Map.of("calc_calculate", Map.of("when", "arguments.expression.contains('9')"))));
    model.script(
        request ->
            request.size() == 1
                ? calls(
                    List.of(
                        List.of("a", "calc_calculate", "{\"expression\":\"9*9\"}"),
                        List.of("b", "calc_calculate", SUM)))
                : say("Done."));
    String id = start("r");
    JsonPath waiting = waiting("r");
    assertTrue(messages(waiting).contains("call tool result"));
    decide(id, Map.of("decision", "approve")).then().statusCode(200);
    JsonPath run = ended("asking", "r");
    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals(
        2, messages(run).stream().filter("call tool result"::equals).count(), run.prettify());
  }

  @Test
  void aCancelledRunNeedsNobody() {
    anAskingTask();
    String id = start("r");
    api().post(TASK + "/runs/r/cancel").then().statusCode(200);
    assertEquals("cancelled", api().get(APPROVALS + "/" + id).jsonPath().getString("status"));
    assertEquals(409, decide(id, Map.of("decision", "approve")).statusCode());
    assertFalse(messages(ended("asking", "r")).contains("call tool result"));
  }

  @Test
  void aRetryAsksAgainAboutWhatWasDecidedAndNotDoneBeforeTheRunEnded() {
    anAskingTask();
    for (String status : List.of("approved", "rejected")) {
      String name = "after-" + status;
      String id = start(name);
      decidedInTheQueue(id, status);
      api().post(TASK + "/runs/" + name + "/cancel").then().statusCode(200);
      assertEquals("cancelled", api().get(APPROVALS + "/" + id).jsonPath().getString("status"));
      api().post(TASK + "/runs/" + name + "/retry").then().statusCode(202);
      String second = waiting(name).getString("waiting_for.approvals[0]");
      assertNotEquals(id, second);
      assertFalse(api().get(APPROVALS + "/" + second).jsonPath().getBoolean("may_have_run"));
      decide(second, Map.of("decision", "approve")).then().statusCode(200);
      assertTrue(ended("asking", name).getList("results.exchange.content").contains("2"));
    }
  }

  /** As by a person while no worker takes the run up. */
  private void decidedInTheQueue(String id, String status) {
    sql.statement(
            "UPDATE approval SET status = :status, decided_at = now(), decided_by = 'admin' WHERE"
                + " id = :id::uuid")
        .with("status", status)
        .with("id", id)
        .run();
  }

  /** The deletion would wait for the run, which is locked while the question is added. */
  @Test
  void aDeletionOfTheProfileIsNotWaitedFor() throws Exception {
    aTask(Map.of("approvals", ALWAYS));
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    model.script(
        _ -> {
          asked.countDown();
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return call("c", "calc_calculate", SUM);
        });
    trigger("asking", "r", Map.of()).then().statusCode(201);
    asked.await();
    try (Connection deletion = database.getConnection();
        Statement statement = deletion.createStatement()) {
      deletion.setAutoCommit(false);
      statement.execute("SELECT FROM profile FOR UPDATE");
      released.countDown();
      waiting("r");
      deletion.rollback();
    }
  }

  @Test
  void nobodyDecidesAfterTheDeadlineThoughNothingHasLookedYet() {
    anAskingTask();
    String id = start("r");
    sql.statement(
            "UPDATE approval SET expires_at = now() - interval '1 second' WHERE id = :id::uuid")
        .with("id", id)
        .run();
    Response late = decide(id, Map.of("decision", "approve"));
    assertEquals("already_decided", late.jsonPath().getString("code"));
    assertTrue(
        late.jsonPath().getString("detail").startsWith("Nobody decided about this call by "),
        late.asString());
    assertFalse(ended("asking", "r").getList("results.exchange.content").contains("2"));
  }

  @Test
  void whatNobodyDecidesInTimeIsRejected() {
    anAskingTask();
    String id = start("r");
    expire(id);
    JsonPath run = ended("asking", "r");
    assertEquals("ready", run.getString("status"), run.prettify());
    assertTrue(
        run.getString("results[5].exchange.content").startsWith("Nobody approved this call by "),
        run.prettify());
    assertEquals(List.of("approval_expired"), run.getList("warnings"), run.prettify());
    assertEquals(1, run.getInt("attempt"), run.prettify());
    assertEquals("expired", api().get(APPROVALS + "/" + id).jsonPath().getString("status"));
    assertEquals(409, decide(id, Map.of("decision", "approve")).statusCode());
  }

  @Test
  void questionsThatCanNotBeEndedStopNoOther() {
    anAskingTask();
    String bad = start("bad");
    String good = start("good");
    sql.statement(
            """
            INSERT INTO approval (id, run_id, profile_id, step, call_id, tool, arguments,
              may_have_run, requested_at, expires_at, expiry)
            SELECT gen_random_uuid(), run_id, profile_id, 99, place, 'fails', arguments, false,
              now() - interval '2 hours', now() - interval '1 hour', expiry
            FROM approval, generate_series(1, 100) AS place WHERE id = :id::uuid
            """)
        .with("id", bad)
        .run();
    sql.statement(
            """
            CREATE OR REPLACE FUNCTION fails_for_a_test() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'It fails.'; END $$
            """)
        .run();
    sql.statement(
            """
            CREATE TRIGGER fails BEFORE UPDATE ON approval FOR EACH ROW
              WHEN (NEW.status = 'expired' AND NEW.tool = 'fails')
              EXECUTE FUNCTION fails_for_a_test()
            """)
        .run();
    try {
      expire(good);
    } finally {
      sql.statement("DROP TRIGGER fails ON approval").run();
    }
    assertEquals("expired", api().get(APPROVALS + "/" + good).jsonPath().getString("status"));
    assertEquals("open", api().get(APPROVALS + "/" + bad).jsonPath().getString("status"));
  }

  @Test
  void whatNobodyDecidesInTimeEndsTheRunWhereTheTaskSaysSo() {
    aTask(Map.of("approvals", ALWAYS, "approval_expiry", "fail"));
    model.script(request -> call("c", "calc_calculate", SUM));
    expire(start("r"));
    JsonPath run = ended("asking", "r");
    assertEquals("approval_expired", run.getString("error.code"), run.prettify());
    // A retry asks again.
    api().post(TASK + "/runs/r/retry").then().statusCode(202);
    String second = waiting("r").getString("waiting_for.approvals[0]");
    decide(second, Map.of("decision", "reject")).then().statusCode(200);
  }

  @Test
  void whatNobodyDecidesInTimeIsMadeWhereTheOwnerSaysSo() {
    aTask(Map.of("approvals", ALWAYS, "approval_expiry", "approve"));
    model.script(
        request -> request.size() == 1 ? call("c", "calc_calculate", SUM) : say("It is done."));
    String id = start("r");
    // All of the four days passed without a process that could have reminded anybody.
    sql.statement(
            "UPDATE approval SET requested_at = now() - interval '5 days', expires_at = now() -"
                + " interval '1 day' WHERE id = :id::uuid")
        .with("id", id)
        .run();
    ticker.tick();
    Eventually.await(
        "a longer deadline",
        Duration.ofSeconds(30),
        () -> deadline(id).isAfter(Instant.now().plus(Duration.ofHours(23))));
    assertEquals(deadline(id), Instant.parse(read("r").getString("waiting_for.until")));
    sql.statement(
            "UPDATE approval SET expires_at = now() - interval '1 second' WHERE id = :id::uuid AND"
                + " reminded_at > now() - interval '1 minute'")
        .with("id", id)
        .run();
    ticker.tick();
    JsonPath run = ended("asking", "r");
    assertEquals("2", run.getString("results[5].exchange.content"), run.prettify());
    JsonPath approval = api().get(APPROVALS + "/" + id).jsonPath();
    assertEquals("approved", approval.getString("status"));
    assertNull(approval.get("decided_by"));
  }

  private static Instant deadline(String id) {
    return Instant.parse(api().get(APPROVALS + "/" + id).jsonPath().getString("expires_at"));
  }

  @Test
  void aCallThatMayHaveBeenMadeIsNotRepeatedWithoutAPerson() {
    anAskingTask();
    String second = askedAgain(start("r"));
    assertEquals("may_have_run", read("r").getString("waiting_for.reason"));
    assertTrue(api().get(APPROVALS + "/" + second).jsonPath().getBoolean("may_have_run"));
    decide(second, Map.of("decision", "answer", "result", "It was 2.")).then().statusCode(200);
    JsonPath run = ended("asking", "r");
    assertEquals("ready", run.getString("status"), run.prettify());
    assertFalse(run.getList("results.exchange.content").contains("2"), run.prettify());
    assertTrue(run.getList("results.exchange.content").contains("It was 2."), run.prettify());
  }

  @Test
  void theModelReadsThatARejectedCallMayHaveBeenMade() {
    anAskingTask();
    String second = askedAgain(start("r"));
    decide(second, Map.of("decision", "reject", "reason", "Leave it.")).then().statusCode(200);
    assertTrue(
        ended("asking", "r")
            .getList("results.exchange.content")
            .contains(
                "This call was begun before, and its result was lost: it may have been made. A"
                    + " person decided that it is not made again: Leave it."));
  }

  @Test
  void aCallThatMayHaveBeenMadeStaysOneWhenItsRunIsRetried() {
    anAskingTask();
    String second = askedAgain(start("r"));
    api().post(TASK + "/runs/r/cancel").then().statusCode(200);
    assertEquals("cancelled", api().get(APPROVALS + "/" + second).jsonPath().getString("status"));
    api().post(TASK + "/runs/r/retry").then().statusCode(202);
    String third = waiting("r").getString("waiting_for.approvals[0]");
    assertEquals("may_have_run", read("r").getString("waiting_for.reason"));
    decide(third, Map.of("decision", "fail")).then().statusCode(200);
    assertEquals("approval_failed", ended("asking", "r").getString("error.code"));
    api().post(TASK + "/runs/r/retry").then().statusCode(202);
    String fourth = waiting("r").getString("waiting_for.approvals[0]");
    assertEquals("may_have_run", read("r").getString("waiting_for.reason"));
    decide(fourth, Map.of("decision", "answer", "result", "It was 2.")).then().statusCode(200);
    assertEquals("ready", ended("asking", "r").getString("status"));
  }

  @Test
  void timeAloneRepeatsNoCallThatMayHaveBeenMade() {
    aTask(Map.of("approvals", ALWAYS, "approval_expiry", "approve"));
    model.script(
        request -> request.size() == 1 ? call("c", "calc_calculate", SUM) : say("It is done."));
    expire(askedAgain(start("r")));
    assertEquals("approval_expired", ended("asking", "r").getString("error.code"));
  }

  private String askedAgain(String first) {
    begunAndLost(first);
    Eventually.await(
        "another question",
        Duration.ofSeconds(30),
        () -> !first.equals(read("r").getString("waiting_for.approvals[0]")) && isWaiting("r"));
    return read("r").getString("waiting_for.approvals[0]");
  }

  @Test
  void aPersonMayEndARunWhoseCallMayHaveBeenMade() {
    anAskingTask();
    String first = start("r");
    decide(first, Map.of("decision", "zz", "foo", 1, "reason", 5))
        .then()
        .statusCode(400)
        .body("errors.field", containsInAnyOrder("decision", "foo", "reason"));
    decide(first, Map.of("decision", "approve", "foo", 1, "bar", 2, "result", "x"))
        .then()
        .statusCode(400)
        .body("errors.field", containsInAnyOrder("foo", "bar", "result"));
    decide(first, Map.of("decision", "fail")).then().statusCode(400);
    decide(first, Map.of("decision", "answer", "result", "x")).then().statusCode(400);
    String second = askedAgain(first);
    decide(second, Map.of("decision", "fail", "reason", "It was posted.")).then().statusCode(200);
    JsonPath run = ended("asking", "r");
    assertEquals("approval_failed", run.getString("error.code"), run.prettify());
    assertTrue(run.getString("error.message").contains("It was posted."), run.prettify());
  }

  @Test
  void waitingTakesNoneOfTheRunsTimeAndNoSlot() {
    aTask(Map.of("approvals", ALWAYS, "timeout", "PT30S", "concurrency", 1, "overlap", "queue"));
    model.script(
        request -> request.size() == 1 ? call("c", "calc_calculate", SUM) : say("It is done."));
    String first = start("a");
    String second = start("b");
    sql.statement(
            "UPDATE run SET waits_since = waits_since - interval '2 days' WHERE name IN ('a', 'b')")
        .run();
    decide(first, Map.of("decision", "approve")).then().statusCode(200);
    decide(second, Map.of("decision", "approve")).then().statusCode(200);
    assertEquals("ready", ended("asking", "a").getString("status"));
    assertEquals("ready", ended("asking", "b").getString("status"));
  }

  @Test
  void aRunThatWaitsIsLive() {
    aTask(Map.of("approvals", ALWAYS, "overlap", "skip"));
    model.script(
        request -> request.size() == 1 ? call("c", "calc_calculate", SUM) : say("It is done."));
    String id = start("a");
    assertEquals("run_overlaps", trigger("asking", "b", Map.of()).jsonPath().getString("code"));
    assertEquals("task_has_live_runs", api().delete(TASK).jsonPath().getString("code"));
    decide(id, Map.of("decision", "approve")).then().statusCode(200);
    assertEquals("ready", ended("asking", "a").getString("status"));
  }

  @Test
  void onlyAHundredCallsOfARunWait() {
    aTask(Map.of("approvals", ALWAYS));
    model.script(
        request ->
            switch (request.size()) {
              case 1 -> call("c", "calc_calculate", SUM);
              case 3 ->
                  calls(
                      List.of(
                          List.of("a", "calc_calculate", SUM),
                          List.of("b", "calc_calculate", SUM)));
              default -> say("Done.");
            });
    String first = start("r");
    sql.statement(
            "INSERT INTO approval (id, run_id, profile_id, step, call_id, tool, arguments,"
                + " may_have_run, requested_at, expires_at, expiry) SELECT gen_random_uuid(),"
                + " run_id, profile_id, 99, place, tool, arguments, false, now(), expires_at,"
                + " expiry FROM approval, generate_series(1, 99) AS place WHERE id = :id::uuid")
        .with("id", first)
        .run();
    decide(first, Map.of("decision", "reject")).then().statusCode(200);
    Eventually.await(
        "the next question",
        Duration.ofSeconds(30),
        () -> isWaiting("r") && read("r").getList("waiting_for.approvals").size() == 100);
    assertTrue(
        read("r")
            .getList("results.exchange.content")
            .contains(
                "A person must approve this call, and 100 calls of this run wait already: go on"
                    + " without it."));
    api().post(TASK + "/runs/r/cancel").then().statusCode(200);
    assertEquals(List.of(), api().get(APPROVALS + "?status=open").jsonPath().getList("$"));
  }

  @Test
  void eachOfSeveralCallsIsDecidedByItself() {
    aTask(Map.of("approvals", ALWAYS));
    model.script(
        request ->
            request.size() == 1
                ? calls(
                    List.of(
                        List.of("a", "calc_calculate", "{\"expression\":\"9*9\"}"),
                        List.of("b", "calc_calculate", SUM)))
                : say("Done."));
    start("r");
    List<String> ids = waiting("r").getList("waiting_for.approvals");
    assertEquals(2, ids.size());
    decide(ids.get(0), Map.of("decision", "reject")).then().statusCode(200);
    Eventually.await(
        "a run that waits for the other",
        Duration.ofSeconds(30),
        () -> List.of(ids.get(1)).equals(read("r").getList("waiting_for.approvals")));
    assertEquals(1, model.requests().size());
    decide(ids.get(1), Map.of("decision", "approve")).then().statusCode(200);
    assertEquals("ready", ended("asking", "r").getString("status"));
  }

  @Test
  void anIdThatAModelUsesAgainIsAnotherCall() {
    aTask(Map.of("approvals", ALWAYS));
    model.script(
        request ->
            switch (request.size()) {
              case 1, 3 -> call("call_0", "calc_calculate", SUM);
              default -> say("Done.");
            });
    String first = start("r");
    decide(first, Map.of("decision", "reject")).then().statusCode(200);
    Eventually.await(
        "the next question",
        Duration.ofSeconds(30),
        () -> isWaiting("r") && !first.equals(read("r").getString("waiting_for.approvals[0]")));
    decide(read("r").getString("waiting_for.approvals[0]"), Map.of("decision", "approve"))
        .then()
        .statusCode(200);
    assertEquals("ready", ended("asking", "r").getString("status"));
  }

  @Test
  void aDisabledUsersRunsNeedNobody() {
    OtherUser disabled = OtherUser.named("disabled-asker", database);
    model.script(request -> call("c", "calc_calculate", SUM));
    install(disabled);
    disabled
        .api()
        .body(
            Api.task(
                "Hello",
                model.url(),
                Map.of("key", "sk-a-key-for-tests-1234", "approvals", Map.of("*", "always"))))
        .put(TASK)
        .then()
        .statusCode(201);
    disabled.api().body(Map.of()).put(TASK + "/runs/r").then().statusCode(201);
    Eventually.await(
        "a run that waits",
        Duration.ofSeconds(30),
        () ->
            disabled.api().get(TASK + "/runs/r").jsonPath().getString("waiting_for.kind") != null);
    api()
        .body(Map.of("role", "member", "disabled", true))
        .put("/api/users/disabled-asker")
        .then()
        .statusCode(200);
    assertEquals(
        "cancelled",
        sql.statement(
                "SELECT error_code FROM run JOIN task ON task.id = task_id JOIN profile ON profile.id ="
                    + " run.profile_id JOIN account ON account.id = account_id WHERE username ="
                    + " 'disabled-asker'")
            .one(row -> row.text("error_code")));
  }

  private static void install(OtherUser user) {
    user.api()
        .body(Map.of("name", "calc", "servlet_slug", "errand/calc"))
        .post("/api/profiles/~/default/installations")
        .then()
        .statusCode(201);
  }

  private static boolean isWaiting(String run) {
    return "approval".equals(read(run).getString("waiting_for.kind"));
  }

  private void expire(String id) {
    sql.statement(
            "UPDATE approval SET expires_at = now() - interval '1 second' WHERE id = :id::uuid")
        .with("id", id)
        .run();
    ticker.tick();
  }

  /** As after a crash right behind the commit that notes the start of the call. */
  private void begunAndLost(String id) {
    sql.statement(
            "UPDATE approval SET status = 'approved', decided_at = now(), taken_at = now() WHERE id ="
                + " :id::uuid")
        .with("id", id)
        .run();
    QuarkusTransaction.requiringNew()
        .run(
            () ->
                control.wake(
                    sql.statement("SELECT run_id FROM approval WHERE id = :id::uuid")
                        .with("id", id)
                        .list(row -> row.number("run_id"))));
  }
}
