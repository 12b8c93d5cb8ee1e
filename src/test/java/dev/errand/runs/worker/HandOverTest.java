package dev.errand.runs.worker;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.Futures.awaitAll;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.runs.entry.NewEntries;
import dev.errand.runs.history.RunJournal;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.queue.ClaimLostException;
import dev.errand.runs.queue.RunEnd;
import dev.errand.runs.queue.RunQueue;
import dev.errand.runs.queue.RunStatus;
import dev.errand.runs.queue.TaskSlots;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.SilentModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** A run changes hands without being lost, done twice or paid for twice. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = TwoWorkersTest.NoLoop.class, scope = TestResourceScope.MATCHING_RESOURCES)
class HandOverTest {
  private static final Duration LEASE = Duration.ofMinutes(5);

  @Inject RunQueue queue;
  @Inject TaskSlots slots;
  @Inject RunExecutor executor;
  @Inject Rescuer rescuer;
  @Inject DataSource database;

  @Test
  void rescuedRunCannotBeTouchedByItsOldWorker() throws SQLException {
    try (ScriptedModel model = new ScriptedModel()) {
      register("rescued", "Hello", model);
      trigger("rescued", "r", Map.of());
      Claim old = claimOne();
      letLeasesRunOut();
      assertEquals(1, rescuer.rescue());
      assertEquals(List.of(), queue.extend(List.of(old), LEASE));
      assertThrows(
          ClaimLostException.class,
          () -> new RunJournal(queue, old).append(NewEntries.withoutWarnings(List.of("{}")), null));

      Claim now = claimOne();
      assertEquals(2, now.attempt());
      assertEquals(List.of(now), queue.extend(List.of(old, now), LEASE));
      RunEnd end = new RunEnd(RunStatus.READY, "{}", "late", false, null, null, null, "{}");
      assertThrows(
          ClaimLostException.class,
          () -> queue.finish(old, NewEntries.withoutWarnings(List.of()), end));
      assertEquals(0, queue.release(List.of(old)));
      HeldRun.execute(executor, now);

      JsonPath run = look("rescued", "r");
      assertEquals("Done.", run.getString("output"));
      assertEquals(2, run.getList("results").size());
    }
  }

  @Test
  void aRunContinuesAfterItsLastEntryAndRepeatsNoAnswer() throws SQLException {
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request -> request.size() == 1 ? call("c1", "no_such_tool", "{}") : say("The end."));
      register("resumed", "Hello", model);
      trigger("resumed", "r", Map.of());
      Claim first = claimOne();
      // The worker is lost after it wrote the model's answer and before it wrote the tool's.
      RunJournal journal = new RunJournal(queue, first);
      journal.append(
          NewEntries.withoutWarnings(
              List.of(
                  """
                  {"msg": "message", "time": 1, "level": 30, "exchange": {"role": "assistant",
                   "content": null, "tool_calls": [{"id": "c1", "type": "function",
                   "function": {"name": "no_such_tool", "arguments": "{}"}}]}}""")),
          """
          {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15, "steps": 1,
           "tool_calls": 1, "model_ms": 1, "tool_ms": 0}""");
      letLeasesRunOut();
      rescuer.rescue();
      HeldRun.execute(executor, claimOne());

