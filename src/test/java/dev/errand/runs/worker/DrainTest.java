package dev.errand.runs.worker;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.Futures.awaitAll;
import static dev.errand.support.ScriptedMcp.tool;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.background.BackgroundThreads;
import dev.errand.runs.queue.BudgetChanges;
import dev.errand.runs.queue.QueueNotifications;
import dev.errand.runs.queue.RunQueue;
import dev.errand.runs.queue.RunWrites;
import dev.errand.runs.queue.TaskSlots;
import dev.errand.runs.rate.KnownRates;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.ScriptedModel;
import dev.errand.support.SilentModel;
import dev.errand.support.TestDatabase;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A process that is told to stop lets the steps end that are under way, and begins no others. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = TwoWorkersTest.NoLoop.class, scope = TestResourceScope.MATCHING_RESOURCES)
class DrainTest {
  private static final Map<String, Object> KEY = Map.of("key", "sk-a-key-for-tests-1234");
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration NEVER = Duration.ofHours(1);

  @Inject KnownRates rates;
  @Inject RunQueue queue;
  @Inject TaskSlots slots;
  @Inject RunWrites writes;
  @Inject RunExecutor executor;
  @Inject QueueNotifications events;

  @Test
  void answersUnderWayAreKeptAndNoneIsAskedForTwice() throws Exception {
    CountDownLatch asked = new CountDownLatch(2);
    CountDownLatch released = new CountDownLatch(1);
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request -> {
            asked.countDown();
            await(released);
            return request.size() > 1
                    || request.lastMessage().path("content").asText().equals("end")
                ? say("Done.")
                : call("c1", "no_such_tool", "{}");
          });
      register("drained", "{{ what }}", model);
      trigger("drained", "ends", Map.of("what", "end")).then().statusCode(201);
      trigger("drained", "goes-on", Map.of("what", "go on")).then().statusCode(201);
      Worker worker = worker();
      var _ = worker.begin(() -> {});
      await(asked);
      CompletableFuture<Void> drained = drain(worker, LONG);
      trigger("drained", "new", Map.of("what", "end")).then().statusCode(201);
      Eventually.await("no room", () -> worker.room() == 0);
      assertEquals(List.of(), worker.begin(() -> {}).runs(), "nothing begins any more");
      assertEquals(2, worker.holds());
      released.countDown();
      drained.get(1, TimeUnit.MINUTES);

      assertEquals(0, worker.holds());
      assertEquals("ready", look("drained", "ends").getString("status"));
      JsonPath run = look("drained", "goes-on");
      assertEquals("pending", run.getString("status"));
      assertEquals("call tool request", run.getString("results[-1].msg"), run.prettify());
      assertEquals(1, run.getInt("usage.steps"));
      assertEquals(2, model.requests().size());

