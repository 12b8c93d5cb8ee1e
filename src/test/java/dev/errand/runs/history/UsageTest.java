package dev.errand.runs.history;

import static dev.errand.support.Api.problem;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.base.json.Json;
import dev.errand.models.port.Usage;
import dev.errand.runs.queue.KeptByHand;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What runs used is counted once, by day, whatever becomes of the runs. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = KeptByHand.class, scope = TestResourceScope.MATCHING_RESOURCES)
class UsageTest {
  private static final String PROFILE = "/api/profiles/~/default";
  private static final AtomicInteger NUMBER = new AtomicInteger();

  @Inject UsageStore store;
  @Inject RunRetention retention;
  @Inject DataSource database;
  @Inject Sql sql;
  @Inject Json json;

  private final ScriptedModel model = new ScriptedModel();
  private OtherUser user;

  @BeforeEach
  void aUser() {
    user = OtherUser.named("spender-" + NUMBER.incrementAndGet(), database);
  }

  @AfterEach
  void stop() {
    model.close();
  }

  @Test
  void usageIsSummedByDayAndByTask() {
    model.script(
        request -> request.size() == 1 ? call("c1", "no_such_tool", "{}") : say("The end."));
    register("one");
    register("two");
    run("one", "a");
    run("one", "b");
    run("two", "a");
    model.script(request -> error(401, "invalid_api_key", "No."));
    run("two", "b");

    for (int round = 0; round < 2; round++) {
      JsonPath usage = usage("/usage");
      assertEquals(30, usage.getList("days").size());
      assertEquals(LocalDate.now(ZoneOffset.UTC).toString(), usage.getString("days[29].day"));
      assertEquals(usage.getString("to"), usage.getString("days[29].day"));
      assertEquals(usage.getString("from"), usage.getString("days[0].day"));
      assertEquals(0, usage.getInt("days[0].runs_ready"));
      for (String sum : new String[] {"total", "days[29]"}) {
        assertEquals(3, usage.getInt(sum + ".runs_ready"));
        assertEquals(1, usage.getInt(sum + ".runs_error"));
        assertEquals(60, usage.getInt(sum + ".prompt_tokens"));
        assertEquals(30, usage.getInt(sum + ".completion_tokens"));
        assertEquals(90, usage.getInt(sum + ".total_tokens"));
        assertEquals(6, usage.getInt(sum + ".steps"));
        assertEquals(3, usage.getInt(sum + ".tool_calls"));
        assertEquals(3, usage.getInt(sum + ".tool_errors"));
      }
      usage("/usage", "tasks.task", contains("one", "two"));
      usage("/usage", "tasks.runs_ready", contains(2, 1));
      usage("/usage", "tasks.runs_error", contains(0, 1));
      usage("/usage", "tasks.total_tokens", contains(60, 30));
      usage("/usage", "tasks.deleted", contains(false, false));
      JsonPath one = usage("/tasks/one/usage");
      assertEquals(60, one.getInt("total.total_tokens"));
      assertEquals(60, one.getInt("days[29].total_tokens"));
      assertNull(one.get("tasks"));
      // The same when all of it is added up.
      store.addUp();
    }
  }

  @Test
  void costAndDetailedTokensOfRunsAreSummed() {
    register("priced");
    run("priced", "none");
    usage("/usage", "total.cost_usd", nullValue());
    run("priced", "cheap");
    run("priced", "dear");
    // As runs tell it where a price is known.
    execute(
        """
        UPDATE usage_tally AS t SET usage = told.usage FROM run, (VALUES
          ('cheap', '{"prompt_tokens":7,"cached_tokens":5,"cache_write_tokens":2,"cost_usd":1.0E-7,"model_ms":3,"tool_ms":4}'),
          ('dear', '{"prompt_tokens":8,"reasoning_tokens":6,"cost_usd":0.3}')) AS told(name, usage)
        WHERE run.name = told.name AND run.task_id = t.task_id AND t.ctid = (SELECT ctid FROM
          usage_tally AS one WHERE one.task_id = t.task_id ORDER BY ctid
          OFFSET CASE told.name WHEN 'cheap' THEN 1 ELSE 2 END LIMIT 1)""");
    for (int round = 0; round < 2; round++) {
      JsonPath usage = usage("/usage");
      assertEquals("0.3000001", usage.getString("total.cost_usd"));
      assertEquals(25, usage.getInt("total.prompt_tokens"));
      assertEquals(5, usage.getInt("total.cached_tokens"));
      assertEquals(2, usage.getInt("total.cache_write_tokens"));
      assertEquals(2, usage.getInt("days[29].cache_write_tokens"));
      assertEquals(2, usage.getInt("tasks[0].cache_write_tokens"));
      assertEquals(6, usage.getInt("total.reasoning_tokens"));
      store.addUp();
    }
  }

  @Test
  void aNewRunHasTheUsageThatAWorkerNeedNotRead() {
    assertEquals(
        "'" + json.write(Usage.NONE) + "'::text",
        sql.statement(
                """
                SELECT column_default AS usage FROM information_schema.columns
                WHERE table_name = 'run' AND column_name = 'usage'
                """)
            .one(row -> row.text("usage")));
  }

