package dev.errand.runs.lifecycle;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.ScriptedModel;
import dev.errand.support.SilentModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A task whose runs may not overlap has one live run at most. */
@Tag("lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class OverlapTest {
  private static final Map<String, Object> SKIP =
      Map.of("key", "sk-a-key-for-tests-1234", "overlap", "skip");
  private static final Map<String, Object> QUEUE = Map.of("overlap", "queue");

  private final SilentModel silent = new SilentModel();

  @AfterEach
  void forget() {
    api().delete(TASKS + "/apart?force=true");
    silent.close();
  }

  @Test
  void aTriggerWhileARunIsLiveIsRefusedAndKeepsNothing() {
    register("apart", "Hello", silent.url(), SKIP)
        .then()
        .statusCode(201)
        .body("settings.overlap", equalTo("skip"));
    trigger("apart", "first", Map.of()).then().statusCode(201);

    problem(trigger("apart", "second", Map.of()), 409, "run_overlaps")
        .then()
        .body("detail", containsString("apart"));
    problem(api().get(TASKS + "/apart/runs/second"), 404, "run_not_found");
    trigger("apart", "first", Map.of()).then().statusCode(200);
    api().post(TASKS + "/apart/runs/first/cancel").then().statusCode(200);
    trigger("apart", "second", Map.of()).then().statusCode(201);
    problem(api().post(TASKS + "/apart/runs/first/retry"), 409, "run_overlaps");
    api().get(TASKS + "/apart/runs/first").then().body("results", hasSize(2));
  }

  @Test
  void runsStartedBeforeTheSettingChangedCount() {
    register("apart", "Hello", silent.url(), Map.of("key", "sk-a-key-for-tests-1234"));
    trigger("apart", "before", Map.of()).then().statusCode(201);
    register("apart", "Hello", silent.url(), SKIP).then().statusCode(200);

    problem(trigger("apart", "after", Map.of()), 409, "run_overlaps");
    register("apart", "Hello", silent.url(), QUEUE).then().statusCode(200);
    trigger("apart", "after", Map.of()).then().statusCode(201);
  }

  @Test
  void ofFiftyTriggersAtOnceOneStartsARun() throws Exception {
    register("apart", "Hello", silent.url(), SKIP).then().statusCode(201);
    List<Integer> statuses = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Response>> answers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        String name = "r" + i;
        answers.add(threads.submit(() -> trigger("apart", name, Map.of())));
      }
      for (Future<Response> answer : answers) {
        statuses.add(answer.get().statusCode());
      }
    }
    assertEquals(1, Collections.frequency(statuses, 201), statuses.toString());
    assertEquals(49, Collections.frequency(statuses, 409), statuses.toString());
    api().get(TASKS + "/apart/runs").then().body("$", hasSize(1));
  }

  @Test
  void ofFiftyRetriesAtOnceOneStartsARun() throws Exception {
    try (ScriptedModel model = new ScriptedModel();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      model.script(request -> ScriptedModel.error(401, "invalid_api_key", "No."));
      register("apart", "Hello", model, SKIP).then().statusCode(201);
      for (int i = 0; i < 5; i++) {
        trigger("apart", "r" + i, Map.of()).then().statusCode(201);
        ended("apart", "r" + i);
      }
      register("apart", "Hello", silent.url(), SKIP).then().statusCode(200);
      List<Integer> statuses = new ArrayList<>();
      List<Future<Response>> answers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        String retry = TASKS + "/apart/runs/r" + i % 5 + "/retry";
        answers.add(threads.submit(() -> api().post(retry)));
      }
      for (Future<Response> answer : answers) {
        statuses.add(answer.get().statusCode());
      }
      assertEquals(1, Collections.frequency(statuses, 202), statuses.toString());
      assertEquals(49, Collections.frequency(statuses, 409), statuses.toString());
      assertTrue(silent.awaitRequest());
    }
  }
}
