package dev.errand.runs.worker;

import static dev.errand.support.Api.register;
import static dev.errand.support.Futures.awaitAll;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.runs.history.RunArchive;
import dev.errand.runs.history.RunReader;
import dev.errand.runs.lifecycle.RunStarter;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.queue.RunQueue;
import dev.errand.runs.queue.TaskSlots;
import dev.errand.runs.task.TaskSnapshot;
import dev.errand.support.Eventually;
import dev.errand.support.OwnTasks;
import dev.errand.support.ScriptedModel;
import dev.errand.support.Settings;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Guards the queue: whatever changes there, no run is lost and none is done twice. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = TwoWorkersTest.NoLoop.class, scope = TestResourceScope.MATCHING_RESOURCES)
public class TwoWorkersTest {
  private static final int RUNS = 2000;

  @Inject OwnTasks tasks;
  @Inject RunStarter trigger;
  @Inject RunQueue queue;
  @Inject TaskSlots slots;
  @Inject RunArchive archive;
  @Inject RunReader reader;
  @Inject RunExecutor executor;
  @Inject DataSource database;

  /** The background loop is off: the two workers of the test are all that claims. */
  public static final class NoLoop implements Settings {
    @Override
    public Map<String, String> start() {
      return Map.of("errand.worker.mode", "request");
    }
  }

  @Test
  void twoWorkersDoTwoThousandRunsNoneLostAndNoneTwice() throws Exception {
    try (ScriptedModel model = new ScriptedModel();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      model.script(request -> say(request.lastMessage().path("content").asText()));
      register(
              "crowd",
              "{{ number }}",
              model,
              Map.of("key", "sk-a-key-for-tests-1234", "concurrency", 64))
          .then()
          .statusCode(201);
      TaskSnapshot task = tasks.named("crowd");

      Future<?> producer = threads.submit(() -> triggerAll(task));
      List<Future<Integer>> workers = new ArrayList<>();
      for (Worker worker : List.of(worker(), worker())) {
        workers.add(threads.submit(() -> workUntilAllIsDone(worker, producer)));
      }
      int done = 0;
      for (Future<Integer> worker : workers) {
        done += worker.get();
      }

      assertEquals(RUNS, done);
      Set<String> asked = new HashSet<>();
      model.requests().forEach(r -> asked.add(r.lastMessage().path("content").asText()));
      assertEquals(RUNS, asked.size(), "every run asked the model");
      assertEquals(RUNS, model.requests().size(), "and no run asked it twice");
      for (int i = 0; i < RUNS; i++) {
        var run = reader.whole("admin", task, "run-" + i).orElseThrow();
        assertEquals("ready", run.status().code());
        assertEquals(1, run.attempt());
        assertEquals(Integer.toString(i), run.output());
        assertEquals(2, archive.entries(run.id()).size());
      }
    }
  }

  @Test
  void runsThatBeginTogetherLeaveConnectionsToOthers() throws Exception {
    try (ScriptedModel model = new ScriptedModel();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      register(
              "together",
              "{{ number }}",
              model,
              Map.of("key", "sk-a-key-for-tests-1234", "concurrency", 64))
          .then()
          .statusCode(201);
      TaskSnapshot task = tasks.named("together");
      for (int i = 0; i < 60; i++) {
        ObjectNode parameters = JsonNodeFactory.instance.objectNode().put("number", i);
        trigger.byRequest(null, task, "run-" + i, () -> parameters);
      }
      List<Claim> claims = queue.claim(60, Duration.ofMinutes(5));
      assertEquals(60, claims.size());
      List<Future<?>> begun = new ArrayList<>();
      try (Connection connection = database.getConnection();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        // No run can read its key while this is locked.
        statement.execute("LOCK TABLE task IN ACCESS EXCLUSIVE MODE");
        claims.forEach(claim -> begun.add(threads.submit(() -> HeldRun.execute(executor, claim))));
        Eventually.await("one that waits for the lock", () -> waitingForLocks() > 0);
        // All read by one statement or two. More would have come by now, or would take the
        // connection of this query.
        int reads = waitingForLocks();
        assertTrue(reads <= 2, reads + " connections");
        connection.rollback();
      }
      for (Future<?> run : begun) {
        run.get();
      }
      assertEquals(60, model.requests().size());
    }
  }

  private int waitingForLocks() {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                    + " AND query LIKE '%key_sealed%'")) {
      row.next();
      return row.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Worker worker() {
    return new Worker(queue, slots, executor, new TestWorkerConfig(32));
  }

  private void triggerAll(TaskSnapshot task) {
    for (int i = 0; i < RUNS; i++) {
      ObjectNode parameters = JsonNodeFactory.instance.objectNode().put("number", i);
      trigger.byRequest(null, task, "run-" + i, () -> parameters);
    }
  }

  private static int workUntilAllIsDone(Worker worker, Future<?> producer) throws Exception {
    int done = 0;
    while (true) {
      boolean allThere = producer.isDone();
      int now = awaitAll(worker.begin(() -> {}).runs());
      done += now;
      if (allThere && now == 0) {
        producer.get();
        return done;
      }
    }
  }
}
