package dev.errand.packaged;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import io.restassured.RestAssured;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An older build and this one on one database: {@code ./mvnw verify -Dit.test=OlderBuildIT
 * -Dupgrade.older=<its folder quarkus-app>}.
 */
class OlderBuildIT {
  private static final Path OLDER = Path.of(System.getProperty("upgrade.older", ""));
  private static final int RUNS = 40;
  private static final Duration ANSWER = Duration.ofMillis(200);

  @TempDir Path folder;

  @AfterEach
  void reset() {
    RestAssured.reset();
  }

  @Test
  void theOlderOneWorksBesideThisOneAndAfterIt() throws Exception {
    try (Databases databases = new Databases(folder);
        ScriptedModel model = new ScriptedModel()) {
      Map<String, String> environment = databases.create("upgraded");
      model.script(
          request -> {
            LockSupport.parkNanos(ANSWER.toNanos());
            return say("Done.");
          });
      Packaged older = older("older-1", environment);
      try (older) {
        RestAssured.port = older.port();
        register("live", "Hello", model).then().statusCode(201);
        start("before", older);
        try (Packaged newer =
            Packaged.start("newer", List.of("-Xmx256m"), environment).awaitReady()) {
          start("beside-older", older);
          start("beside-newer", newer);
          assertAllAreReady("before", older);
          assertAllAreReady("beside-newer", older);
          assertAllAreReady("beside-older", newer);
          start("left", newer);
          newer.requestStop();
          newer.awaitEnd();
        }
        start("after", older);
        assertAllAreReady("left", older);
        assertAllAreReady("after", older);
      }
      // A return to it: it starts on the schema of this one.
      try (Packaged back = older("older-2", environment)) {
        RestAssured.port = back.port();
        start("back", back);
        assertAllAreReady("back", back);
        api().get("/api/users/~").then().statusCode(200);
      }
      assertEquals(
          "0",
          databases.one(
              "upgraded", "SELECT count(*) FROM run WHERE name LIKE '%-%' AND status <> 'ready'"));
    }
  }

  private static Packaged older(String name, Map<String, String> environment) throws Exception {
    Packaged older =
        Packaged.start(
            Path.of("target", name + ".log"),
            environment,
            (log, all) -> {
              ProcessBuilder builder =
                  new ProcessBuilder(
                          System.getProperty("packaged.java"),
                          "-Xmx256m",
                          "-jar",
                          "quarkus-run.jar")
                      .directory(OLDER.toFile())
                      .redirectErrorStream(true)
                      .redirectOutput(log.toFile());
              builder.environment().putAll(all);
              return builder.start();
            });
    // Before 0.2.0, health was at the port of the service.
    Eventually.await(
        "an older build that is ready",
        () -> older.health("ready") == 200 || older.status("/q/health/ready") == 200);
    return older;
  }

  private static void start(String name, Packaged at) {
    RestAssured.port = at.port();
    for (int i = 0; i < RUNS; i++) {
      trigger("live", name + "-" + i, Map.of()).then().statusCode(201);
    }
  }

  private static void assertAllAreReady(String name, Packaged at) {
    RestAssured.port = at.port();
    for (int i = 0; i < RUNS; i++) {
      assertEquals("ready", ended("live", name + "-" + i).getString("status"));
    }
  }
}
