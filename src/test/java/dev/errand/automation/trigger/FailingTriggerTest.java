package dev.errand.automation.trigger;

import static dev.errand.automation.trigger.Hooks.json;
import static dev.errand.automation.trigger.Hooks.make;
import static dev.errand.automation.trigger.Hooks.run;
import static dev.errand.automation.trigger.Hooks.url;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.delivery.Receiver;
import dev.errand.automation.notice.ChannelRows;
import dev.errand.base.database.Sql;
import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Triggers whose deliveries fail: what is told of them, and that strangers can't have it told. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class FailingTriggerTest {
  private static final String SECRET = "a-secret-of-the-sender";
  private static final String TASK = TASKS + "/failing-hook";
  private static final String TRIGGER = TASK + "/triggers/hook";
  private static final String NOTICE = "/api/profiles/~/default/notices/hooks";
  private static final Map<String, String> VERIFIED = Map.of("Authorization", "Bearer " + SECRET);
  private static final Map<String, String> WRONG = Map.of("Authorization", "Bearer not-the-secret");
  private static final String GOOD = "{\"type\": \"push\", \"ref\": \"main\"}";
  private static final String BAD = "{\"type\": \"ping\"}";

  @Inject Sql sql;
  @Inject ChannelRows channels;

  private final ScriptedModel model = new ScriptedModel();
  private final Receiver receiver = new Receiver();
  private final Set<UUID> seen = new HashSet<>();
  private final Browser admin = new Browser(Api.SESSION);

  @BeforeEach
  void aTaskThatNeedsARef() {
    model.script(request -> say("Fine."));
    register("failing-hook", "Look at {{ ref }}.", model);
    channels.add("default", "team", receiver.url("/team"));
    api()
        .body(Map.of("events", List.of("trigger.failing", "trigger.recovered"), "channel", "team"))
        .put(NOTICE)
        .then()
        .statusCode(201);
  }

  @AfterEach
  void tidyUp() {
    api().delete(TASK + "?force=true").then().statusCode(204);
    api().delete(NOTICE).then().statusCode(204);
    channels.remove();
    sql.statement("DELETE FROM notice_sent").run();
    receiver.close();
    model.close();
  }

  /** The messages of the notice since the last time. */
  private List<JsonPath> told() {
    Eventually.await(
        "the notices",
        () ->
            sql.statement("SELECT count(*) AS n FROM notice_event").one(r -> r.integer("n")) == 0);
    return sql
        .statement(
            """
            SELECT id, message FROM callback_delivery
            WHERE notice_id IS NOT NULL ORDER BY happened_at
            """)
        .list(row -> Map.entry(row.id("id"), row.text("message")))
        .stream()
        .filter(delivery -> seen.add(delivery.getKey()))
        .map(delivery -> JsonPath.from(delivery.getValue()))
        .toList();
  }

  private List<String> toldEvents() {
    return told().stream().map(told -> told.getString("event")).toList();
  }

  private String attention() {
    return admin.open("/console/admin/default").html().select("#attention ~ *").text();
  }

  private static Response verified(String url, String body) {
    return json(url, body, VERIFIED);
  }

  @Test
  void parametersThatAreMissingAreToldOnceUntilARunStarts() {
    String url = url("failing-hook", "hook", "bearer", List.of(SECRET));
    run(verified(url, GOOD));
    assertEquals(List.of(), toldEvents());
    assertFalse(attention().contains("hook"), attention());

    Instant before = Instant.now().minusSeconds(60);
    problem(verified(url, BAD), 400, "missing_parameters");
    problem(verified(url, BAD), 400, "missing_parameters");
    List<JsonPath> told = told();
    assertEquals(1, told.size(), "One message tells of both");
    JsonPath failing = told.getFirst();
    assertEquals("trigger.failing", failing.getString("event"));
    assertEquals(
        "Deliveries to the trigger hook of the task failing-hook fail", failing.getString("title"));
    assertTrue(failing.getString("why").contains("ref"), failing.prettify());
    assertTrue(Instant.parse(failing.getString("since")).isAfter(before), failing.prettify());
    assertEquals("missing_parameters", failing.getString("data.code"));
    assertEquals("ping", failing.getString("data.event"));
    assertEquals("hook", failing.getString("data.trigger"));
    assertTrue(
        failing.getString("url").endsWith("/tasks/failing-hook/triggers/hook"), failing.prettify());
    Map<String, String> facts =
        failing.getList("facts", Map.class).stream()
            .collect(Collectors.toMap(f -> (String) f.get("name"), f -> (String) f.get("value")));
    assertEquals("hook", facts.get("Trigger"), facts.toString());
    assertEquals("ping", facts.get("Event"), facts.toString());
    String home = attention();
    assertTrue(home.contains("2 deliveries failed failing-hook / hook"), home);
    assertTrue(home.contains("ref"), home);

    run(verified(url, GOOD));
    JsonPath recovered = told().getFirst();
    assertEquals("trigger.recovered", recovered.getString("event"));
    assertEquals("2 deliveries in a row had failed before.", recovered.getString("why"));
    assertEquals(failing.getString("since"), recovered.getString("since"));
    assertFalse(attention().contains("hook"), attention());
  }

  @Test
  void everyOtherDeliveryThatFailsIsToldOnceAnHour() {
    String url = url("failing-hook", "hook", "bearer", List.of(SECRET));
    for (int i = 0; i < 4; i++) {
      problem(verified(url, BAD), 400, "missing_parameters");
      run(verified(url, GOOD));
    }
    assertEquals(List.of("trigger.failing", "trigger.recovered"), toldEvents());
    problem(verified(url, BAD), 400, "missing_parameters");
    assertTrue(attention().contains("delivery failed failing-hook / hook"), attention());
    // What begins in that hour and goes on after it is told with the next delivery.
    sql.statement("UPDATE task_trigger SET failing_told_at = now() - interval '61 minutes'").run();
    problem(verified(url, BAD), 400, "missing_parameters");
    assertEquals(List.of("trigger.failing"), toldEvents());
  }

  @Test
  void aStrangerRaisesNothingAndARefusedSignatureOfAKnownSenderDoes() {
    String url = url("failing-hook", "hook", "bearer", List.of(SECRET));
    problem(json(url, GOOD, WRONG), 401, "signature_refused");
    assertEquals(List.of(), toldEvents());
    run(verified(url, GOOD));
    sql.statement("UPDATE trigger_delivery SET sender = '203.0.113.7' WHERE verdict = 'started'")
        .run();
    problem(json(url, GOOD, WRONG), 401, "signature_refused");
    problem(json(url, "x".repeat(1 << 20), WRONG), 413, "too_large");
    // Whoever replays a delivery is none of its senders.
    long id = api().get(TRIGGER + "/deliveries").jsonPath().getLong("find { it.replayable }.id");
    api().post(TRIGGER + "/deliveries/" + id + "/replay").then().statusCode(202);
    problem(json(url, GOOD, WRONG), 401, "signature_refused");
    assertEquals(List.of(), toldEvents());
    assertFalse(attention().contains("hook"), attention());

    run(verified(url, GOOD));
    problem(json(url, GOOD, WRONG), 401, "signature_refused");
    JsonPath failing = told().getFirst();
    assertEquals("trigger.failing", failing.getString("event"));
    assertEquals("signature_refused", failing.getString("data.code"));
    assertFalse(failing.prettify().contains("not-the-secret"), failing.prettify());
    // What was kept from the time before shows nothing about the signature.
    api().post(TRIGGER + "/deliveries/" + id + "/replay").then().statusCode(202);
    assertEquals(List.of(), toldEvents());
    run(verified(url, GOOD));
    assertEquals(List.of("trigger.recovered"), toldEvents());
  }

  @Test
  void aConditionThatCannotBeEvaluatedIsTold() {
    String url =
        make(
                "failing-hook",
                "hook",
                "bearer",
                List.of(SECRET),
                Map.of("when", "payload.ref == 'main'"))
            .then()
            .statusCode(201)
            .extract()
            .path("url");
    verified(url, "{\"ref\": \"other\"}").then().statusCode(200);
    assertEquals(List.of(), toldEvents(), "what is passed over is as it should be");
    verified(url, BAD).then().statusCode(200);
    JsonPath failing = told().getFirst();
    assertEquals("trigger.failing", failing.getString("event"));
    assertTrue(failing.getString("why").contains("'ref' is absent"), failing.prettify());
    assertTrue(attention().contains("can't be evaluated"), attention());
    verified(url, "{\"ref\": \"other\"}").then().statusCode(200);
    assertEquals(List.of("trigger.recovered"), toldEvents());
  }

  @Test
  void whatAPersonSwitchedOffIsNoFailure() {
    String url = url("failing-hook", "hook", "bearer", List.of(SECRET));
    api().body(Map.of("enabled", false)).patch(TASK).then().statusCode(200);
    problem(verified(url, GOOD), 409, "task_disabled");
    api().body(Map.of("enabled", true)).patch(TASK).then().statusCode(200);
    make("failing-hook", "hook", "bearer", List.of(), Map.of("enabled", false))
        .then()
        .statusCode(200);
    problem(verified(url, GOOD), 409, "trigger_disabled");
    api().put("/api/profiles/~/default/pause").then().statusCode(200);
    try {
      make("failing-hook", "hook", "bearer", List.of(), Map.of()).then().statusCode(200);
      problem(verified(url, GOOD), 409, "profile_paused");
    } finally {
      api().delete("/api/profiles/~/default/pause").then().statusCode(204);
    }
    assertEquals(List.of(), toldEvents());

    // A trigger that was switched off after it failed needs nobody, and a mended one is replayed.
    problem(verified(url, BAD), 400, "missing_parameters");
    assertTrue(attention().contains("failing-hook / hook"), attention());
    make("failing-hook", "hook", "bearer", List.of(), Map.of("enabled", false))
        .then()
        .statusCode(200);
    assertFalse(attention().contains("failing-hook / hook"), attention());
    register("failing-hook", "Look.", model);
    long id = api().get(TRIGGER + "/deliveries").jsonPath().getLong("[0].id");
    api().post(TRIGGER + "/deliveries/" + id + "/replay").then().statusCode(202);
    assertEquals(List.of("trigger.failing", "trigger.recovered"), toldEvents());
  }

  @Test
  void aTooSmallRateIsToldAndACallbackHasTheTriggersAddress() {
    Map<String, Object> callback =
        Map.of("url", receiver.url("/told"), "events", List.of("trigger.failing"));
    api()
        .body(Map.of("settings", Map.of("callbacks", List.of(callback))))
        .patch(TASK)
        .then()
        .statusCode(200);
    String url =
        make("failing-hook", "hook", "bearer", List.of(SECRET), Map.of("rate_per_minute", 1))
            .then()
            .statusCode(201)
            .extract()
            .path("url");
    run(verified(url, GOOD));
    problem(verified(url, GOOD), 429, "rate_limited");
    assertEquals(List.of("trigger.failing"), toldEvents());
    Receiver.Call call =
        receiver.await(2).stream()
            .filter(each -> each.path().equals("/told"))
            .findFirst()
            .orElseThrow();
    JsonPath told = JsonPath.from(call.body());
    assertEquals("trigger.failing", told.getString("type"));
    assertTrue(told.getString("data.url").endsWith(TRIGGER.substring(TRIGGER.indexOf("/tasks"))));
    assertEquals("rate_limited", told.getString("data.code"));
  }

  @Test
  void manyAtOnceAreToldOnce() throws Exception {
    String url = url("failing-hook", "hook", "bearer", List.of(SECRET));
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Integer>> posts =
          IntStream.range(0, 16)
              .<Callable<Integer>>mapToObj(i -> () -> verified(url, BAD).statusCode())
              .toList();
      for (var answer : senders.invokeAll(posts)) {
        assertEquals(400, answer.get());
      }
    }
    assertEquals(List.of("trigger.failing"), toldEvents());
    assertTrue(attention().contains("16 deliveries failed"), attention());
    run(verified(url, GOOD));
    assertEquals(List.of("trigger.recovered"), toldEvents());
  }
}
