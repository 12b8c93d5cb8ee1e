package dev.errand.app.telemetry;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.delivery.Receiver;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Nobody is sent traces who was not named, and nothing is kept for them. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class NoTracesTest {
  @Inject DataSource database;

  private static final String CAUSE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  @Inject Tracing tracing;

  @Test
  void withoutAnEndpointNothingIsTracedAndTheTraceContextIsPassedOn() throws SQLException {
    try (ScriptedModel model = new ScriptedModel();
        Receiver receiver = new Receiver()) {
      register(
              "untraced",
              "Go",
              model,
              Map.of("key", "sk-1", "callbacks", List.of(Map.of("url", receiver.url("/")))))
          .then()
          .statusCode(201);
      api()
          .header("traceparent", CAUSE)
          .body(Map.of("parameters", Map.of()))
          .put(TASKS + "/untraced/runs/one")
          .then()
          .statusCode(201);
      assertEquals("ready", ended("untraced", "one").getString("status"));
      try (Connection connection = database.getConnection();
          Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery(
                  "SELECT traceparent FROM run JOIN task ON task.id = task_id"
                      + " WHERE task.name = 'untraced'")) {
        assertTrue(row.next());
        assertEquals(CAUSE, row.getString(1));
      }
      assertEquals(CAUSE, receiver.await(1).getFirst().traceparent());

      api()
          .header("traceparent", "nonsense")
          .body(Map.of("parameters", Map.of()))
          .put(TASKS + "/untraced/runs/two")
          .then()
          .statusCode(201);
      assertEquals("ready", ended("untraced", "two").getString("status"));
      assertEquals("", receiver.await(2).getLast().traceparent());
      assertFalse(tracing.tracer().spanBuilder("any").startSpan().isRecording());
      String metrics =
          given()
              .header("Accept", "application/openmetrics-text; version=1.0.0; charset=utf-8")
              .get("/q/metrics")
              .then()
              .statusCode(200)
              .contentType(startsWith("application/openmetrics-text"))
              .extract()
              .asString();
      assertTrue(metrics.contains("errand_claims_total"), metrics);
      assertFalse(metrics.contains("trace_id"), metrics);
      assertTrue(
          Thread.getAllStackTraces().keySet().stream()
              .noneMatch(thread -> thread.getName().contains("BatchSpanProcessor")));
      api().delete(TASKS + "/untraced?force=true").then().statusCode(204);
    }
  }
}
