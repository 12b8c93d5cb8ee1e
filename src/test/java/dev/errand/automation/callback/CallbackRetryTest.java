package dev.errand.automation.callback;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.delivery.Receiver;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class CallbackRetryTest {
  private static final String KEY = "sk-a-key-for-tests-1234";
  private static final String CALLBACKS = TASKS + "/told/callbacks";

  private final ScriptedModel model = new ScriptedModel();
  private final Receiver receiver = new Receiver();

  @Inject DataSource database;

  @AfterEach
  void stop() {
    api().delete(TASKS + "/told?force=true");
    receiver.close();
    model.close();
  }

  @Test
  void failedDeliveriesAreRetriedWithTheSameIdAndListed() throws SQLException {
    receiver.script(call -> new Receiver.Reply(receiver.calls().size() == 1 ? 503 : 200, "", ""));
    String secret = put(Map.of("url", receiver.url("/"))).path("settings.callbacks[0].secret");
    trigger("told", "r", Map.of());
    receiver.await(1);
    awaitAttempt();
    JsonPath waiting = deliveries();
    assertEquals("pending", waiting.getString("[0].state"));
    assertEquals(503, waiting.getInt("[0].attempts[0].status"));
    assertTrue(waiting.getString("[0].next_at") != null);

    makeDue();
    JsonPath delivered = awaitState("delivered");
    Receiver.Call first = receiver.calls().get(0);
    Receiver.Call second = receiver.calls().get(1);
    assertEquals(first.id(), second.id());
    assertEquals(first.body(), second.body());
    assertEquals(second.expected(secret), second.signature());
    assertEquals(List.of(1, 2), delivered.getList("attempts.number"));
    assertEquals(List.of(503, 200), delivered.getList("attempts.status"));
    assertNull(delivered.getString("next_at"));
  }

  @Test
  void aReceiverThatAsksToBeLeftAloneIs() throws SQLException {
    receiver.script(call -> new Receiver.Reply(429, "Retry-After", "7200"));
    put(Map.of("url", receiver.url("/")));
    trigger("told", "r", Map.of());
    receiver.await(1);
    awaitAttempt();

    assertEquals(
        "t",
        one(
            "SELECT due_at > now() + interval '110 minutes' FROM callback_delivery"
                + " WHERE state = 'pending' ORDER BY created_at DESC LIMIT 1"));
  }

  @Test
  void aReceiverThatIsGoneGetsNothingUntilItIsEnabledAgain() throws SQLException {
    receiver.answer(500);
    put(Map.of("url", receiver.url("/")));
    trigger("told", "first", Map.of());
    receiver.await(1);
    receiver.answer(410);
    trigger("told", "second", Map.of());
    Eventually.await("off", () -> !api().get(CALLBACKS).jsonPath().getBoolean("[0].enabled"));
    Eventually.await(
        "both over", () -> deliveries().getList("state").equals(List.of("failed", "cancelled")));
    receiver.answer(200);
    trigger("told", "third", Map.of());
    ended("told", "third");
    api()
        .get(CALLBACKS)
        .then()
        .body("[0].disabled_at", notNullValue())
        .body("[0].enabled", equalTo(false));
    put(Map.of("url", receiver.url("/")));
    assertEquals(2, deliveries().getList("$").size());

    String id = api().get(CALLBACKS).path("[0].id");
    String lost = deliveries().getString("[0].id");
    String again = CALLBACKS + "/" + id + "/deliveries/" + lost + "/redeliver";
    problem(api().post(again), 409, "callback_off");
    api().post(CALLBACKS + "/" + id + "/enable").then().body("enabled", equalTo(true));
    api().post(again).then().statusCode(202).body("id", equalTo(lost));
    Eventually.await("heard", () -> "delivered".equals(deliveries().getString("[0].state")));
    assertEquals(List.of(410, 200), deliveries().getList("[0].attempts.status"));
    trigger("told", "fourth", Map.of());
    Eventually.await("the fourth", () -> receiver.calls().getLast().body().contains("fourth"));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308})
  void aRedirectIsNotFollowed(int status) {
    receiver.script(
        call ->
            call.path().equals("/")
                ? new Receiver.Reply(status, "Location", receiver.url("/elsewhere"))
                : new Receiver.Reply(200, "", ""));
    put(Map.of("url", receiver.url("/")));
    trigger("told", "r", Map.of());
    awaitAttempt();

    assertEquals(status, deliveries().getInt("[0].attempts[0].status"));
    assertEquals("pending", deliveries().getString("[0].state"));
    assertEquals(1, receiver.calls().size());
  }

  @Test
  void aReceiverThatCanNotBeReachedIsSaidToBe() {
    receiver.answer(0);
    put(Map.of("url", receiver.url("/")));
    trigger("told", "r", Map.of());
    awaitAttempt();

    assertNull(deliveries().getString("[0].attempts[0].status"));
    assertTrue(deliveries().getString("[0].attempts[0].error").startsWith("The connection to"));
  }

  private Response put(Map<String, Object> callback) {
    Response answer = putAll(List.of(callback));
    assertTrue(answer.statusCode() < 300, answer.asString());
    return answer;
  }

  private Response putAll(List<Map<String, Object>> callbacks) {
    return register("told", "Hello", model, Map.of("key", KEY, "callbacks", callbacks));
  }

  /** The deliveries of the first callback. */
  private static JsonPath deliveries() {
    String id = api().get(CALLBACKS).path("[0].id");
    return api().get(CALLBACKS + "/" + id + "/deliveries").then().extract().jsonPath();
  }

  private static void awaitAttempt() {
    Eventually.await(
        "an attempt",
        () -> {
          List<?> numbers = deliveries().getList("[0].attempts.number");
          return numbers != null && numbers.size() == 1;
        });
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

  private void makeDue() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "UPDATE callback_delivery SET due_at = now() WHERE state = 'pending'");
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
}
