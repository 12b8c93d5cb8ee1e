package dev.errand.adapters.serverless;

import static dev.errand.adapters.serverless.EventSender.TICK;
import static dev.errand.adapters.serverless.EventSender.event;
import static dev.errand.adapters.serverless.EventSender.send;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.support.Api;
import dev.errand.support.Eventually;
import dev.errand.support.Metrics;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In request mode work is done by events alone, however badly they are delivered. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@QuarkusTestResource(value = UnreliableBroker.class, restrictToAnnotatedClass = true)
class RequestModeTest {
  private static final int RUNS = 60;

  @TestHTTPResource("/events")
  URI events;

  @Inject Sql sql;

  @BeforeEach
  void deliverHere() {
    UnreliableBroker.target = events;
  }

  @Test
  void everyRunEndsOnceThoughEventsAreLostDoubledLateAndOutOfOrder() {
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request ->
              request.size() == 1
                  ? call("c1", "no_such_tool", "{}")
                  : say(request.body().path("messages").path(0).path("content").asText()));
      register("eventful", "{{ n }}", model).then().statusCode(201);
      for (int i = 0; i < RUNS; i++) {
        trigger("eventful", "r" + i, Map.of("n", "run " + i)).then().statusCode(201);
      }
      // The tick finds runs that no event announced.
      send(TICK).then().statusCode(204);

      Set<String> outputs = new HashSet<>();
      for (int i = 0; i < RUNS; i++) {
        var run = Api.ended("eventful", "r" + i);
        assertEquals("ready", run.getString("status"), run.prettify());
        List<String> lines = run.getList("results.msg");
        assertEquals(1, lines.stream().filter("final message"::equals).count());
        outputs.add(run.getString("output"));
      }
      assertEquals(RUNS, outputs.size());
      assertEquals(2 * RUNS, model.requests().size(), "no answer was asked for twice");
      assertTrue(UnreliableBroker.DROPPED.get() > 0 && UnreliableBroker.DOUBLED.get() > 0);
      assertTrue(
          UnreliableBroker.ANSWERS.stream().allMatch(status -> status == 204 || status == 503),
          UnreliableBroker.ANSWERS::toString);
    }
  }

  @Test
  void aRunGoesOnAfterADecisionAndAfterTheTimeForIt() {
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request ->
              request.size() == 1
                  ? call("c1", "calc_calculate", "{\"expression\": \"6*7\"}")
                  : say(request.lastMessage().path("content").asText()));
      register(
              "asked",
              "Hello",
              model,
              Map.of("key", "sk-a-key-for-tests-1234", "approvals", Map.of("*", "always")))
          .then()
          .statusCode(201);
      String approved = waiting("approved");
      String expired = waiting("expired");
      api()
          .body(Map.of("decision", "approve"))
          .post("/api/profiles/~/default/approvals/" + approved)
          .then()
          .statusCode(200);
      sql.statement(
              "UPDATE approval SET expires_at = now() - interval '1 second' WHERE id = :id::uuid")
          .with("id", expired)
          .run();
      assertEquals("42", afterTicks("approved").getString("output"));
      assertTrue(
          afterTicks("expired").getString("output").startsWith("Nobody approved this call by "));
    }
  }

  private static String waiting(String run) {
    trigger("asked", run, Map.of()).then().statusCode(201);
    Eventually.await(
        "a run that waits",
        () -> {
          send(TICK);
          return asked(run).getString("waiting_for.kind") != null;
        });
    return asked(run).getString("waiting_for.approvals[0]");
  }

  // Events may be lost, which ticks make up for.
  private static JsonPath afterTicks(String run) {
    Eventually.await(
        "the end of " + run,
        () -> {
          send(TICK);
          return !asked(run).getString("status").matches("pending|running");
        });
    return asked(run);
  }

  private static JsonPath asked(String run) {
    return api().get(Api.TASKS + "/asked/runs/" + run).jsonPath();
  }

  @Test
  void theQueueIsMeasuredInRequestModeToo() {
    Metrics now = Metrics.now();
    assertTrue(
        now.names().containsAll(List.of("errand_queue_runs", "errand_queue_age_seconds")),
        now::text);
    assertTrue(now.of("errand_queue_runs", "status", "pending") >= 0, now::text);
    assertTrue(now.of("errand_queue_runs", "status", "running") >= 0, now::text);
    assertTrue(now.of("errand_queue_age_seconds") >= 0, now::text);
  }

  @Test
  void aTickOfKnativeIsATick() {
    given()
        .header("Authorization", "Bearer " + EventSender.TOKEN)
        .header("ce-specversion", "1.0")
        .header("ce-id", "1")
        .header("ce-source", "/apis/v1/namespaces/default/pingsources/errand-tick")
        .header("ce-type", "dev.knative.sources.ping")
        .contentType("application/json")
        .body("{}")
        .post("/events")
        .then()
        .statusCode(204);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer ", "Bearer another", "Basic YTpi"})
  void anEventWithoutTheTokenIsRefused(String authorization) {
    problem(
        given()
            .header("Authorization", authorization)
            .contentType("application/cloudevents+json")
            .body(event(TICK))
            .post("/events"),
        401,
        "unauthenticated");
  }

  @Test
  void invalidEventsAreRefusedPermanently() {
    Response answer =
        given()
            .header("Authorization", "Bearer " + EventSender.TOKEN)
            .contentType("application/json")
            .body("{}")
            .post("/events");
    problem(answer, 400, "invalid_input");
    problem(send("dev.errand.tock"), 400, "invalid_input");
  }

  @Test
  void aSessionIsNoTokenOfAnEvent() {
    problem(
        api().contentType("application/cloudevents+json").body(event(TICK)).post("/events"),
        401,
        "unauthenticated");
  }
}
