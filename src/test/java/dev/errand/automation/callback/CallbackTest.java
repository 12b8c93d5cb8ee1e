package dev.errand.automation.callback;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.delivery.Receiver;
import dev.errand.base.secret.WebhookSecret;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class CallbackTest {
  private static final List<String> BOTH = List.of("run.ready", "run.error");
  private static final String KEY = "sk-a-key-for-tests-1234";
  private static final String CALLBACKS = TASKS + "/told/callbacks";

  private final ScriptedModel model = new ScriptedModel();
  private final Receiver receiver = new Receiver();
  private final CountDownLatch released = new CountDownLatch(1);

  @Inject DataSource database;

  @AfterEach
  void stop() {
    released.countDown();
    api().delete(TASKS + "/told?force=true");
    receiver.close();
    model.close();
  }

  @Test
  void theEndOfARunIsSentSignedAndWithoutItsOutput() {
    String secret = put(Map.of("url", receiver.url("/a?b=c"))).path("settings.callbacks[0].secret");
    assertTrue(secret.matches("whsec_[A-Za-z0-9+/]{43}="), secret);
    trigger("told", "r 1".replace(" ", "%20"), Map.of());

    Receiver.Call call = receiver.await(1).getFirst();
    assertEquals("POST /a?b=c", call.method() + " " + call.path());
    assertEquals(call.expected(secret), call.signature());
    JsonPath event = new JsonPath(call.body());
    JsonPath run = ended("told", "r%201");
    assertEquals("run.ready", event.getString("type"));
    assertEquals(run.getString("finished_at"), event.getString("timestamp"));
    String url = run.getString("url");
    assertEquals(
        Map.of(
            "profile", "admin/default",
            "task", "told",
            "run", "r 1",
            "status", "ready",
            "url", url,
            "console_url", url.replace("/api/profiles/", "/console/"),
            "warnings", List.of()),
        event.getMap("data"));
    assertEquals(List.of("type", "timestamp", "data"), List.copyOf(event.getMap("$").keySet()));
    api().get(event.getString("data.url")).then().statusCode(200).body("output", equalTo("Done."));
    api().get(event.getString("data.console_url")).then().statusCode(200);
    assertFalse(call.body().contains("Done."));

    JsonPath delivery = awaitState("delivered");
    assertEquals(call.id(), delivery.getString("id"));
    assertEquals(204, delivery.getInt("attempts[0].status"));
    assertEquals(1, receiver.calls().size());
  }

  @Test
  void theCallbackHasTheResultIfIncluded() {
    String secret =
        put(Map.of("url", receiver.url("/"), "include", List.of("usage", "output")))
            .then()
            .body("settings.callbacks[0].include", equalTo(List.of("output", "usage")))
            .extract()
            .path("settings.callbacks[0].secret");
    api().get(CALLBACKS).then().body("[0].include", equalTo(List.of("output", "usage")));
    trigger("told", "r", Map.of());

    Receiver.Call call = receiver.await(1).getFirst();
    assertEquals(call.expected(secret), call.signature());
    JsonPath event = new JsonPath(call.body());
    JsonPath run = ended("told", "r");
    assertEquals("Done.", event.getString("data.output"));
    assertFalse(event.getBoolean("data.truncated"));
    assertEquals(run.getMap("usage"), event.getMap("data.usage"));
    assertEquals(
        List.of(
            "profile",
            "task",
            "run",
            "url",
            "console_url",
            "status",
            "warnings",
            "output",
            "truncated",
            "usage"),
        List.copyOf(event.getMap("data").keySet()));
  }

  @Test
  void theCallbackOfAFailureSaysWhyAndHowOften() {
    put(Map.of("url", receiver.url("/"), "include", List.of("output")));
    model.script(request -> ScriptedModel.error(401, "invalid_api_key", "No \"key\"."));
    for (String run : List.of("one", "two")) {
      trigger("told", run, Map.of());
      ended("told", run);
    }
    model.script(request -> say("Done."));
    trigger("told", "good", Map.of());
    ended("told", "good");
    model.script(request -> ScriptedModel.error(401, "invalid_api_key", "No \"key\"."));
    trigger("told", "three", Map.of());
    ended("told", "three");

    for (Receiver.Call call : receiver.await(4)) {
      JsonPath event = new JsonPath(call.body());
      JsonPath run = ended("told", event.getString("data.run"));
      for (String field : List.of("code", "message")) {
        assertEquals(
            run.getString("error." + field), event.getString("data.error." + field), call.body());
      }
      assertEquals(List.of(), event.getList("data.warnings"));
      if (event.getString("type").equals("run.error")) {
        assertEquals("key_refused", event.getString("data.error.code"));
        assertTrue(event.getMap("data").containsKey("output"), call.body());
      } else {
        assertFalse(event.getMap("data").containsKey("failures_in_a_row"), call.body());
      }
    }
    assertEquals(
        Map.of("one", 1, "two", 2, "three", 1),
        receiver.calls().stream()
            .map(call -> new JsonPath(call.body()))
            .filter(event -> event.getString("type").equals("run.error"))
            .collect(
                Collectors.toMap(
                    event -> event.getString("data.run"),
                    event -> event.getInt("data.failures_in_a_row"))));
  }

  @Test
  void cancelledRunsAreNoFailuresInARow() throws SQLException {
    put(Map.of("url", receiver.url("/"), "events", List.of("run.error")));
    CountDownLatch asked = new CountDownLatch(1);
    model.script(request -> ScriptedModel.error(401, "invalid_api_key", "No."));
    trigger("told", "one", Map.of());
    ended("told", "one");
    model.script(request -> held(asked));
    trigger("told", "cancelled", Map.of());
    await(asked);
    api().post(TASKS + "/told/runs/cancelled/cancel");
    ended("told", "cancelled");
    model.script(request -> ScriptedModel.error(401, "invalid_api_key", "No."));
    trigger("told", "two", Map.of());
    ended("told", "two");

    assertEquals(
        Map.of("one", 1, "cancelled", 1, "two", 2),
        receiver.await(3).stream()
            .map(call -> new JsonPath(call.body()))
            .collect(
                Collectors.toMap(
                    event -> event.getString("data.run"),
                    event -> event.getInt("data.failures_in_a_row"))));
    // As many as are looked at, whatever their ends are.
    execute(
        """
        INSERT INTO run (task_id, profile_id, name, status, parameters, assignment, trigger, attempt,
          finished_at, error_code, error_message)
        SELECT task.id, task.profile_id, 'old-' || i, 'error', '{}', '{}', '{}', 1, now(), 'timeout', ''
        FROM task, generate_series(1, 120) AS i WHERE task.name = 'told' AND deleted_at IS NULL""");
    assertEquals(
        "100",
        one(
            """
            SELECT failures_in_a_row(task_id, max(run.id)) FROM run JOIN task ON task.id = run.task_id
            WHERE task.name = 'told' AND deleted_at IS NULL GROUP BY task_id"""));
  }

  @Test
  void theCallbackTellsTheWarningsOfAReadyRun() {
    model.script(
        request -> request.size() == 1 ? ScriptedModel.call("c", "none", "{}") : say("Done."));
    put(Map.of("url", receiver.url("/")));
    trigger("told", "r", Map.of());

    JsonPath event = new JsonPath(receiver.await(1).getFirst().body());
    assertEquals("run.ready", event.getString("type"));
    assertEquals(List.of("tools_failed"), event.getList("data.warnings"));
  }

  @Test
  void whatAnEarlierVersionStoredIsSent() throws SQLException {
    put(Map.of("url", receiver.url("/")));
    trigger("told", "r", Map.of());
    receiver.await(1);
    awaitState("delivered");
    execute("UPDATE callback_delivery SET included = NULL");
    String callback = api().get(CALLBACKS).path("[0].id");
    api()
        .post(
            CALLBACKS
                + "/"
                + callback
                + "/deliveries/"
                + deliveries().getString("[0].id")
                + "/redeliver")
        .then()
        .statusCode(202);

    JsonPath event = new JsonPath(receiver.await(2).getLast().body());
    assertEquals("ready", event.getString("data.status"));
    assertFalse(event.getMap("data").containsKey("warnings"));
  }

  @Test
  void theCallbackHasTheResultAsJson() {
    String answer = "{\"n\": 1.50, \"of\": [null]}";
    model.script(request -> say(answer));
    Map<String, Object> callback = Map.of("url", receiver.url("/"), "include", List.of("result"));
    register(
        "told",
        "Hello",
        model,
        Map.of(
            "key", KEY, "callbacks", List.of(callback), "output_schema", Map.of("type", "object")));
    trigger("told", "r", Map.of());
    String body = receiver.await(1).getFirst().body();
    assertTrue(body.contains("\"result\":{\"n\":1.50,\"of\":[null]},\"truncated\":false"), body);
    assertFalse(body.contains("\"output\""), body);

    // A part of it would not be JSON.
    model.script(request -> say("{\"long\": \"" + "x".repeat(40_000) + "\"}"));
    trigger("told", "long", Map.of());
    JsonPath event = new JsonPath(receiver.await(2).getLast().body());
    assertTrue(event.getBoolean("data.truncated"));
    assertTrue(event.getMap("data").containsKey("result"));
    assertNull(event.get("data.result"));
  }

  @Test
  void theIncludedPartsAreFixedWithTheEvent() {
    put(Map.of("url", receiver.url("/"), "include", List.of("output")));
    trigger("told", "r", Map.of());
    receiver.await(1);
    awaitState("delivered");
    put(Map.of("url", receiver.url("/")))
        .then()
        .body("settings.callbacks[0]", not(hasKey("include")));
    String callback = api().get(CALLBACKS).path("[0].id");
    String delivery = deliveries().getString("[0].id");
    api()
        .post(CALLBACKS + "/" + callback + "/deliveries/" + delivery + "/redeliver")
        .then()
        .statusCode(202);

    List<Receiver.Call> calls = receiver.await(2);
    assertEquals(calls.get(0).id(), calls.get(1).id());
    assertEquals(calls.get(0).body(), calls.get(1).body());
    assertTrue(calls.get(1).body().contains("\"output\":\"Done.\""), calls.get(1).body());
    trigger("told", "s", Map.of());
    assertFalse(receiver.await(3).get(2).body().contains("Done."));
  }

  @Test
  void anOutputIsCutBetweenCharacters() {
    String output = "\uD83E\uDDFC\n\"\\".repeat(10_000);
    model.script(request -> say(output));
    put(Map.of("url", receiver.url("/"), "include", List.of("output")));
    trigger("told", "long", Map.of());

    JsonPath event = new JsonPath(receiver.await(1).getFirst().body());
    assertTrue(event.getBoolean("data.truncated"));
    assertEquals(
        output.substring(0, output.offsetByCodePoints(0, 32_768)), event.getString("data.output"));
    assertEquals(output, ended("told", "long").getString("output"));
  }

  @Test
  void aRunWithoutAnOutputSaysSo() {
    model.script(request -> ScriptedModel.error(401, "invalid_api_key", "No."));
    put(Map.of("url", receiver.url("/"), "include", List.of("output", "usage")));
    trigger("told", "bad", Map.of());

    JsonPath event = new JsonPath(receiver.await(1).getFirst().body());
    assertEquals("error", event.getString("data.status"));
    assertTrue(event.getMap("data").containsKey("output"));
    assertEquals(null, event.getString("data.output"));
    assertFalse(event.getBoolean("data.truncated"));
    assertEquals(ended("told", "bad").getMap("usage"), event.getMap("data.usage"));
  }

  @Test
  void onlyTheChosenEventsAreSent() {
    putAll(
        List.of(
            Map.of("url", receiver.url("/all")),
            Map.of("url", receiver.url("/ready"), "events", List.of("run.ready")),
            Map.of("url", receiver.url("/error"), "events", List.of("run.error", "run.error"))));
    trigger("told", "good", Map.of());
    ended("told", "good");
    model.script(request -> ScriptedModel.error(401, "invalid_api_key", "No."));
    trigger("told", "bad", Map.of());
    ended("told", "bad");

    receiver.await(4);
    assertEquals(
        List.of(
            "/all run.error bad error",
            "/all run.ready good ready",
            "/error run.error bad error",
            "/ready run.ready good ready"),
        receiver.calls().stream().map(CallbackTest::told).sorted().toList());
  }

  @Test
  void aRunThatEndsByTheDeletionOfItsTaskIsSent() {
    CountDownLatch asked = new CountDownLatch(1);
    model.script(request -> held(asked));
    String secret = put(Map.of("url", receiver.url("/"))).path("settings.callbacks[0].secret");
    trigger("told", "live", Map.of());
    await(asked);
    api().delete(TASKS + "/told?force=true").then().statusCode(204);

    Receiver.Call call = receiver.await(1).getFirst();
    assertEquals("/ run.error live error", told(call));
    assertEquals(call.expected(secret), call.signature());
  }

  @Test
  void aSecretIsShownOnceAndKeptByAPutWithoutOne() throws SQLException {
    String url = receiver.url("/");
    String secret = put(Map.of("url", url)).path("settings.callbacks[0].secret");
    api()
        .get(TASKS + "/told")
        .then()
        .body("settings.callbacks", equalTo(List.of(Map.of("url", url, "events", BOTH))));
    put(Map.of("url", url)).then().body("settings.callbacks[0]", not(hasKey("secret")));
    api()
        .get(CALLBACKS)
        .then()
        .body("$", hasSize(1))
        .body("[0].secret_hints", equalTo(List.of("…" + secret.substring(secret.length() - 4))))
        .body("[0].enabled", equalTo(true))
        .body("[0].disabled_at", nullValue())
        .body("[0]", not(hasKey("secret")));
    trigger("told", "r", Map.of());
    Receiver.Call call = receiver.await(1).getFirst();
    assertEquals(call.expected(secret), call.signature());
    for (String table : List.of("task_callback", "task", "run", "run_entry")) {
      assertFalse(rows(table).contains(secret.substring(6)), table);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"large", "slow", "cut", "damaged"})
  void any2xxStatusMeansDelivered(String kind) {
    receiver.script(
        call ->
            new Receiver.Reply(
                200,
                "content-encoding",
                kind.equals("damaged") ? "gzip" : "identity",
                out -> {
                  switch (kind) {
                    case "large" -> out.write(new byte[3 * 1024 * 1024]);
                    case "slow" -> released.await();
                    case "cut" -> throw new IOException("cut");
                    default -> out.write("This is not gzip.".getBytes(StandardCharsets.UTF_8));
                  }
                }));
    put(Map.of("url", receiver.url("/")));
    trigger("told", "r", Map.of());
    Eventually.await("an attempt", () -> deliveries().getString("[0].attempts[0].took_ms") != null);

    JsonPath told = deliveries();
    assertEquals("delivered", told.getString("[0].state"), told.prettify());
    assertEquals(200, told.getInt("[0].attempts[0].status"));
  }

  @Test
  void bothSecretsSignWhileOneIsReplaced() {
    String former = WebhookSecret.generate().open().value();
    String newer = WebhookSecret.generate().open().value();
    put(Map.of("url", receiver.url("/"), "secret", former))
        .then()
        .body("settings.callbacks[0]", not(hasKey("secret")));
    put(Map.of("url", receiver.url("/"), "secrets", List.of(newer, former)));
    trigger("told", "both", Map.of());
    Receiver.Call both = receiver.await(1).getFirst();
    assertEquals(both.expected(newer) + " " + both.expected(former), both.signature());

    put(Map.of("url", receiver.url("/"), "secrets", List.of(newer)));
    trigger("told", "one", Map.of());
    Receiver.Call one = receiver.await(2).get(1);
    assertEquals(one.expected(newer), one.signature());
  }

  @Test
  void aRemovedCallbackGetsNothing() throws SQLException {
    receiver.answer(500);
    put(Map.of("url", receiver.url("/old")));
    trigger("told", "r", Map.of());
    receiver.await(1);
    String id = api().get(CALLBACKS).path("[0].id");

    put(Map.of("url", receiver.url("/new")));
    problem(api().get(CALLBACKS + "/" + id + "/deliveries"), 404, "callback_not_found");
    makeDue();
    trigger("told", "s", Map.of());
    Eventually.await("the new one", () -> receiver.calls().getLast().path().equals("/new"));
    assertEquals(1, receiver.calls().stream().filter(call -> call.path().equals("/old")).count());
  }

  /** An answer that comes at the end of the test. */
  private ScriptedModel.Answer held(CountDownLatch asked) {
    asked.countDown();
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return say("Too late.");
  }

  private Response put(Map<String, Object> callback) {
    Response answer = putAll(List.of(callback));
    assertTrue(answer.statusCode() < 300, answer.asString());
    return answer;
  }

  private Response putAll(List<Map<String, Object>> callbacks) {
    return register("told", "Hello", model, Map.of("key", KEY, "callbacks", callbacks));
  }

  private static String told(Receiver.Call call) {
    JsonPath event = new JsonPath(call.body());
    return call.path()
        + " "
        + event.getString("type")
        + " "
        + event.getString("data.run")
        + " "
        + event.getString("data.status");
  }

  /** The deliveries of the first callback. */
  private static JsonPath deliveries() {
    String id = api().get(CALLBACKS).path("[0].id");
    return api().get(CALLBACKS + "/" + id + "/deliveries").then().extract().jsonPath();
  }

  private static JsonPath awaitState(String state) {
    Eventually.await(state, () -> state.equals(deliveries().getString("[0].state")));
    String id = api().get(CALLBACKS).path("[0].id");
    return api()
        .get(CALLBACKS + "/" + id + "/deliveries")
        .then()
        .extract()
        .jsonPath()
        .setRootPath("[0]");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void makeDue() throws SQLException {
    execute("UPDATE callback_delivery SET due_at = now() WHERE state = 'pending'");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String one(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private String rows(String table) throws SQLException {
    return one("SELECT coalesce(string_agg(t::text, ' '), '') FROM " + table + " t");
  }
}
