package dev.errand.identity.audit;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.app.database.EmbeddedDatabase;
import dev.errand.runs.lifecycle.Housekeeping;
import dev.errand.support.ScriptedModel;
import dev.errand.support.Servlets;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The service with a role that does not own the schema, and has the documented grants alone. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@QuarkusTestResource(value = ServingRoleTest.TwoRoles.class, restrictToAnnotatedClass = true)
class ServingRoleTest {
  private static final String ROLE = "serves_alone";
  private static final String PASSWORD = "only-for-a-test";

  @Inject DataSource database;
  @Inject Housekeeping housekeeping;

  /** Has migrations done by the superuser, and all else by a role that owns nothing. */
  public static final class TwoRoles implements QuarkusTestResourceLifecycleManager {
    // After the database.
    @Override
    public int order() {
      return 1;
    }

    @Override
    public Map<String, String> start() {
      // The grants on what is there are for after the first migration, which here is by this start.
      try (Connection superuser =
              DriverManager.getConnection(
                  TestDatabase.url(), EmbeddedDatabase.USER, TestDatabase.password());
          Statement statement = superuser.createStatement()) {
        statement.execute("CREATE ROLE " + ROLE + " LOGIN PASSWORD '" + PASSWORD + "'");
        for (String grant : DocumentedGrants.read(ROLE)) {
          if (grant.startsWith("ALTER DEFAULT PRIVILEGES")) {
            statement.execute(grant);
          }
        }
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
      return Map.of(
          "quarkus.flyway.username",
          EmbeddedDatabase.USER,
          "quarkus.flyway.password",
          TestDatabase.password(),
          "quarkus.datasource.username",
          ROLE,
          "quarkus.datasource.password",
          PASSWORD);
    }

    @Override
    public void stop() {
      // The database goes as a whole.
    }
  }

  @Test
  void everythingIsServed() throws SQLException, InterruptedException {
    try (Connection own = database.getConnection()) {
      assertEquals(ROLE, own.getMetaData().getUserName());
    }
    try (Connection superuser = TestDatabase.superuser(database);
        Statement statement = superuser.createStatement()) {
      for (String grant : DocumentedGrants.read(ROLE)) {
        statement.execute(grant);
      }
    }
    try (ScriptedModel model = new ScriptedModel()) {
      register("served", "Hello", model).then().statusCode(201);
      trigger("served", "one", Map.of()).then().statusCode(201);
      assertEquals("ready", ended("served", "one").getString("status"));
      api()
          .body("{\"every\": \"P1D\"}")
          .put(TASKS + "/served/schedules/daily")
          .then()
          .statusCode(201);
      api().post("/api/tasks/~/default/served/signed").then().statusCode(200);
      api().delete(TASKS + "/served").then().statusCode(204);
    }
    api().body("{\"role\": \"member\"}").put("/api/users/served").then().statusCode(201);
    Servlets.publish("admin/served", "", Servlets.variant("c_echo", "served"))
        .then()
        .statusCode(201);
    api().delete("/api/servlets/~/served").then().statusCode(204);
    api().delete("/api/users/served").then().statusCode(204);
    api()
        .get("/api/audit")
        .then()
        .statusCode(200)
        .body("action", hasItem("task.created"))
        .body("action", hasItem("user.deleted"));
    housekeeping.runOnce();
  }
}
