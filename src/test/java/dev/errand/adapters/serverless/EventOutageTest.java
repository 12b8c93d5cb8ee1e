package dev.errand.adapters.serverless;

import static dev.errand.adapters.serverless.EventSender.RUN_ENQUEUED;
import static dev.errand.adapters.serverless.EventSender.send;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.errand.support.DatabaseLine;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.Settings;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is worked on while an event is answered outlasts a database that is away for a while. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = DatabaseLine.class, scope = TestResourceScope.MATCHING_RESOURCES)
@WithTestResource(
    value = EventOutageTest.OnEvents.class,
    scope = TestResourceScope.MATCHING_RESOURCES)
class EventOutageTest {
  private static final int RUNS = 3;

  /** Works on request. */
  public static final class OnEvents implements Settings {
    @Override
    public Map<String, String> start() {
      return Map.of("errand.worker.mode", "request", "errand.events.token", EventSender.TOKEN);
    }
  }

  @AfterEach
  void mend() {
    DatabaseLine.mend();
  }

  @Test
  void anAnswerDuringADatabaseOutageIsStoredAndNotRequestedAgain() throws Exception {
    CountDownLatch asked = new CountDownLatch(RUNS);
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
      register("outlasting", "Hello", model).then().statusCode(201);
      for (int i = 0; i < RUNS; i++) {
        trigger("outlasting", "r" + i, Map.of()).then().statusCode(201);
      }
      CompletableFuture<Integer> answer =
          CompletableFuture.supplyAsync(() -> send(RUN_ENQUEUED).statusCode());
      asked.await();
      DatabaseLine.cut();
      // The queue is looked at in vain, more than once.
      Eventually.await("tries in vain", () -> DatabaseLine.refused() >= 5 || answer.isDone());
      int before = DatabaseLine.refused();
      released.countDown();
      Eventually.await(
          "answers that can't be written",
          () -> DatabaseLine.refused() >= before + 2 * RUNS || answer.isDone());
      DatabaseLine.mend();

      assertEquals(204, answer.get());
      for (int i = 0; i < RUNS; i++) {
        JsonPath run = ended("outlasting", "r" + i);
        assertEquals("ready", run.getString("status"), run.prettify());
        assertEquals(1, run.getInt("attempt"));
      }
      assertEquals(2 * RUNS, model.requests().size(), "no answer was asked for twice");
    } finally {
      released.countDown();
      DatabaseLine.mend();
      api().delete(TASKS + "/outlasting?force=true").then().statusCode(204);
    }
  }

  @Test
  void whetherItIsReadyIsSaidWithoutWaitingForTheDatabase() {
    DatabaseLine.cut();
    // Waiting for a database that wakes up, as a start does, takes longer.
    int status =
        assertTimeoutPreemptively(
            Duration.ofSeconds(18), () -> given().get("/q/health/ready").statusCode());
    assertEquals(503, status);
    DatabaseLine.mend();
    Eventually.await("ready", () -> given().get("/q/health/ready").statusCode() == 200);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
