package dev.errand.observe;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Nobody is sent traces who was not named, and nothing is kept for them. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class NoTracesTest {
  @Inject DataSource database;

  @Test
  void nothingIsTracedUnlessItIsSaidWhereTo() throws SQLException {
    try (ScriptedModel model = new ScriptedModel()) {
      register("untraced", "Go", model).then().statusCode(201);
      api()
          .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
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
        assertNull(row.getString(1));
      }
      assertTrue(
          Thread.getAllStackTraces().keySet().stream()
              .noneMatch(thread -> thread.getName().contains("BatchSpanProcessor")));
      api().delete(TASKS + "/untraced?force=true").then().statusCode(204);
    }
  }
}
