package dev.errand.packaged;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.app.database.EmbeddedDatabase;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How processes of the packaged application begin and end beside each other. */
class StartAndStopIT {
  @TempDir static Path folder;

  private static EmbeddedDatabase database;

  @BeforeAll
  static void start() {
    database = EmbeddedDatabase.startIn(folder);
  }

  @AfterAll
  static void stop() {
    RestAssured.reset();
    database.stop();
  }

  @Test
  void twoThatStartTogetherOnAnEmptyDatabaseMigrateItOnce() throws Exception {
    create("together");
    Map<String, String> environment = Packaged.environment(database, "together", folder);
    try (Packaged one = Packaged.startSmall("together-1", environment);
        Packaged other = Packaged.startSmall("together-2", environment)) {
      one.awaitReady();
      other.awaitReady();
    }
    assertEquals(
        "0 failed, 0 twice",
        one(
            "together",
            """
            SELECT count(*) FILTER (WHERE NOT success) || ' failed, '
              || count(version) - count(DISTINCT version) || ' twice'
            FROM flyway_schema_history
            """));
    assertEquals(
        "1 1 t",
        one(
            "together",
            """
            SELECT (SELECT count(*) FROM account WHERE username = 'admin') || ' '
              || (SELECT count(*) FROM secret_canary) || ' '
              || CASE WHEN (SELECT count(*) FROM flyway_schema_history) > 5 THEN 't' ELSE 'f' END
            """));
  }

  @Test
  void aMigrationProcessMigratesAndEnds() throws Exception {
    create("migrated");
    Map<String, String> environment = Packaged.environment(database, "migrated", folder);
    Map<String, String> once = new HashMap<>(environment);
    once.put("QUARKUS_INIT_AND_EXIT", "true");
    // At the first start there is much to do, at the second nothing.
    for (int start = 1; start <= 2; start++) {
      try (Packaged job = Packaged.startSmall("migrated-" + start, once)) {
        assertEquals(0, job.awaitEnd(), read(Path.of("target", "migrated-" + start + ".log")));
      }
    }
    assertEquals("0", one("migrated", "SELECT count(*) FROM account"), "no service was begun");

    environment.put("QUARKUS_FLYWAY_MIGRATE_AT_START", "false");
    create("behind");
    Map<String, String> behind = Packaged.environment(database, "behind", folder);
    behind.put("QUARKUS_FLYWAY_MIGRATE_AT_START", "false");
    try (Packaged service = Packaged.startSmall("behind", behind)) {
      assertEquals(1, service.awaitEnd());
    }
    String said = read(Path.of("target", "behind.log"));
    assertTrue(said.contains("Errand can't start. The database's schema does not match"), said);
    try (Packaged service = Packaged.startSmall("migrated-3", environment)) {
      service.awaitReady();
    }
  }

  @Test
  void aMigrationProcessThatFailsExitsWithAnError() throws Exception {
    Map<String, String> environment = Packaged.environment(database, "unmigrated", folder);
    environment.put("QUARKUS_INIT_AND_EXIT", "true");
    environment.put("QUARKUS_FLYWAY_CONNECT_RETRIES", "0");
    try (Packaged job = Packaged.startSmall("unmigrated", environment)) {
      assertEquals(1, job.awaitEnd());
    }
    assertTrue(read(Path.of("target", "unmigrated.log")).contains("Errand can't start"));
  }

  @Test
  void aStoppingProcessIsNotReadyAndHandsItsRunsToAnother() throws Exception {
    create("leaving");
    Map<String, String> environment = Packaged.environment(database, "leaving", folder);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request -> {
            if (request.size() == 1) {
              return call("c1", "no_such_tool", "{}");
            }
            if (asked.getCount() > 0) {
              asked.countDown();
              await(released);
            }
            return say("Done.");
          });
      Map<String, String> slow = new HashMap<>(environment);
      slow.put("QUARKUS_SHUTDOWN_DELAY", "PT3S");
      // The model does not answer: the step is cut off.
      slow.put("ERRAND_WORKER_DRAIN", "PT4S");
      try (Packaged leaving = Packaged.startSmall("leaving-1", slow).awaitReady()) {
        RestAssured.port = leaving.port();
        register("moved", "Hello", model).then().statusCode(201);
        trigger("moved", "r", Map.of()).then().statusCode(201);
        await(asked);
        leaving.requestStop();
        Eventually.await("not ready", () -> leaving.health("ready") == 503);
        assertEquals(200, leaving.health("live"), "and it answers still");
        leaving.awaitEnd();
      } finally {
        released.countDown();
      }
      assertEquals(
          "pending", one("leaving", "SELECT status FROM run WHERE name = 'r'"), "handed back");

