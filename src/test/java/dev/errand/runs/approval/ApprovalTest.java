package dev.errand.runs.approval;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.calls;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
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

  @Inject DataSource database;

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
        "http://localhost:%d/console/~/default/approvals/%s".formatted(RestAssured.port, id),
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
}
