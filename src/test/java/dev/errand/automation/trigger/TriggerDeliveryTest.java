package dev.errand.automation.trigger;

import static dev.errand.automation.trigger.Hooks.json;
import static dev.errand.automation.trigger.Hooks.post;
import static dev.errand.automation.trigger.Hooks.run;
import static dev.errand.automation.trigger.Hooks.url;
import static dev.errand.support.Api.NAMED_TASKS;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TriggerDeliveryTest {
  private static final String SECRET = "a-secret-of-the-sender";
  private static final String RUNS = TASKS + "/delivered/runs";
  private static final String DELIVERIES = TASKS + "/delivered/triggers/in/deliveries";
  private static final Map<String, String> BEARER = Map.of("Authorization", "Bearer " + SECRET);

  private final ScriptedModel model = new ScriptedModel();
  private String url = "";

  @Inject DataSource database;
  @Inject TriggerDeliveryLog log;

  @BeforeEach
  void aTrigger() {
    register("delivered", "Look at {{ @payload }}", model);
    url = url("delivered", "in", "bearer", List.of(SECRET));
  }

  @AfterEach
  void stop() {
    api().delete(TASKS + "/delivered?force=true").then().statusCode(204);
    model.close();
  }

  @Test
  void aDeliveryThatStartedARunStartsAnotherWhenItIsDoneAgain() {
    String first = run(json(url, "{\"a\": 1}", BEARER));
    api()
        .get(DELIVERIES)
        .then()
        .body("$", hasSize(1))
        .body("[0].verdict", equalTo("started"))
        .body("[0].run", equalTo(first))
        .body("[0].code", nullValue())
        .body("[0].sender", equalTo("127.0.0.1"))
        .body("[0].received_at", notNullValue())
        .body("[0].content_type", equalTo("application/json"))
        .body("[0].body_bytes", equalTo(8))
        .body("[0].replayable", equalTo(true))
        .body("[0].replay_of", nullValue());
    long id = api().get(DELIVERIES).jsonPath().getLong("[0].id");

    JsonPath again =
        api().post(DELIVERIES + "/" + id + "/replay").then().statusCode(202).extract().jsonPath();
    String second = again.getString("run");
    assertNotEquals(first, second);
    api().get(again.getString("url")).then().statusCode(200);
    ended("delivered", second);
    api()
        .get(RUNS + "/" + second)
        .then()
        .body("results[0].exchange.content", equalTo("Look at {\"a\": 1}"))
        .body("parameters", equalTo(Map.of("a", 1)))
        .body("trigger.kind", equalTo("webhook"))
        .body("trigger.replay_of", equalTo((int) id));
    api()
        .get(DELIVERIES)
        .then()
        .body("$", hasSize(2))
        .body("[0].run", equalTo(second))
        .body("[0].replay_of", equalTo((int) id));
  }

  @Test
  void aDeliveryThatFailedIsDoneAgainUnderTheNameThatItHad() {
    register("delivered", "Look at {{ url }}", model);
    problem(
        post(
            url,
            "application/x-www-form-urlencoded",
            "uri=x&b=%C3%A9".getBytes(StandardCharsets.UTF_8),
            Map.of("Authorization", "Bearer " + SECRET, "Idempotency-Key", "order-7")),
        400,
        "missing_parameters");
    api()
        .get(DELIVERIES)
        .then()
        .body("[0].verdict", equalTo("failed"))
        .body("[0].code", equalTo("missing_parameters"))
        .body("[0].message", notNullValue())
        .body("[0].run", equalTo("order-7"));
    long id = api().get(DELIVERIES).jsonPath().getLong("[0].id");
    problem(api().post(DELIVERIES + "/" + id + "/replay"), 400, "missing_parameters");

    register("delivered", "Look at {{ uri }}{{ b }}", model);
    api()
        .post(DELIVERIES + "/" + id + "/replay")
        .then()
        .statusCode(202)
        .body("run", equalTo("order-7"))
        .body("url", endsWith(NAMED_TASKS + "/delivered/runs/order-7"));
    api().get(RUNS + "/order-7").then().body("results[0].exchange.content", is("Look at xé"));
    api().get(DELIVERIES).then().body("verdict", is(List.of("started", "failed", "failed")));
  }

  @Test
  void refusedDeliveriesAreListedSeparatelyAndCanNotBeReplayed() {
    json(url, "{}", Map.of("Authorization", "Bearer wrong-secret")).then().statusCode(401);
    for (int i = 0; i < TriggerDeliveryLog.KEPT + 5; i++) {
      run(json(url, "{}", BEARER));
    }
    api()
        .get(DELIVERIES)
        .then()
        .body("$", hasSize(TriggerDeliveryLog.KEPT + 1))
        .body("findAll { it.verdict == 'started' }", hasSize(TriggerDeliveryLog.KEPT))
        .body("findAll { it.verdict == 'refused' }.code", is(List.of("signature_refused")))
        .body("findAll { it.verdict == 'refused' }.replayable", everyItem(is(false)));
    long refused = api().get(DELIVERIES).jsonPath().getLong("find { it.verdict == 'refused' }.id");
    problem(api().post(DELIVERIES + "/" + refused + "/replay"), 409, "not_replayable");
    problem(api().post(DELIVERIES + "/0/replay"), 404, "delivery_not_found");
    problem(api().post(DELIVERIES + "/x/replay"), 404, "delivery_not_found");
  }

  @Test
  void storedDeliveriesAreSealedInTheDatabase() throws SQLException {
    run(json(url, "{\"card\": \"4242-secret\"}", BEARER));

    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT d::text FROM trigger_delivery d")) {
      while (rows.next()) {
        String row = rows.getString(1);
        assertFalse(row.contains("4242") || row.contains(SECRET), row);
      }
    }
  }

  @Test
  void aBodyTooLargeToBeStoredIsAccepted() {
    Hooks.make(
            "delivered",
            "in",
            "bearer",
            List.of(),
            Map.of("max_body_bytes", TriggerDeliverySeal.LARGEST + 1))
        .then()
        .statusCode(200);
    run(
        post(
            url,
            "text/plain",
            "x".repeat(TriggerDeliverySeal.LARGEST).getBytes(StandardCharsets.UTF_8),
            BEARER));
    run(
        post(
            url,
            "text/plain",
            "x".repeat(TriggerDeliverySeal.LARGEST + 1).getBytes(StandardCharsets.UTF_8),
            BEARER));

    api().get(DELIVERIES).then().body("replayable", is(List.of(false, true)));
  }

  @Test
  void aListOfDeliveriesLeavesTheirContentsInTheDatabase() throws SQLException {
    for (int i = 0; i < 10; i++) {
      run(
          post(
              url,
              "text/plain",
              "x".repeat(TriggerDeliverySeal.LARGEST).getBytes(StandardCharsets.UTF_8),
              BEARER));
    }
    UUID trigger = trigger();
    assertEquals(10, log.newest(trigger).size());
    long before = allocated();
    List<TriggerDelivery> newest = log.newest(trigger);
    long used = allocated() - before;

    assertTrue(newest.stream().allMatch(TriggerDelivery::isStored));
    assertTrue(used < TriggerDeliverySeal.LARGEST, () -> used + " bytes");
  }

  private UUID trigger() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                SELECT t.id FROM task_trigger t JOIN task ON task.id = t.task_id
                WHERE t.name = 'in' AND task.name = 'delivered'
                """)) {
      assertTrue(rows.next());
      return rows.getObject(1, UUID.class);
    }
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  @Test
  void deliveriesGoWithTheirTrigger() {
    run(json(url, "{}", BEARER));
    long id = api().get(DELIVERIES).jsonPath().getLong("[0].id");
    url("delivered", "other", "bearer", List.of(SECRET));
    problem(
        api().post(TASKS + "/delivered/triggers/other/deliveries/" + id + "/replay"),
        404,
        "delivery_not_found");

    api().delete(TASKS + "/delivered/triggers/in").then().statusCode(204);
    problem(api().get(DELIVERIES), 404, "trigger_not_found");
    url("delivered", "in", "bearer", List.of(SECRET));
    api().get(DELIVERIES).then().body("$", hasSize(0));
  }
}
