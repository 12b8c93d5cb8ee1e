package dev.errand.runs.worker;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.identity.signin.SessionService;
import dev.errand.identity.signin.SignInDevice;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The time that a run may take does not depend on what this process's clock says. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(WrongClockTest.AnHourAhead.class)
class WrongClockTest {

  /** The clock of the process is an hour ahead of the database's. */
  public static class AnHourAhead implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("errand.worker.mode", "request");
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
      return Set.of(Ahead.class);
    }
  }

  /** The clock of such a process. */
  @Alternative
  @Singleton
  public static class Ahead {
    @Produces
    @Singleton
    @Alternative
    Clock clock() {
      return Clock.offset(Clock.tickMillis(ZoneOffset.UTC), Duration.ofHours(1));
    }
  }

  private final ScriptedModel model = new ScriptedModel();

  @Inject RequestWorker worker;
  @Inject SessionService sessions;
  @Inject Sql sql;

  @AfterEach
  void stop() {
    api().delete(TASKS + "/punctual?force=true");
    model.close();
  }

  private JsonPath worked() throws InterruptedException {
    assertTrue(worker.work(Duration.ofSeconds(60)));
    return api().get(TASKS + "/punctual/runs/r").jsonPath();
  }

  // A process whose clock is right still knows it.
  @Test
  void aSessionIsNotDeletedBeforeItsEnd() {
    UUID admin =
        sql.statement("SELECT id FROM account WHERE username = 'admin'").one(row -> row.id("id"));
    begin(admin, "https://first.example");
    sql.statement(
            """
            UPDATE session SET expires_at = now() + interval '30 minutes'
            WHERE oidc_issuer = 'https://first.example'
            """)
        .run();
    begin(admin, "https://second.example");
    assertEquals(
        2,
        sql.statement("DELETE FROM session WHERE oidc_issuer LIKE '%.example'").update(),
        "the first and the second");
  }

  private void begin(UUID account, String issuer) {
    assertTrue(
        sessions.beginByOidc(account, issuer, null, new SignInDevice("a test", "::1")).isPresent());
  }

  @Test
  void aRunHasItsWholeTimeThoughTheClockIsAhead() throws Exception {
    model.script(_ -> say("Done."));
    register("punctual", "Hello", model).then().statusCode(201);
    trigger("punctual", "r", Map.of()).then().statusCode(201);
    JsonPath run = worked();
    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals(List.of(), run.getList("warnings"), run.prettify());
  }

  @Test
  void theTimeThatAnotherAttemptUsedIsCountedByTheDatabasesClock() throws Exception {
    model.script(_ -> say("Done."));
    register("punctual", "Hello", model).then().statusCode(201);
    trigger("punctual", "r", Map.of()).then().statusCode(201);
    sql.statement("UPDATE run SET started_at = now() - interval '9 minutes' WHERE name = 'r'")
        .run();
    JsonPath run = worked();
    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals(List.of("timeout"), run.getList("warnings"), run.prettify());

    trigger("punctual", "late", Map.of()).then().statusCode(201);
    sql.statement("UPDATE run SET started_at = now() - interval '11 minutes' WHERE name = 'late'")
        .run();
    assertTrue(worker.work(Duration.ofSeconds(60)));
    assertEquals(
        "timeout", api().get(TASKS + "/punctual/runs/late").jsonPath().getString("error.code"));
  }
}
