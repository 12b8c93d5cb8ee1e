package dev.errand.runs.worker;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.Futures.awaitAll;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.background.BackgroundThreads;
import dev.errand.runs.queue.BudgetChanges;
import dev.errand.runs.queue.QueueNotifications;
import dev.errand.runs.queue.RunQueue;
import dev.errand.runs.queue.RunStopped;
import dev.errand.runs.queue.RunWrites;
import dev.errand.runs.queue.TaskSlots;
import dev.errand.runs.rate.KnownRates;
import dev.errand.support.ScriptedModel;
import dev.errand.support.SilentModel;
import dev.errand.support.TestDatabase;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The process that is told to cancel works no queue; those that do are loops that the container
 * knows nothing of, as if they were on other machines.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = TwoWorkersTest.NoLoop.class, scope = TestResourceScope.MATCHING_RESOURCES)
class CancelElsewhereTest {
  private static final Map<String, Object> KEY = Map.of("key", "sk-a-key-for-tests-1234");
  private static final Duration NEVER = Duration.ofHours(1);

  @Inject KnownRates rates;
  @Inject RunQueue queue;
  @Inject TaskSlots slots;
  @Inject RunWrites writes;
  @Inject RunExecutor executor;
  @Inject QueueNotifications events;

  @Test
  void aPendingRunEndsAtOnceAndIsNeverBegun() throws Exception {
    try (ScriptedModel model = new ScriptedModel()) {
      register("unbegun", "Hello", model);
      String run = TASKS + "/unbegun/runs/r";
      trigger("unbegun", "r", Map.of()).then().statusCode(201);
      for (int i = 0; i < 2; i++) {
        api()
            .post(run + "/cancel")
            .then()
            .statusCode(200)
            .body("status", equalTo("error"))
            .body("error.code", equalTo("cancelled"))
            .body("started_at", nullValue())
            .body("attempt", equalTo(0))
            .body("results.msg", equalTo(List.of("message", "run failed")));
      }
      api().delete(run).then().statusCode(200).body("error.code", equalTo("cancelled"));

      assertEquals(
          0,
          awaitAll(
              new Worker(queue, slots, executor, new TestWorkerConfig(4)).begin(() -> {}).runs()));
      assertEquals(0, model.requests().size());
    }
  }

  @Test
  void aWorkerNoticesByItself() throws InterruptedException {
    WorkerLoop loop = loop(Duration.ofMillis(100));
    try (SilentModel model = new SilentModel()) {
      register("unheard", "Hello", model.url(), KEY);
      trigger("unheard", "r", Map.of()).then().statusCode(201);
      loop.start(new StartupEvent());
      assertTrue(model.awaitRequest());

      api().delete(TASKS + "/unheard/runs/r").then().statusCode(200);
      assertTrue(model.awaitHangUp());
    } finally {
      loop.stop(new ShutdownEvent());
    }
  }

  @Test
  void theWorkerIsNotified() throws InterruptedException {
    WorkerLoop here = loop(NEVER);
    WorkerLoop there = loop(NEVER);
    try (SilentModel model = new SilentModel()) {
      register("heard", "Hello", model.url(), KEY);
      trigger("heard", "r", Map.of()).then().statusCode(201);
      there.start(new StartupEvent());
      assertTrue(model.awaitRequest());
      here.start(new StartupEvent());

      api().delete(TASKS + "/heard/runs/r").then().statusCode(200);
      here.letGo(new RunStopped(1));
      assertTrue(model.awaitHangUp());
    } finally {
      here.stop(new ShutdownEvent());
      there.stop(new ShutdownEvent());
    }
  }

  @Test
  void aReturnedRunIsClaimedByAnotherWorkerAtOnce() throws InterruptedException {
    WorkerLoop leaving = loop(NEVER);
    WorkerLoop staying = loop(NEVER);
    try (SilentModel model = new SilentModel()) {
      register("handed", "Hello", model.url(), KEY);
      trigger("handed", "r", Map.of()).then().statusCode(201);
      leaving.start(new StartupEvent());
      assertTrue(model.awaitRequest());
      staying.start(new StartupEvent());

      leaving.stop(new ShutdownEvent());
      assertTrue(model.awaitRequest());
      api().get(TASKS + "/handed/runs/r").then().body("attempt", equalTo(2));
      api().delete(TASKS + "/handed/runs/r").then().statusCode(200);
    } finally {
      staying.stop(new ShutdownEvent());
    }
  }

  private WorkerLoop loop(Duration watch) {
    WorkerConfig config = new TestWorkerConfig(4, NEVER, watch);
    return new WorkerLoop(
        new Worker(queue, slots, executor, config),
        writes,
        events,
        config,
        new BudgetChanges(),
        rates,
        new BackgroundThreads());
  }
}