      JsonPath run = look("resumed", "r");
      assertEquals("ready", run.getString("status"), run.prettify());
      assertEquals(1, model.requests().size(), "only what was not answered yet was asked");
      assertEquals(3, model.requests().getFirst().size());
      assertEquals("c1", model.requests().getFirst().lastMessage().path("tool_call_id").asText());
      assertEquals(2, run.getInt("usage.steps"));
      assertEquals(30, run.getInt("usage.total_tokens"));
    }
  }

  @Test
  void whatFailedBeforeAWorkerWasLostIsKnownAfterwards() throws SQLException {
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(request -> say("The end."));
      register("warned", "Hello", model);
      trigger("warned", "r", Map.of());
      RunJournal journal = new RunJournal(queue, claimOne());
      journal.append(
          new NewEntries(
              List.of(
                  """
                  {"msg": "message", "time": 1, "level": 30, "exchange": {"role": "assistant",
                   "content": null, "tool_calls": [{"id": "c1", "type": "function",
                   "function": {"name": "no_such_tool", "arguments": "{}"}}]}}""",
                  """
                  {"msg": "80 % of it", "time": 1, "level": 40, "code": "max_cost"}"""),
              List.of("max_cost")),
          null);
      journal.append(
          NewEntries.withoutWarnings(
              List.of(
                  """
                  {"msg": "call tool result", "time": 1, "level": 30, "exchange": {"role": "tool",
                   "tool_call_id": "c1", "content": "No."}, "is_error": true}""")),
          """
          {"steps": 1, "tool_calls": 1, "tool_errors": 1}""");
      letLeasesRunOut();
      rescuer.rescue();
      HeldRun.execute(executor, claimOne());

      JsonPath run = look("warned", "r");
      assertEquals("ready", run.getString("status"), run.prettify());
      assertEquals(List.of("max_cost", "tools_failed"), run.getList("warnings"));
      assertEquals(1, run.getInt("usage.tool_errors"));
    }
  }

  @Test
  void aWorkerThatComesBackLateChangesNothing() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch late = new CountDownLatch(1);
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request -> {
            asked.countDown();
            try {
              boolean _ = late.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return say("Late.");
          });
      register("late", "Hello", model);
      trigger("late", "r", Map.of());
      Worker paused = new Worker(queue, slots, executor, new TestWorkerConfig(4));
      List<Future<?>> begun = paused.begin(() -> {}).runs();
      assertTrue(asked.await(1, TimeUnit.MINUTES));
      letLeasesRunOut();
      assertEquals(1, rescuer.rescue());
      model.script(request -> say("In time."));
      assertEquals(
          1,
          awaitAll(
              new Worker(queue, slots, executor, new TestWorkerConfig(4)).begin(() -> {}).runs()));
      Map<String, Object> before = look("late", "r").getMap("$");
      assertEquals("In time.", before.get("output"));
      late.countDown();
      begun.getFirst().get(1, TimeUnit.MINUTES);

      assertEquals(before, look("late", "r").getMap("$"));
    }
  }

  @Test
  void aRunThatIsLostAgainAndAgainWithoutComingFurtherEnds() throws SQLException {
    try (ScriptedModel model = new ScriptedModel()) {
      register("deadly", "Hello", model);
      trigger("deadly", "r", Map.of());
      for (int losses = 1; losses <= 5; losses++) {
        new RunJournal(queue, claimOne())
            .append(NewEntries.withoutWarnings(List.of("{\"msg\": \"a log\"}")), null);
        lose();
        assertEquals("pending", look("deadly", "r").getString("status"));
      }
      new RunJournal(queue, claimOne())
          .append(NewEntries.withoutWarnings(List.of("{}")), "{\"steps\": 1}");
      lose();
      for (int losses = 2; losses <= 5; losses++) {
        Claim claim = claimOne();
        assertEquals(1, queue.release(List.of(claim)), "an orderly end is no loss");
        claimOne();
        lose();
        assertEquals("pending", look("deadly", "r").getString("status"));
      }
      claimOne();
      lose();

      JsonPath run = look("deadly", "r");
      assertEquals("error", run.getString("status"));
      assertEquals("attempts_exhausted", run.getString("error.code"));
      assertEquals("attempts_exhausted", run.getString("results[-1].code"));
      assertEquals("run failed", run.getString("results[-1].msg"));
      assertEquals(8, run.getList("results").size());
      assertEquals(1, run.getInt("usage.steps"));
      assertEquals(List.of(), queue.claim(1, LEASE));
    }
  }

  @Test
  void aRunThatItsThreadCouldNotReturnIsReturned() throws Exception {
    try (SilentModel model = new SilentModel()) {
      register("stubborn", "Hello", model.url(), Map.of("key", "sk-a-key-for-tests-1234"));
      trigger("stubborn", "r", Map.of());
      Worker worker = new Worker(queue, slots, executor, new TestWorkerConfig(4));
      var _ = worker.begin(() -> {}).runs();
      assertTrue(model.awaitRequest());
      change("CREATE SEQUENCE refusals");
      change(
          """
          CREATE FUNCTION refuse_first() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN
            IF nextval('refusals') = 1 THEN RAISE EXCEPTION 'not now'; END IF;
            RETURN new;
          END $$""");
      change(
          "CREATE TRIGGER refuse_first BEFORE UPDATE ON run FOR EACH ROW WHEN (new.status ="
              + " 'pending') EXECUTE FUNCTION refuse_first()");
      try {
        assertTrue(worker.stop());
        assertEquals("pending", look("stubborn", "r").getString("status"));
      } finally {
        change("DROP TRIGGER refuse_first ON run");
        change("DROP FUNCTION refuse_first");
        change("DROP SEQUENCE refusals");
      }
      api().delete(TASKS + "/stubborn/runs/r").then().statusCode(200);
    }
  }

  @Test
  void aWorkerThatStopsHandsItsRunsBackAtOnce() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request -> {
            asked.countDown();
            try {
              boolean _ = never.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return say("Too late.");
          });
      register("stopped", "Hello", model);
      trigger("stopped", "r", Map.of());
      Worker worker = new Worker(queue, slots, executor, new TestWorkerConfig(4));
      var _ = worker.begin(() -> {}).runs();
      assertTrue(asked.await(1, TimeUnit.MINUTES));
      assertTrue(worker.stop());
      assertFalse(worker.stop());
      assertEquals("pending", look("stopped", "r").getString("status"));
      never.countDown();

      model.script(request -> say("In time."));
      HeldRun.execute(executor, claimOne());
      assertEquals("In time.", look("stopped", "r").getString("output"));
    }
  }

  @Test
  void aWorkerPausedPastItsLeaseDoesNotAskTheModel() {
    try (ScriptedModel model = new ScriptedModel()) {
      register("stale", "Hello", model);
      trigger("stale", "r", Map.of());
      HeldRun.execute(executor, claimOne(), () -> false);
      assertEquals(0, model.requests().size());
      assertEquals("pending", look("stale", "r").getString("status"));

      model.script(request -> call("c1", "calc_calculate", "{\"expression\": \"1 + 1\"}"));
      AtomicInteger asked = new AtomicInteger();
      HeldRun.execute(executor, claimOne(), () -> asked.incrementAndGet() == 1);
      assertEquals(1, model.requests().size());
      JsonPath run = look("stale", "r");
      assertEquals("pending", run.getString("status"));
      assertEquals(List.of(), run.getList("results.findAll { it.msg == 'call tool result' }"));

      model.script(request -> say("The end."));
      HeldRun.execute(executor, claimOne());
      assertEquals("The end.", look("stale", "r").getString("output"));
      assertEquals(2, model.requests().size());
    }
  }

  @Test
  void aStepThatExceedsTheBudgetIsRecordedAndCountsLikeALostWorker() throws Exception {
    try (SilentModel model = new SilentModel()) {
      register("slow", "Hello", model.url(), Map.of("key", "sk-a-key-for-tests-1234"));
      trigger("slow", "r", Map.of()).then().statusCode(201);
      workUntilCutOff();
      JsonPath run = look("slow", "r");
      assertEquals(List.of(30, 40), run.getList("results.level"));
      assertEquals("budget_spent", run.getString("results[-1].code"));
      assertTrue(run.getString("results[-1].msg").contains("ERRAND_WORKER_BUDGET"));
      assertEquals(List.of("budget_spent"), run.getList("warnings"));

      for (int losses = 2; losses <= 5; losses++) {
        claimOne();
        lose();
        assertEquals("pending", look("slow", "r").getString("status"), "lost " + losses);
      }
      workUntilCutOff();
      run = look("slow", "r");
      assertEquals("error", run.getString("status"));
      assertEquals("attempts_exhausted", run.getString("error.code"));
      assertEquals(List.of(30, 40, 40, 50), run.getList("results.level"));
      assertEquals("budget_spent", run.getString("results[2].code"));
      assertEquals(List.of("budget_spent"), run.getList("warnings"));
      assertEquals("attempts_exhausted", run.getString("results[-1].code"));
      assertEquals(List.of(), queue.claim(1, LEASE));
    }
  }

  @Test
  void aRunReturnedBetweenStepsIsNeitherRecordedNorCounted() throws SQLException {
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(request -> call("c1", "no_such_tool", "{}"));
      register("between", "Hello", model);
      trigger("between", "r", Map.of());
      AtomicInteger asked = new AtomicInteger();
      // It goes on with the model and then the tool, and with nothing after these.
      WorkBudget untilTheTool =
          new WorkBudget() {
            @Override
            public boolean goesOn() {
              return asked.incrementAndGet() <= 2;
            }

            @Override
            public boolean isSpent() {
              return true;
            }
          };
      Claim claim = claimOne();
      executor.execute(claim, new HeldRun(claim, () -> true, untilTheTool));
      JsonPath run = look("between", "r");
      assertEquals("pending", run.getString("status"));
      assertEquals("call tool result", run.getString("results[-1].msg"));
      assertEquals(1, model.requests().size());
      assertEquals(0, losses("between"));

      model.script(request -> say("The end."));
      HeldRun.execute(executor, claimOne());
      assertEquals("The end.", look("between", "r").getString("output"));
      assertEquals(2, model.requests().size());
    }
  }

  @Test
  void aBudgetWithLessTimeThanAModelMayTakeIsDoubted() {
    Duration budget = Duration.ofMinutes(4);
    assertTrue(RequestWorker.warning(budget, Duration.ofMinutes(10)).orElse("").contains("PT10M"));
    assertTrue(RequestWorker.warning(budget, Duration.ofSeconds(121)).isPresent());
    assertTrue(RequestWorker.warning(budget, Duration.ofMinutes(2)).isEmpty());
  }

  private void workUntilCutOff() throws InterruptedException {
    WorkerConfig config = new TestWorkerConfig(4);
    Worker worker = new Worker(queue, slots, executor, config);
    assertFalse(new RequestWorker(worker, config).work(Duration.ofSeconds(1)));
    Eventually.await("an end", () -> worker.holds() == 0);
  }

  private int losses(String task) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT losses FROM run JOIN task ON task.id = task_id WHERE task.name = '"
                    + task
                    + "'")) {
      assertTrue(row.next());
      return row.getInt(1);
    }
  }

  private Claim claimOne() {
    List<Claim> claims = queue.claim(1, LEASE);
    assertEquals(1, claims.size());
    return claims.getFirst();
  }

  private void lose() throws SQLException {
    letLeasesRunOut();
    rescuer.rescue();
  }

  private void letLeasesRunOut() throws SQLException {
    change("UPDATE run SET lease_until = now() - interval '1 second' WHERE status = 'running'");
  }

  private void change(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private static JsonPath look(String task, String run) {
    return api().get(TASKS + "/" + task + "/runs/" + run).jsonPath();
  }
}
