package dev.errand.app.telemetry;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.errand.base.database.DatabaseException;
import dev.errand.base.database.Sql;
import dev.errand.support.Eventually;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class WriteProbeTest {
  @Inject DataSource database;
  @Inject Sql sql;

  @AfterEach
  void takeWritesAgain() throws SQLException {
    configure("RESET default_transaction_read_only");
    configure("RESET synchronous_standby_names");
    Eventually.await("ready", () -> readiness() == 200);
  }

  @Test
  void aDatabaseThatOnlyAnswersReadersMakesTheProcessUnready() throws SQLException {
    assertEquals(200, readiness());
    configure("SET default_transaction_read_only = on");
    Eventually.await("unready", () -> readiness() == 503);
    given()
        .get("/q/health/ready")
        .then()
        .body("checks.find { it.name == 'database writes' }.status", equalTo("DOWN"))
        .body("checks.find { it.name == 'master key' }.status", equalTo("UP"));
    assertEquals(200, given().get("/q/health/live").statusCode(), "no reason to start it anew");
  }

  @Test
  void aDatabaseWithoutItsSynchronousStandbyMakesTheProcessUnready() throws SQLException {
    configure("SET synchronous_standby_names = 'nobody'");
    Eventually.await("unready", () -> readiness() == 503);
    given()
        .get("/q/health/ready")
        .then()
        .body("checks.find { it.name == 'database writes' }.status", equalTo("DOWN"));
  }

  @Test
  void aDiskThatWasFullMakesTheProcessUnreadyUntilItHasRoom() throws SQLException {
    superuser(
        """
        CREATE FUNCTION no_room() RETURNS event_trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE 'No space left on device' USING ERRCODE = 'disk_full'; END $$
        """);
    superuser(
        "CREATE EVENT TRIGGER no_room ON ddl_command_start WHEN TAG IN ('CREATE TABLE AS')"
            + " EXECUTE FUNCTION no_room()");
    try {
      assertEquals(200, readiness(), "nothing was refused yet");
      assertThrows(
          DatabaseException.class,
          () ->
              sql.statement("DO $$ BEGIN RAISE 'full' USING ERRCODE = 'disk_full'; END $$").run());
      assertEquals(503, readiness());
    } finally {
      superuser("DROP EVENT TRIGGER no_room");
      superuser("DROP FUNCTION no_room");
    }
    assertEquals(200, readiness());
  }

  @Test
  void aLockedRowDoesNotMakeTheServiceUnready() throws SQLException {
    try (Connection other = database.getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      try (ResultSet row = statement.executeQuery("SELECT id FROM secret_canary FOR UPDATE")) {
        row.next();
        assertEquals(200, readiness());
      } finally {
        other.rollback();
        other.setAutoCommit(true);
      }
    }
  }

  private static int readiness() {
    return given().get("/q/health/ready").statusCode();
  }

  private void configure(String what) throws SQLException {
    superuser("ALTER SYSTEM " + what);
    superuser("SELECT pg_reload_conf()");
  }

  private void superuser(String statement) throws SQLException {
    try (Connection connection = TestDatabase.superuser(database);
        Statement one = connection.createStatement()) {
      one.execute(statement);
    }
  }
}
