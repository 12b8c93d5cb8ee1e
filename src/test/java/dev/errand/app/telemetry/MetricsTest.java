package dev.errand.app.telemetry;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.Eventually.await;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.errand.support.Metrics;
import dev.errand.support.ScriptedModel;
import dev.errand.support.SilentModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs, models, tools, callbacks and fires are counted in the metrics endpoint. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class MetricsTest {
  private static final String TASK = "counted-task";
  private static final String KEY = "sk-a-key-for-tests-1234";

  @Inject DataSource database;

  @AfterEach
  void noTask() {
    api().delete(TASKS + "/" + TASK + "?force=true");
  }

  @Test
  void aRunIsCountedWithItsModelAndItsTools() throws IOException {
    HttpServer site = site(200);
    String page = "http://127.0.0.1:" + site.getAddress().getPort() + "/secret-page";
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request ->
              switch (request.size()) {
                case 1 -> call("call_1", "fetch_fetch", "{\"url\":\"" + page + "\"}");
                case 3 -> call("call_2", "fetch_fetch", "{\"url\":\"http://10.1.2.3/\"}");
                default -> say("Done.");
              });
      register(TASK, "Go", model).then().statusCode(201);
      Metrics before = Metrics.now();
      assertTrue(
          before.has("errand_model_seconds_count", "outcome", "model_unavailable"),
          "the first failure shows as an increase");
      trigger(TASK, "counted-run", Map.of()).then().statusCode(201);
      JsonPath run = ended(TASK, "counted-run");
      assertEquals("ready", run.getString("status"), run.prettify());
      assertEquals(2, run.getInt("usage.tool_calls"));

      assertMore(1, before, "errand_claims_total");
      assertMore(1, before, "errand_run_start_seconds_count");
      assertMore(1, before, "errand_runs_ended_total", "status", "ready", "code", "none");
      assertMore(3, before, "errand_model_seconds_count", "outcome", "answered");
      assertMore(30, before, "errand_model_tokens_total", "kind", "prompt");
      assertMore(15, before, "errand_model_tokens_total", "kind", "completion");
      String vendor = "gen_ai_provider_name";
      assertMore(3, before, "gen_ai_client_operation_duration_seconds_count", vendor, "openai");
      assertMore(30, before, "gen_ai_client_inference_usage_input_tokens_total", vendor, "openai");
      assertMore(15, before, "gen_ai_client_inference_usage_output_tokens_total", vendor, "openai");
      assertMore(0.0001, before, "errand_model_cost_usd_total");
      assertMore(1, before, "errand_tool_seconds_count", "outcome", "answered");
      assertMore(1, before, "errand_tool_seconds_count", "outcome", "failed");
      assertTrue(before.has("errand_run_warnings_total", "code", "max_cost"));
      assertMore(1, before, "errand_run_warnings_total", "code", "tools_failed");
      assertMore(2, before, "errand_servlet_call_seconds_count");
      assertMore(1, before, "errand_egress_refused_total", "reason", "address");
      assertTrue(Metrics.now().of("errand_servlet_compile_seconds_count") >= 1);
      assertTrue(
          Metrics.now().of("errand_model_seconds_bucket", "outcome", "answered", "le", "600.0")
              >= 3);
      String told = Metrics.now().text();
      for (String unbounded :
          List.of(TASK, "counted-run", "fetch_fetch", "secret-page", "127.0.0.1", KEY)) {
        assertFalse(told.contains(unbounded), () -> unbounded + " in " + told);
      }
      assertTrue(
          told.contains("uri=\"/api/profiles/{user}/{profile}/tasks/{task}/runs/{run}\""), told);
    } finally {
      site.stop(0);
    }
  }

  @Test
  void requestsRefusedBeforeRoutingAreCountedWithoutPathAndMethod() {
    given()
        .contentType("text/plain")
        .body(new byte[3 * 1024 * 1024])
        .post("/hooks/the-secret-of-a-trigger")
        .then()
        .statusCode(413);
    given().request("FROBNICATE", "/api/users/~");
    await(
        "both",
        () -> {
          Metrics now = Metrics.now();
          return now.of("http_server_requests_seconds_count", "status", "413") >= 1
              && now.of("http_server_requests_seconds_count", "method", "OTHER") >= 1;
        });
    String told = Metrics.now().text();
    assertFalse(told.contains("the-secret-of-a-trigger"), told);
    assertFalse(told.contains("FROBNICATE"), told);
  }

  @Test
  void theTimeUntilARunBeginsIsThatOfItsRow() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request -> {
            asked.countDown();
            hold(released);
            return say("Done.");
          });
      register(TASK, "Go", model.url(), Map.of("key", KEY, "concurrency", 1))
          .then()
          .statusCode(201);
      Metrics before = Metrics.now();
      trigger(TASK, "first", Map.of()).then().statusCode(201);
      assertTrue(asked.await(1, TimeUnit.MINUTES));
      trigger(TASK, "second", Map.of()).then().statusCode(201);
      released.countDown();
      double waited = waited("first") + waited("second");
      Metrics after = Metrics.now();
      assertEquals(
          2,
          after.of("errand_run_start_seconds_count") - before.of("errand_run_start_seconds_count"));
      assertEquals(
          waited,
          after.of("errand_run_start_seconds_sum") - before.of("errand_run_start_seconds_sum"),
          0.01);
    }
  }

  private static double waited(String run) {
    JsonPath ended = ended(TASK, run);
    Instant due = Instant.parse(ended.getString("created_at"));
    return Duration.between(due, Instant.parse(ended.getString("started_at"))).toMillis() / 1000.0;
  }

  private static void hold(CountDownLatch released) {
    try {
      assertTrue(released.await(1, TimeUnit.MINUTES));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theHealthOfTheDatabaseAndOfTheMasterKeyIsAMetric() throws SQLException {
    Metrics now = Metrics.now();
    assertEquals(1, now.of("errand_health", "check", "database_writes"));
    assertEquals(1, now.of("errand_health", "check", "master_key"));
    assertTrue(now.of("errand_database_bytes") > 1_000_000);
    assertEquals(0, now.of("errand_watches_missed"));
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO worker_process
            (id, name, version, capacity, busy, started_at, seen_at, master_keys)
          VALUES (gen_random_uuid(), 'ahead', '1', 1, 0, now(), now(), '{00}')
          """);
      try {
        assertEquals(0, Metrics.now().of("errand_health", "check", "master_key"));
      } finally {
        statement.execute("DELETE FROM worker_process WHERE name = 'ahead'");
      }
    }
    assertEquals(1, Metrics.now().of("errand_health", "check", "master_key"));
  }

  @Test
  void failedRunsAreCountedByTheirCode() throws InterruptedException {
    try (ScriptedModel model = new ScriptedModel();
        SilentModel silent = new SilentModel()) {
      model.script(request -> ScriptedModel.error(401, "invalid_api_key", "No."));
      register(TASK, "Go", model).then().statusCode(201);
      Metrics before = Metrics.now();
      trigger(TASK, "refused", Map.of()).then().statusCode(201);
      assertEquals("key_refused", ended(TASK, "refused").getString("error.code"));
      assertMore(1, before, "errand_runs_ended_total", "status", "error", "code", "key_refused");
      assertMore(1, before, "errand_model_seconds_count", "outcome", "key_refused");

      register(TASK, "Go", silent.url(), Map.of("key", KEY)).then().statusCode(200);
      trigger(TASK, "cancelled", Map.of()).then().statusCode(201);
      assertTrue(silent.awaitRequest());
      api().post(TASKS + "/" + TASK + "/runs/cancelled/cancel").then().statusCode(200);
      assertMore(1, before, "errand_runs_ended_total", "status", "error", "code", "cancelled");
      assertMore(1, before, "errand_model_seconds_count", "outcome", "cut_off");
    }
  }

  @Test
  void theMetricsOfTheQueueShowItsDepth() throws InterruptedException {
    try (SilentModel silent = new SilentModel()) {
      register(TASK, "Go", silent.url(), Map.of("key", KEY, "concurrency", 1))
          .then()
          .statusCode(201);
      trigger(TASK, "works", Map.of()).then().statusCode(201);
      assertTrue(silent.awaitRequest());
      trigger(TASK, "waits", Map.of()).then().statusCode(201);
      await(
          "a run that waits for its task, and does not grow older",
          () -> {
            Metrics now = Metrics.now();
            return now.of("errand_queue_runs", "status", "running") >= 1
                && now.of("errand_queue_runs", "status", "pending") >= 1
                && now.of("errand_queue_age_seconds") == 0;
          });
      api().delete(TASKS + "/" + TASK + "?force=true").then().statusCode(204);
      await(
          "an empty queue", () -> Metrics.now().of("errand_queue_runs", "status", "pending") == 0);
    }
  }

  @Test
  void callbacksAndFiresAreCountedByResult() throws IOException {
    HttpServer hears = site(204);
    HttpServer gone = site(410);
    try (ScriptedModel model = new ScriptedModel()) {
      Metrics before = Metrics.now();
      register(
              TASK,
              "Go",
              model,
              Map.of(
                  "key",
                  KEY,
                  "callbacks",
                  List.of(Map.of("url", address(hears)), Map.of("url", address(gone)))))
          .then()
          .statusCode(201);
      api()
          .body(Map.of("every", "PT1S"))
          .put(TASKS + "/" + TASK + "/schedules/often")
          .then()
          .statusCode(201);
      assertMore(1, before, "errand_schedule_fires_total", "outcome", "started");
      assertMore(1, before, "errand_callback_attempts_total", "outcome", "accepted");
      assertMore(1, before, "errand_callback_attempts_total", "outcome", "unwanted");
    } finally {
      hears.stop(0);
      gone.stop(0);
    }
  }

  @Test
  void toolCallsThatWaitAreCountedUntilAPersonDecides() {
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request ->
              request.size() == 1
                  ? call("call_1", "calc_calculate", "{\"expression\":\"1+1\"}")
                  : say("Done."));
      register(
              TASK,
              "Go",
              model,
              Map.of("key", KEY, "approvals", Map.of("calc_calculate", "always")))
          .then()
          .statusCode(201);
      Metrics before = Metrics.now();
      trigger(TASK, "asks", Map.of()).then().statusCode(201);
      await(
          "one that waits",
          () -> {
            Metrics now = Metrics.now();
            return now.of("errand_approvals_waiting") >= 1
                && now.of("errand_approvals_oldest_seconds") > 0;
          });
      String id =
          api().get("/api/profiles/~/default/approvals?run=" + TASK + "/asks").path("[0].id");
      api()
          .body(Map.of("decision", "reject"))
          .post("/api/profiles/~/default/approvals/" + id)
          .then()
          .statusCode(200);
      assertMore(1, before, "errand_approvals_decided_total", "outcome", "rejected");
      await("none", () -> Metrics.now().of("errand_approvals_waiting") == 0);
    }
  }

  private static void assertMore(double least, Metrics before, String name, String... labels) {
    await(
        name + " " + String.join("=", labels) + " more by " + least,
        () -> Metrics.now().of(name, labels) - before.of(name, labels) >= least);
  }

  private static HttpServer site(int status) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String address(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
  }
}
