package dev.errand.packaged;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Api;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A viewer who reads the largest lists a hundred times at once gets answers, or 503, from a small
 * process, which goes on to answer others.
 */
class GreedyReadersIT {
  private static final List<String> SMALL_HEAP = List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError");
  private static final int AT_ONCE = 100;
  private static final int RUNS = 12;
  private static final int CALLS = 12;
  private static final int LARGEST_ANSWER = 8_000_000;
  private static final int LARGEST_ARGUMENTS = 7_000_000;
  private static final String VIEWER = "the-session-of-a-viewer-in-tests-is-long-enough";
  private static final String PROFILE = "/api/profiles/admin/default";
  private static final String CONSOLE = "/console/admin/default";

  private static final List<String> LISTS =
      List.of(
          PROFILE + "/runs?limit=100",
          PROFILE + "/runs?limit=100&include=output",
          PROFILE + "/runs?limit=100&text=x&include=output",
          PROFILE + "/tasks/large/runs?limit=100",
          PROFILE + "/tasks/large/runs?limit=100&include=output",
          "/api/runs/admin/default/large",
          PROFILE + "/approvals?limit=100",
          PROFILE + "/approvals?limit=100&include=arguments",
          CONSOLE,
          CONSOLE + "/runs",
          CONSOLE + "/tasks",
          CONSOLE + "/tasks/large",
          CONSOLE + "/approvals");

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

  @TempDir static Path folder;

  private static Databases databases;
  private static ScriptedModel model;
  private static Packaged service;

  @BeforeAll
  static void fill() throws Exception {
    databases = new Databases(folder);
    service = Packaged.start("greedy", SMALL_HEAP, databases.create("greedy")).awaitReady();
    RestAssured.port = service.port();
    model = new ScriptedModel();
    String answer = "x".repeat(LARGEST_ANSWER);
    model.script(request -> say(answer));
    register("large", "Hello", model).then().statusCode(201);
    for (int i = 0; i < RUNS; i++) {
      trigger("large", "run-" + i, Map.of()).then().statusCode(201);
      awaitReady("run-" + i);
    }
    String arguments = "{\"expression\":\"" + "1".repeat(LARGEST_ARGUMENTS) + "\"}";
    model.script(request -> call("c", "calc_calculate", arguments));
    register(
            "asking",
            "Hello",
            model,
            Map.of(
                "key", "sk-a-key-for-tests-1234", "approvals", Map.of("calc_calculate", "always")))
        .then()
        .statusCode(201);
    for (int i = 1; i <= CALLS; i++) {
      trigger("asking", "call-" + i, Map.of()).then().statusCode(201);
      int waiting = i;
      Eventually.await(
          "a call that waits",
          Duration.ofMinutes(2),
          () -> one("SELECT count(*) FROM approval WHERE status = 'open'").equals("" + waiting));
    }
    databases.execute(
        "greedy",
        """
        INSERT INTO account (id, username) VALUES (gen_random_uuid(), 'viewer');
        INSERT INTO session (token_hash, account_id, kind)
        SELECT sha256(convert_to('%s', 'UTF8')), id, 'user' FROM account WHERE username = 'viewer'"""
            .formatted(VIEWER));
    api()
        .body(Map.of("role", "viewer"))
        .put("/api/profiles/~/default/members/viewer")
        .then()
        .statusCode(201);
  }

  private static void awaitReady(String run) {
    Eventually.await(
        run + " is ready",
        Duration.ofMinutes(2),
        () -> one("SELECT status FROM run WHERE name = '%s'".formatted(run)).equals("ready"));
  }

  private static String one(String sql) {
    try {
      return databases.one("greedy", sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterAll
  static void stop() {
    RestAssured.reset();
    service.close();
    model.close();
    databases.close();
  }

  @Test
  void othersAreAnsweredWhileOneReadsTooMuch() throws Exception {
    Map<String, Map<Integer, Integer>> answers = new TreeMap<>();
    for (String list : LISTS) {
      answers.put(list, greedily(list));
      assertTrue(service.isAlive(), () -> list + " ended the process: " + answers);
    }
    answers.forEach(
        (list, counts) -> {
          assertTrue(Set.of(200, 503).containsAll(counts.keySet()), answers::toString);
          assertTrue(counts.containsKey(200), () -> "nobody got " + list + ": " + answers);
        });
    Eventually.await("all memory is given back", () -> held() == 0);
  }

  /**
   * How many of the requests were answered with which status, while another user reads a little.
   */
  private static Map<Integer, Integer> greedily(String path) throws Exception {
    Map<Integer, Integer> counts = new TreeMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> asked = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        asked.add(threads.submit(() -> status(path, VIEWER)));
      }
      assertEquals(200, status("/api/profiles/~/default/runs?limit=1", Api.SESSION), path);
      assertEquals(200, status(TASKS, Api.SESSION), path);
      for (Future<Integer> each : asked) {
        counts.merge(each.get(), 1, Integer::sum);
      }
    }
    return counts;
  }

  private static int status(String path, String session) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
            .header("Cookie", "sessionId=" + session)
            .timeout(Duration.ofMinutes(2))
            .build();
    try {
      HttpResponse<InputStream> answer =
          CLIENT.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        body.transferTo(OutputStream.nullOutputStream());
      }
      return answer.statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  private static double held() {
    try {
      return CLIENT
          .send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + service.managementPort() + "/q/metrics"))
                  .header("Accept", "text/plain")
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith("errand_read_budget_used_bytes"))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
