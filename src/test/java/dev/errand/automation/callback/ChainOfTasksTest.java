package dev.errand.automation.callback;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One task follows another where a callback goes to a trigger of the same service. */
// Behind the mock of Lambda there is no address of its own that it could call.
@Tag("not-on-lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ChainOfTasksTest {
  private static final String KEY = "sk-a-key-for-tests-1234";

  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void stop() {
    for (String task : List.of("told", "second", "circle")) {
      api().delete(TASKS + "/" + task + "?force=true");
    }
    model.close();
  }

  @Test
  void aChainOfTasksIsMadeByOnesCallbackToTheOthersTrigger() {
    register("second", "After {{ type }} of {{# data }}{{ run }}{{/ data }}", model);
    callBack("told", hook("second"));
    trigger("told", "r", Map.of());

    awaitRuns("second", 1);
    String name = api().get(TASKS + "/second/runs").path("[0].name");
    api()
        .get(TASKS + "/second/runs/" + name)
        .then()
        .body("name", matchesPattern("[0-9a-f-]{36}"))
        .body("depth", equalTo(1))
        .body("results[0].exchange.content", equalTo("After run.ready of r"));
    ended("second", name);
    Eventually.await(
        "told once", () -> List.of("delivered").equals(deliveries("told").getList("state")));
    assertEquals(name, deliveries("told").getString("[0].id"));
  }

  @Test
  void aTaskThatCallsBackItsOwnTriggerIsRefusedAtTheDepthLimit() {
    register("circle", "Again", model).then().statusCode(201);
    callBack("circle", hook("circle"));
    trigger("circle", "first", Map.of()).then().statusCode(201);

    awaitRuns("circle", 6);
    Eventually.await(
        "the refusal of a seventh",
        () -> deliveries("circle").getList("attempts.status.flatten()").contains(409));
    api()
        .get(TASKS + "/circle/runs")
        .then()
        .body("$", hasSize(6))
        .body("depth", equalTo(List.of(5, 4, 3, 2, 1, 0)));
    api()
        .get(TASKS + "/circle/triggers/again/deliveries")
        .then()
        .body("[0].verdict", equalTo("failed"))
        .body("[0].code", equalTo("depth_exceeded"));
  }

  private static JsonPath hook(String task) {
    return api()
        .body(Map.of("name", "again", "scheme", "standard-webhooks"))
        .post(TASKS + "/" + task + "/triggers")
        .then()
        .statusCode(201)
        .extract()
        .jsonPath();
  }

  private void callBack(String task, JsonPath trigger) {
    Map<String, Object> callback =
        Map.of("url", trigger.getString("url"), "secret", trigger.getString("secrets[0]"));
    int status =
        register(task, "Again", model, Map.of("key", KEY, "callbacks", List.of(callback)))
            .statusCode();
    assertEquals(2, status / 100);
  }

  private static void awaitRuns(String task, int number) {
    Eventually.await(
        number + " runs of " + task,
        () -> api().get(TASKS + "/" + task + "/runs").jsonPath().getList("$").size() >= number);
  }

  private static JsonPath deliveries(String task) {
    String callbacks = TASKS + "/" + task + "/callbacks";
    String id = api().get(callbacks).path("[0].id");
    return api().get(callbacks + "/" + id + "/deliveries").then().extract().jsonPath();
  }
}