      assertEquals(2, awaitAll(worker().begin(() -> {}).runs()));
      assertEquals("ready", look("drained", "goes-on").getString("status"));
      assertEquals(2, look("drained", "goes-on").getInt("attempt"));
      assertEquals("ready", look("drained", "new").getString("status"));
      assertEquals(4, model.requests().size(), "no answer was asked for twice");
    }
  }

  @Test
  void toolCallsUnderWayEndAndAreNotRepeated() throws Exception {
    CountDownLatch called = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    try (ScriptedModel model = new ScriptedModel();
        ScriptedMcp server =
            new ScriptedMcp()
                .tools(tool("slow", "Takes its time."))
                .calls(
                    request -> {
                      called.countDown();
                      await(released);
                      return ScriptedMcp.text("Found.");
                    })) {
      api()
          .body("{\"name\": \"far\", \"mcp\": {\"url\": \"%s\"}}".formatted(server.url()))
          .post("/api/profiles/~/default/installations")
          .then()
          .statusCode(201);
      model.script(request -> request.size() == 1 ? call("c1", "far_slow", "{}") : say("The end."));
      register("calling", "Hello", model);
      trigger("calling", "r", Map.of()).then().statusCode(201);
      Worker worker = worker();
      var _ = worker.begin(() -> {});
      await(called);
      CompletableFuture<Void> drained = drain(worker, LONG);
      released.countDown();
      drained.get(1, TimeUnit.MINUTES);

      JsonPath run = look("calling", "r");
      assertEquals("pending", run.getString("status"));
      assertEquals("call tool result", run.getString("results[-1].msg"), run.prettify());
      assertEquals(1, model.requests().size());
      assertEquals(1, awaitAll(worker().begin(() -> {}).runs()));
      assertEquals("The end.", look("calling", "r").getString("output"));
      assertEquals(1, server.requests("tools/call").size());
    } finally {
      api().delete("/api/profiles/~/default/installations/far");
    }
  }

  @Test
  void aRunThatWaitsForItsNextTryIsHandedBackAtOnce() throws Exception {
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(request -> error(503, "overloaded", "Busy.").with("Retry-After", "4"));
      register("backing-off", "Hello", model);
      trigger("backing-off", "r", Map.of()).then().statusCode(201);
      Worker worker = worker();
      var _ = worker.begin(() -> {});
      Eventually.await(
          "a wait",
          () -> "model_unavailable".equals(look("backing-off", "r").getString("results[-1].code")));
      worker.drain(Duration.ofSeconds(2));
      assertEquals(0, worker.holds(), "its wait goes on");

      JsonPath run = look("backing-off", "r");
      assertEquals("pending", run.getString("status"), run.prettify());
      assertEquals(1, model.requests().size());
      model.script(request -> say("Better."));
      assertEquals(1, awaitAll(worker().begin(() -> {}).runs()));
      assertEquals("Better.", look("backing-off", "r").getString("output"));
    }
  }

  @Test
  void aStepThatDoesNotEndIsCutOffAndRepeated() throws Exception {
    try (SilentModel model = new SilentModel()) {
      register("endless", "Hello", model.url(), KEY);
      trigger("endless", "r", Map.of()).then().statusCode(201);
      Worker worker = worker();
      var _ = worker.begin(() -> {});
      assertTrue(model.awaitRequest());
      worker.drain(Duration.ofMillis(200));
      assertEquals(1, worker.holds());
      assertTrue(worker.stop());
      assertTrue(model.awaitHangUp());
      assertEquals("pending", look("endless", "r").getString("status"));
      api().delete(TASKS + "/endless/runs/r").then().statusCode(200);
    }
  }

  @Test
  void aCancelledRunDoesNotDelayTheDrain() throws Exception {
    WorkerConfig config = new TestWorkerConfig(4, NEVER, Duration.ofMillis(100));
    Worker worker = new Worker(queue, slots, executor, config);
    WorkerLoop loop =
        new WorkerLoop(
            worker, writes, events, config, new BudgetChanges(), rates, new BackgroundThreads());
    try (SilentModel model = new SilentModel()) {
      register("given-up", "Hello", model.url(), KEY);
      trigger("given-up", "r", Map.of()).then().statusCode(201);
      loop.start(new StartupEvent());
      assertTrue(model.awaitRequest());
      CompletableFuture<Void> left =
          CompletableFuture.runAsync(
              () -> {
                try {
                  loop.leave(new ShutdownDelayInitiatedEvent(), Optional.of(Duration.ofSeconds(1)));
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      Eventually.await("no room", () -> worker.room() == 0);
      api().delete(TASKS + "/given-up/runs/r").then().statusCode(200);
      left.get(30, TimeUnit.SECONDS);
      assertTrue(model.awaitHangUp());
    } finally {
      loop.stop(new ShutdownEvent());
    }
  }

  @Test
  void aWorkerWithoutRunsIsNotWaitedFor() throws InterruptedException {
    worker().drain(NEVER);
  }

  private Worker worker() {
    return new Worker(queue, slots, executor, new TestWorkerConfig(4));
  }

  private static CompletableFuture<Void> drain(Worker worker, Duration most) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            worker.drain(most);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(1, TimeUnit.MINUTES));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static JsonPath look(String task, String run) {
    return api().get(TASKS + "/" + task + "/runs/" + run).then().extract().jsonPath();
  }
}
