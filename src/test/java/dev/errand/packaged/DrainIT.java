package dev.errand.packaged;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is under way when the packaged application is told to stop. */
class DrainIT {
  private static final int RUNS = 64;
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
  void answersUnderWayAreKeptAndNoneIsAskedForTwice() throws Exception {
    Map<String, String> environment = Packaged.environment(database, "postgres", folder);
    // It has to be extended while the answers are awaited.
    environment.put("ERRAND_WORKER_LEASE", "PT2S");
    CountDownLatch asked = new CountDownLatch(RUNS);
    CountDownLatch released = new CountDownLatch(1);
    try (ScriptedModel model = new ScriptedModel();
        Packaged leaving = Packaged.startSmall("drain-1", environment).awaitReady()) {
      model.script(
          request -> {
            if (request.size() > 1) {
              return say("Done.");
            }
            asked.countDown();
            await(released);
            // Half of the runs end with it, and half go on elsewhere.
            return Integer.parseInt(request.lastMessage().path("content").asText()) % 2 == 0
                ? say("Done.")
                : call("c1", "no_such_tool", "{}");
          });
      RestAssured.port = leaving.port();
      register(
              "slow",
              "{{ number }}",
              model,
              Map.of("key", "sk-a-key-for-tests-1234", "concurrency", RUNS))
          .then()
          .statusCode(201);
      for (int number = 0; number < RUNS; number++) {
        trigger("slow", "r" + number, Map.of("number", number)).then().statusCode(201);
      }
      await(asked);
      try (Packaged next = Packaged.startSmall("drain-2", environment).awaitReady()) {
        CompletableFuture<String> waiting =
            CompletableFuture.supplyAsync(
                () -> api().get(TASKS + "/slow/runs/r0?wait=60").jsonPath().getString("status"));
        String lease = one("SELECT max(lease_until)::text FROM run");
        leaving.requestStop();
        Eventually.await("not ready", () -> leaving.health("ready") == 503);
        Eventually.await(
            "all leases extended since",
            () -> one("SELECT (min(lease_until) > '" + lease + "')::text FROM run").equals("true"));
        assertEquals("running", api().get(TASKS + "/slow/runs/r1").jsonPath().getString("status"));
        trigger("slow", "late", Map.of("number", 2)).then().statusCode(201);
        released.countDown();

        assertEquals("ready", waiting.get(1, TimeUnit.MINUTES));
        assertEquals(143, leaving.awaitEnd());
        RestAssured.port = next.port();
        Eventually.await(
            "all runs ready",
            () -> one("SELECT count(*) FROM run WHERE status = 'ready'").equals("" + (RUNS + 1)));
        assertEquals(RUNS + RUNS / 2 + 1, model.requests().size(), "an answer was paid for twice");
        assertEquals(
            RUNS / 2 + " went on, " + 0 + " were lost",
            one(
                "SELECT count(*) FILTER (WHERE attempt = 2) || ' went on, ' || sum(losses) ||"
                    + " ' were lost' FROM run"));
        assertTrue(log("drain-1").contains("in the middle of a step: 64"), log("drain-1"));

        // Whoever has nothing to wait for does not.
        long told = System.nanoTime();
        next.requestStop();
        assertEquals(143, next.awaitEnd());
        assertTrue(System.nanoTime() - told < Duration.ofSeconds(20).toNanos());
      }
    } finally {
      released.countDown();
    }
  }

  private static String log(String name) throws Exception {
    return Files.readString(Path.of("target", name + ".log"));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String one(String sql) {
    try (Connection connection =
            DriverManager.getConnection(
                database.url(), EmbeddedDatabase.USER, database.password());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
