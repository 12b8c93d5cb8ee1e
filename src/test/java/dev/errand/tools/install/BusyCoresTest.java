package dev.errand.tools.install;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static dev.errand.support.Servlets.address;
import static dev.errand.support.Servlets.publish;
import static dev.errand.support.Servlets.wasm;
import static dev.errand.tools.install.InstallationTest.INSTALLATIONS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Servlets that compute without end hold the cores that servlets have, and nothing else. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = SlowServlets.class, scope = TestResourceScope.MATCHING_RESOURCES)
class BusyCoresTest {
  private static final int CORES = SlowServlets.CORES;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Inject DataSource database;

  @Test
  void httpRunsTimersAndLeasesContinueWhileEveryCoreIsBusy() throws SQLException {
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request ->
              request.lastMessage().path("content").asText().equals("Spin.")
                  ? call("c1", "spin_probe", "{}")
                  : say("Done."));
      publish("admin/spin", "", wasm("loop_br"));
      api()
          .body("{\"servlet_slug\": \"admin/spin\", \"name\": \"spin\"}")
          .post(INSTALLATIONS)
          .then()
          .statusCode(201);
      register("spin", "Spin.", model, settings()).then().statusCode(201);
      register("plain", "Say it.", model, settings()).then().statusCode(201);
      // Two more than can compute at once, so that some wait for a core.
      for (int i = 0; i < CORES + 2; i++) {
        trigger("spin", "r" + i, Map.of()).then().statusCode(201);
      }
      eventually(() -> spinning() == CORES);

      Instant lease = earliestLease();
      eventually(() -> earliestLease().isAfter(lease));
      api().get("/q/health").then().statusCode(200);
      trigger("plain", "r", Map.of()).then().statusCode(201);
      assertEquals("Done.", ended("plain", "r").getString("output"));

      assertEquals(CORES, spinning());
      assertEquals(CORES + 2, running());
      for (int i = 0; i < CORES + 2; i++) {
        api().post(TASKS + "/spin/runs/r" + i + "/cancel").then().statusCode(200);
      }
      eventually(() -> spinning() == 0);
    }
  }

  private static Map<String, Object> settings() {
    return Map.of("key", "sk-a-key-for-tests-1234", "timeout", "PT20M", "concurrency", CORES + 2);
  }

  /** The threads on which that servlet is. */
  private static int spinning() {
    String name = "servlet-" + address(wasm("loop_br")).substring(0, 8);
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals(name))
            .count();
  }

  private Instant earliestLease() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT min(lease_until) FROM run WHERE status = 'running'")) {
      row.next();
      return row.getTimestamp(1).toInstant();
    }
  }

  private int running() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM run WHERE status = 'running' AND attempt = 1")) {
      row.next();
      return row.getInt(1);
    }
  }

  /** Something to look at. */
  @FunctionalInterface
  private interface Condition {
    boolean holds() throws SQLException;
  }

  private static void eventually(Condition condition) throws SQLException {
    Instant end = Instant.now().plus(PATIENCE);
    while (!condition.holds()) {
      assertTrue(Instant.now().isBefore(end), "it does not come to pass");
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }
}