      try (Packaged next = Packaged.startSmall("leaving-2", environment).awaitReady()) {
        RestAssured.port = next.port();
        JsonPath run = ended("moved", "r");
        assertEquals("ready", run.getString("status"), run.prettify());
        assertEquals(2, run.getInt("attempt"));
        // The answer that was under way when it stopped was not kept, and is asked for anew.
        assertEquals(3, model.requests().size());
        api().get(TASKS + "/moved/runs").then().statusCode(200);
      }
    }
  }

  @Test
  void aProcessThatExecutesNoRunsAnswersAndLeavesThemToAnother() throws Exception {
    create("kinds");
    Map<String, String> environment = Packaged.environment(database, "kinds", folder);
    Map<String, String> front = new HashMap<>(environment);
    front.put("ERRAND_WORKER_CONCURRENCY", "0");
    front.put("ERRAND_EVENTS_TOKEN", "a-token-of-events-of-at-least-32-characters");
    try (ScriptedModel model = new ScriptedModel();
        Packaged answers = Packaged.startSmall("front", front).awaitReady()) {
      model.script(request -> say("Done."));
      RestAssured.port = answers.port();
      register("two-kinds", "Hello", model).then().statusCode(201);
      trigger("two-kinds", "waits", Map.of()).then().statusCode(201);
      assertEquals(503, answers.event("a-token-of-events-of-at-least-32-characters"));
      assertEquals("pending", api().get(TASKS + "/two-kinds/runs/waits").path("status"));
      try (Packaged executes = Packaged.startSmall("executing", environment).awaitReady()) {
        assertEquals("ready", ended("two-kinds", "waits").getString("status"));
        // Their next run begins by the notification of the process that added it.
        trigger("two-kinds", "told", Map.of()).then().statusCode(201);
        assertEquals("ready", ended("two-kinds", "told").getString("status"));
        assertTrue(executes.isAlive());
      }
      assertEquals(
          "2 runs by 1 process",
          one(
              "kinds",
              """
              SELECT count(*) || ' runs by ' || (SELECT count(*) FROM worker_process
                WHERE capacity > 0) || ' process' FROM run WHERE status = 'ready'
              """));
    }
  }

  @Test
  void aStoppingProcessAnswersItsEventAndHandsOnTheRun() throws Exception {
    create("eventful");
    String token = "the-token-of-events-of-32-characters";
    Map<String, String> environment = Packaged.environment(database, "eventful", folder);
    environment.put("ERRAND_WORKER_MODE", "request");
    environment.put("ERRAND_EVENTS_TOKEN", token);
    environment.put("QUARKUS_SHUTDOWN_DELAY", "PT3S");
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request -> {
            if (request.size() > 1) {
              return say("Done.");
            }
            asked.countDown();
            await(released);
            return call("c1", "no_such_tool", "{}");
          });
      try (Packaged leaving = Packaged.startSmall("eventful-1", environment).awaitReady()) {
        RestAssured.port = leaving.port();
        register("moved", "Hello", model).then().statusCode(201);
        trigger("moved", "r", Map.of()).then().statusCode(201);
        CompletableFuture<Integer> answer =
            CompletableFuture.supplyAsync(() -> leaving.event(token));
        await(asked);
        leaving.requestStop();
        // What begins nothing any more sends events on to others.
        Eventually.await("503", () -> leaving.event(token) == 503);
        released.countDown();
        assertEquals(204, answer.get());
        leaving.awaitEnd();
      } finally {
        released.countDown();
      }
      try (Packaged next = Packaged.startSmall("eventful-2", environment).awaitReady()) {
        RestAssured.port = next.port();
        assertEquals(204, next.event(token));
        JsonPath run = ended("moved", "r");
        assertEquals("ready", run.getString("status"), run.prettify());
        assertEquals(2, run.getInt("attempt"));
        assertEquals(2, model.requests().size(), "no answer was asked for twice");
      }
    }
  }

  @Test
  void aStartWaitsForItsDatabase() throws Exception {
    Map<String, String> environment = Packaged.environment(database, "late", folder);
    Path log = Path.of("target", "late.log");
    try (Packaged early = Packaged.startSmall("late", environment)) {
      Eventually.await("a try in vain", () -> read(log).contains("Retrying"));
      create("late");
      early.awaitReady();
    }
  }

  @Test
  void aProcessIsReadyAgainAfterADatabaseOutage() throws Exception {
    create("asleep");
    Map<String, String> environment = Packaged.environment(database, "asleep", folder);
    try (Packaged process = Packaged.startSmall("asleep", environment).awaitReady()) {
      execute("ALTER DATABASE asleep ALLOW_CONNECTIONS false");
      execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'asleep'");
      Eventually.await("not ready", () -> process.health("ready") == 503);
      assertEquals(200, process.health("live"), "no reason to start it anew");
      execute("ALTER DATABASE asleep ALLOW_CONNECTIONS true");
      process.awaitReady();
    }
  }

  @Test
  void aStartWithoutADatabaseSaysSoAndEnds() throws Exception {
    Map<String, String> environment = Packaged.environment(database, "nowhere", folder);
    environment.put("QUARKUS_FLYWAY_CONNECT_RETRIES", "0");
    try (Packaged lost = Packaged.startSmall("nowhere", environment)) {
      assertEquals(1, lost.awaitEnd());
    }
    assertTrue(read(Path.of("target", "nowhere.log")).contains("Errand can't start"));
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void create(String name) throws SQLException {
    execute("CREATE DATABASE " + name);
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String one(String name, String sql) throws SQLException {
    try (Connection connection = connect(name);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static Connection connect(String name) throws SQLException {
    return DriverManager.getConnection(
        database.url().replace("/postgres", "/" + name),
        EmbeddedDatabase.USER,
        database.password());
  }
}
