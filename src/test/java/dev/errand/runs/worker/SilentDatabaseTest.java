package dev.errand.runs.worker;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.runs.queue.QueueNotifications;
import dev.errand.runs.queue.QueueNotifications.News;
import dev.errand.support.DatabaseLine;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.Settings;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Connections to the database that go silent cost some time, and nothing else. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@QuarkusTestResource(value = DatabaseLine.class, restrictToAnnotatedClass = true)
@WithTestResource(
    value = SilentDatabaseTest.Impatient.class,
    scope = TestResourceScope.MATCHING_RESOURCES)
class SilentDatabaseTest {
  private static final int RUNS = 4;

  @Inject QueueNotifications events;

  /** Answers of the database are waited for as shortly as can be said. */
  public static final class Impatient implements Settings {
    @Override
    public Map<String, String> start() {
      return Map.of("quarkus.datasource.jdbc.additional-jdbc-properties.socketTimeout", "1");
    }
  }

  @Test
  void runsContinueAndNoAnswerIsRequestedTwice() {
    CountDownLatch released = new CountDownLatch(1);
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request -> {
            try {
              released.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return say("Done.");
          });
      register("silent", "Hello", model).then().statusCode(201);
      for (int i = 0; i < RUNS; i++) {
        trigger("silent", "r" + i, Map.of()).then().statusCode(201);
      }
      Eventually.await("a question for each run", () -> model.requests().size() == RUNS);

      DatabaseLine.freeze();
      released.countDown();

      Eventually.await("an answer", () -> api().get(TASKS + "/silent/runs").statusCode() == 200);
      for (int i = 0; i < RUNS; i++) {
        assertEquals("ready", ended("silent", "r" + i).getString("status"));
      }
      assertEquals(RUNS, model.requests().size());
    } finally {
      released.countDown();
    }
  }

  @Test
  void aListenerNoticesASilentConnection() throws InterruptedException {
    Semaphore heard = new Semaphore(0);
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Future<Void> ear =
          threads.submit(
              () -> {
                events.listen(told -> heard.release(), () -> true);
                return null;
              });
      assertTrue(heard.tryAcquire(News.values().length, 1, TimeUnit.MINUTES));

      DatabaseLine.freeze();

      ExecutionException broken =
          assertThrows(ExecutionException.class, () -> ear.get(1, TimeUnit.MINUTES));
      assertInstanceOf(SQLException.class, broken.getCause());
    } finally {
      threads.shutdownNow();
    }
  }
}