  @Test
  void aRetriedRunCountsOnceWithItsLaterUsageOnTheLaterDay() {
    register("again");
    run("again", "r");
    execute(
        """
        UPDATE usage_tally SET day = day - 1
        WHERE task_id = (SELECT id FROM task WHERE name = 'again' AND profile_id = %s)"""
            .formatted(profile()));
    for (int round = 2; round <= 3; round++) {
      execute(
          """
          UPDATE run SET status = 'pending', finished_at = NULL, available_at = now()
          WHERE profile_id = %s"""
              .formatted(profile()));
      awaitEnd("again", "r");
      // The model's server counts 15 tokens for each answer.
      assertEquals(15 * round, run("again", "r").getInt("usage.total_tokens"));
      JsonPath usage = usage("/usage");
      assertEquals(15 * round, usage.getInt("total.total_tokens"));
      assertEquals(15, usage.getInt("days[28].total_tokens"));
      assertEquals(15 * (round - 1), usage.getInt("days[29].total_tokens"));
      store.addUp();
      assertEquals(usage.getMap(""), usage("/usage").getMap(""));
    }
  }

  @Test
  void usageOutlivesItsRunsAndItsTask() {
    register("gone");
    run("gone", "r");
    execute(
        """
        UPDATE run SET created_at = created_at - interval '31 days',
          finished_at = finished_at - interval '31 days' WHERE profile_id = %s"""
            .formatted(profile()));
    retention.runOnce();
    execute("UPDATE run_tombstone SET removed_at = removed_at - interval '61 seconds'");
    retention.runOnce();
    problem(user.api().get(PROFILE + "/tasks/gone/runs/r"), 410, "run_gone");
    assertEquals(15, usage("/tasks/gone/usage").getInt("total.total_tokens"));
    user.api().delete(PROFILE + "/tasks/gone").then().statusCode(204);
    assertEquals(15, usage("/usage").getInt("total.total_tokens"));
    usage("/usage", "tasks.deleted", contains(true));
    problem(user.api().get(PROFILE + "/tasks/gone/usage"), 404, "task_not_found");
  }

  @Test
  void aRunThatIsEndedByTheDeletionOfItsTaskCounts() throws Exception {
    Semaphore asked = new Semaphore(0);
    Semaphore answers = new Semaphore(0);
    model.script(
        request -> {
          asked.release();
          answers.acquireUninterruptibly();
          return say("Late.");
        });
    register("ended");
    trigger("ended", "r");
    asked.acquire();
    user.api().delete(PROFILE + "/tasks/ended?force=true").then().statusCode(204);
    assertEquals(1, usage("/usage").getInt("total.runs_error"));
    answers.release();
  }

  @Test
  void usageSummedWhileRunsEndIsNeitherLostNorCountedTwice() throws Exception {
    int runs = 200;
    register("busy");
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> adding =
          threads.submit(
              () -> {
                while (!over.get()) {
                  store.addUp();
                }
              });
      for (int i = 0; i < runs; i++) {
        trigger("busy", "r" + i);
      }
      int seen = 0;
      while (seen < runs) {
        int now = usage("/usage").getInt("total.runs_ready");
        assertTrue(now >= seen && now <= runs, now + " after " + seen);
        seen = now;
      }
      over.set(true);
      adding.get();
    }
    assertEquals(15 * runs, usage("/usage").getInt("total.total_tokens"));
  }

  @ParameterizedTest
  @CsvSource({
    "from=x,from",
    "to=2026-13-01,to",
    "from=2026-11-24T00:00:00,from",
    "from=2026-11-02&to=2026-11-01,from",
    "from=2025-11-01&to=2026-11-02,from",
    "from=-999999999-01-01,from",
    "to=%2B12026-01-01,to",
  })
  void aTimeThatIsNoneIsRefused(String query, String field) {
    problem(user.api().get(PROFILE + "/usage?" + query), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo(field));
  }

  @Test
  void aTimeMayBeNamed() {
    usage(
        "/usage?from=2026-02-27&to=2026-03-01",
        "days.day",
        contains("2026-02-27", "2026-02-28", "2026-03-01"));
    usage("/usage?from=2025-11-02&to=2026-11-02", "days", hasSize(366));
    usage("/usage?to=2026-01-30", "from", equalTo("2026-01-01"));
    usage("/usage", "tasks", hasSize(0));
    // A time means its day in UTC.
    usage(
        "/usage?from=2026-02-28T00:30:00.123456%2B01:00&to=2026-02-28T23:59:59.999Z",
        "days.day", contains("2026-02-27", "2026-02-28"));
  }

  private void register(String task) {
    user.api()
        .body(
            Map.of(
                "runner",
                "openai",
                "openai",
                Map.of(
                    "prompt", "Hello", "model", "a-model-without-a-price", "base_url", model.url()),
                "settings",
                Map.of("key", "sk-a-key-for-tests-1234")))
        .put(PROFILE + "/tasks/" + task)
        .then()
        .statusCode(201);
  }

  private void trigger(String task, String run) {
    user.api().put(PROFILE + "/tasks/" + task + "/runs/" + run);
  }

  private JsonPath run(String task, String run) {
    trigger(task, run);
    return awaitEnd(task, run);
  }

  private JsonPath awaitEnd(String task, String run) {
    return user.api()
        .get(PROFILE + "/tasks/" + task + "/runs/" + run + "?wait=60")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath();
  }

  private JsonPath usage(String path) {
    return user.api().get(PROFILE + path).then().statusCode(200).extract().jsonPath();
  }

  private void usage(String path, String field, org.hamcrest.Matcher<?> wanted) {
    user.api().get(PROFILE + path).then().statusCode(200).body(field, wanted);
  }

  /** The user's profile, as SQL. */
  private String profile() {
    return """
    (SELECT profile.id FROM profile JOIN account ON account.id = account_id
     WHERE username = 'spender-%d')"""
        .formatted(NUMBER.get());
  }

  private void execute(String sql) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
