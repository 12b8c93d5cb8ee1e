package dev.errand.runs.worker;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.Futures.awaitAll;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.runs.queue.RunQueue;
import dev.errand.runs.queue.TaskSlots;
import dev.errand.support.Eventually;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A profile has so many runs queued and not one more, however many ask at once. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = TwoWorkersTest.NoLoop.class, scope = TestResourceScope.MATCHING_RESOURCES)
class QueueBoundTest {
  private static final int BOUND = 20_000;
  private static final int ROOM = 150;
  private static final String RUNS = TASKS + "/full/runs/";

  private final ScriptedModel model = new ScriptedModel();

  @Inject RunQueue queue;
  @Inject TaskSlots slots;
  @Inject RunExecutor executor;
  @Inject DataSource database;

  @AfterEach
  void forget() throws SQLException {
    change("TRUNCATE run CASCADE");
    model.close();
  }

  @Test
  void ofManyTriggersAtOnceAsManyStartAsThereIsRoomFor() throws Exception {
    OtherUser user = almostFull("crowded");
    List<Integer> statuses = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Response>> answers = new ArrayList<>();
      for (int i = 0; i < ROOM + 50; i++) {
        String run = RUNS + "r" + i;
        answers.add(threads.submit(() -> user.api().put(run)));
      }
      for (Future<Response> answer : answers) {
        statuses.add(answer.get().statusCode());
      }
    }
    assertEquals(ROOM, Collections.frequency(statuses, 201), statuses.toString());
    assertEquals(50, Collections.frequency(statuses, 429), statuses.toString());
  }

  @Test
  void aRefusedRequestGetsARetryAfterThatWorks() throws Exception {
    OtherUser user = almostFull("patient-one");
    for (int i = 0; i < ROOM; i++) {
      user.api().put(RUNS + "r" + i).then().statusCode(201);
    }
    problem(user.api().put(RUNS + "more"), 429, "queue_full")
        .then()
        .header("Retry-After", "5")
        .header("RateLimit-Policy", "\"queued\";q=" + BOUND)
        .header("RateLimit", "\"queued\";r=0;t=5")
        .body("detail", containsString("" + BOUND));
    problem(user.api().get(RUNS + "more"), 404, "run_not_found");
    user.api().put(RUNS + "r7").then().statusCode(200);
    register("elsewhere", "Hello", model);
    trigger("elsewhere", "r", Map.of()).then().statusCode(201);

    user.api().delete(RUNS + "r0").then().statusCode(200);
    eventually(201, () -> user.api().put(RUNS + "more"));
    problem(user.api().post(RUNS + "r0/retry"), 429, "queue_full");
    assertEquals(
        5,
        awaitAll(
            new Worker(queue, slots, executor, new TestWorkerConfig(8)).begin(() -> {}).runs()));
    eventually(202, () -> user.api().post(RUNS + "r0/retry"));
    user.api().get(RUNS + "r0").then().body("status", equalTo("pending"));
  }

  private OtherUser almostFull(String name) throws SQLException {
    OtherUser user = OtherUser.named(name, database);
    user.api()
        .body(
            Map.of(
                "runner",
                "openai",
                "openai",
                Map.of("prompt", "Hello", "model", "gpt-4o", "base_url", model.url()),
                "settings",
                Map.of("key", "sk-a-key-for-tests-1234")))
        .put(TASKS + "/full")
        .then()
        .statusCode(201);
    change(
        "INSERT INTO run (task_id, profile_id, name, parameters, assignment, trigger) SELECT"
            + " task.id, profile_id, 'filler' || number, '{}', json_build_object('openai',"
            + " runner_settings::json, 'settings', settings::json), '{}' FROM generate_series(1, "
            + (BOUND - ROOM)
            + ") AS number, task JOIN profile ON profile.id = profile_id JOIN account ON account.id"
            + " = account_id WHERE username = '"
            + name
            + "'");
    return user;
  }

  private void change(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private static void eventually(int status, Supplier<Response> request) {
    Eventually.await("the status " + status, () -> request.get().statusCode() == status);
  }
}
