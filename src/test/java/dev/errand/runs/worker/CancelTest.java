package dev.errand.runs.worker;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.ScriptedModel;
import dev.errand.support.Servlets;
import dev.errand.support.SilentModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run that is cancelled stops, wherever it is, and keeps what it has done. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class CancelTest {
  // Below the time after which a servlet is stopped anyway.
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Map<String, Object> KEY = Map.of("key", "sk-a-key-for-tests-1234");
  private static final String RUN = TASKS + "/cancelled/runs/r";

  @Inject Worker worker;

  @AfterEach
  void forget() {
    api().delete(TASKS + "/cancelled?force=true");
  }

  @Test
  void theModelIsNotListenedToAnyLonger() throws InterruptedException {
    try (SilentModel model = new SilentModel()) {
      register("cancelled", "Hello", model.url(), KEY);
      trigger("cancelled", "r", Map.of()).then().statusCode(201);
      assertTrue(model.awaitRequest());

      assertCancelled(api().post(RUN + "/cancel"));
      assertTrue(model.awaitHangUp());
      await(() -> worker.holds() == 0);
    }
  }

  @Test
  void aToolInAnEndlessLoopIsStopped() {
    Servlets.publish("admin/endless", "", Servlets.wasm("loop_br")).then().statusCode(201);
    api()
        .body("{\"servlet_slug\": \"admin/endless\", \"name\": \"endless\"}")
        .post("/api/profiles/~/default/installations")
        .then()
        .statusCode(201);
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(request -> call("c1", "endless_probe", "{}"));
      register("cancelled", "Hello", model).then().statusCode(201);
      trigger("cancelled", "r", Map.of()).then().statusCode(201);
      await(() -> results().contains("call tool request") && isInServlet());

      assertCancelled(api().delete(RUN));
      await(() -> worker.holds() == 0 && !isInServlet());
      assertEquals(List.of("message", "message", "call tool request", "run failed"), results());
    } finally {
      api().delete("/api/profiles/~/default/installations/endless");
    }
  }

  @Test
  void aTaskThatIsDeletedByForceStopsItsRunsToo() throws InterruptedException {
    try (SilentModel model = new SilentModel()) {
      register("cancelled", "Hello", model.url(), KEY);
      trigger("cancelled", "r", Map.of()).then().statusCode(201);
      assertTrue(model.awaitRequest());

      api().delete(TASKS + "/cancelled?force=true").then().statusCode(204);
      assertTrue(model.awaitHangUp());
      await(() -> worker.holds() == 0);
    }
  }

  @Test
  void anEndedRunStaysAsItIs() {
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(request -> say("Done."));
      register("cancelled", "Hello", model).then().statusCode(201);
      trigger("cancelled", "r", Map.of());
      JsonPath ended = ended("cancelled", "r");

      for (Response answer : List.of(api().post(RUN + "/cancel"), api().delete(RUN))) {
        answer.then().statusCode(200);
        assertEquals(ended.getMap("$"), answer.jsonPath().getMap("$"));
      }
      problem(api().post(TASKS + "/cancelled/runs/none/cancel"), 404, "run_not_found");
      problem(api().delete(TASKS + "/cancelled/runs/none"), 404, "run_not_found");
      problem(api().delete(TASKS + "/none/runs/r"), 404, "task_not_found");
    }
  }

  @Test
  void fiftyWhoCancelEndItOnce() throws Exception {
    try (SilentModel model = new SilentModel();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      register("cancelled", "Hello", model.url(), KEY);
      trigger("cancelled", "r", Map.of()).then().statusCode(201);
      assertTrue(model.awaitRequest());
      List<Future<Response>> answers =
          IntStream.range(0, 50)
              .mapToObj(i -> threads.submit(() -> api().post(RUN + "/cancel")))
              .toList();
      for (Future<Response> answer : answers) {
        assertCancelled(answer.get());
      }
      assertEquals(List.of("message", "run failed"), results());
    }
  }

  private static void assertCancelled(Response answer) {
    answer
        .then()
        .statusCode(200)
        .body("status", equalTo("error"))
        .body("error.code", equalTo("cancelled"))
        .body("results[-1].code", equalTo("cancelled"));
  }

  private static List<String> results() {
    return api().get(RUN).jsonPath().getList("results.msg");
  }

  private static boolean isInServlet() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().startsWith("servlet-"));
  }

  private static void await(BooleanSupplier fact) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!fact.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, "It did not come to that.");
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }
}
