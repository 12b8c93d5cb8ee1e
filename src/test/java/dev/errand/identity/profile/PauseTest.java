package dev.errand.identity.profile;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class PauseTest {
  private static final String PAUSE = "/api/profiles/~/default/pause";

  private final ScriptedModel model = new ScriptedModel();

  @Inject DataSource database;

  @BeforeEach
  void aTask() {
    register("paused", "Hello", model);
  }

  @AfterEach
  void goOn() {
    api().delete(PAUSE).then().statusCode(204);
    api().delete(TASKS + "/paused?force=true").then().statusCode(204);
    model.close();
  }

  @Test
  void aPausedProfileStartsNothingAndSaysSo() {
    trigger("paused", "before", Map.of()).then().statusCode(201);
    ended("paused", "before");
    api().get(PAUSE).then().body("paused", equalTo(false)).body("paused_at", nullValue());

    String since =
        api()
            .put(PAUSE)
            .then()
            .statusCode(200)
            .body("paused", equalTo(true))
            .body("paused_at", notNullValue())
            .extract()
            .path("paused_at");
    problem(trigger("paused", "during", Map.of()), 409, "profile_paused")
        .then()
        .body("detail", containsString("default"));
    problem(api().get(TASKS + "/paused/runs/during"), 404, "run_not_found");
    trigger("paused", "before", Map.of()).then().statusCode(200);
    api().put(PAUSE).then().statusCode(200).body("paused_at", equalTo(since));
    api().get(PAUSE).then().body("paused_at", equalTo(since));

    api().delete(PAUSE).then().statusCode(204);
    api().delete(PAUSE).then().statusCode(204);
    trigger("paused", "during", Map.of()).then().statusCode(201);
    ended("paused", "during");
  }

  @Test
  void startedRunsContinueDuringAPause() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    model.script(
        request -> {
          asked.countDown();
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return say("Done all the same.");
        });
    trigger("paused", "live", Map.of());
    asked.await();
    api().put(PAUSE).then().statusCode(200);
    released.countDown();

    assertEquals("Done all the same.", ended("paused", "live").getString("output"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "5", "\"true\""})
  void valuesOtherThanTrueAndFalseChangeNothing(String paused) {
    problem(api().body("{\"paused\": " + paused + "}").put(PAUSE), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo("paused"));
    api().get(PAUSE).then().body("paused", equalTo(false));
  }

  @Test
  void otherUsersMayNotPauseTheProfile() {
    OtherUser other = OtherUser.named("pauser", database);

    problem(other.api().put("/api/profiles/admin/default/pause"), 404, "profile_not_found");
    other.api().put(PAUSE).then().statusCode(200);
    trigger("paused", "mine", Map.of()).then().statusCode(201);
    ended("paused", "mine");
  }
}
