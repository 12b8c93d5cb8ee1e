package dev.errand.runs.live;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.errand.support.Api;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request waits for the end of a run, without holding anything while it waits. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class LongPollTest {
  private static final String RUNS = TASKS + "/awaited/runs/";

  @TestHTTPResource URI server;
  @Inject RunWatchers watch;

  private final ScriptedModel model = new ScriptedModel();
  private final Semaphore answers = new Semaphore(0);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @BeforeEach
  void aSlowModel() {
    model.script(
        request -> {
          answers.acquireUninterruptibly();
          return request.size() == 1
              ? call("c", "calc_calculate", "{\"expression\": \"1\"}")
              : say("The end.");
        });
    register("awaited", "Hello", model);
  }

  @AfterEach
  void stop() {
    answers.release(100);
    api().delete(TASKS + "/awaited?force=true");
    threads.shutdownNow();
    model.close();
  }

  @Test
  void theAnswerComesWithTheEndOfTheRunAndNotWithAnEntry() throws Exception {
    trigger("awaited", "end", Map.of());
    Future<Response> answer = threads.submit(() -> api().get(RUNS + "end?wait=1m"));
    Eventually.await("the watcher", () -> watch.watchers() == 1);
    answers.release();
    Eventually.await(
        "the tool's answer",
        () -> api().get(RUNS + "end").jsonPath().getList("results").size() == 4);
    assertFalse(answer.isDone());
    answers.release();
    answer
        .get()
        .then()
        .statusCode(200)
        .body("status", equalTo("ready"))
        .body("results", hasSize(5))
        .body("output", equalTo("The end."));
  }

  @Test
  void afterTheWaitTheAnswerHasTheStateOfTheRun() {
    trigger("awaited", "time", Map.of());
    api()
        .get(RUNS + "time?wait=1")
        .then()
        .statusCode(200)
        .body("status", not(equalTo("ready")))
        .body("results", hasSize(1));
    assertEquals(0, watch.watchers());
  }

  @Test
  void thereIsNoWaitForWhatHasEndedOrIsNotThere() {
    answers.release(2);
    trigger("awaited", "past", Map.of());
    ended("awaited", "past");
    api().get(RUNS + "past?wait=60").then().statusCode(200).body("results", hasSize(5));
    problem(api().get(RUNS + "none?wait=PT1M"), 404, "run_not_found");
  }

  @Test
  void aWaitOfZeroReturnsTheRunAtOnce() {
    trigger("awaited", "at-once", Map.of());
    api()
        .get(RUNS + "at-once?wait=0")
        .then()
        .statusCode(200)
        .body("status", oneOf("pending", "running"));
    answers.release();
  }

  @ParameterizedTest
  @ValueSource(strings = {"61", "-1", "1.5", "61s", "PT1M1S", "-1s", "x", "99999999999"})
  void aTimeOutOfBoundsIsRefused(String wait) {
    trigger("awaited", "bounds", Map.of());
    problem(api().get(RUNS + "bounds?wait=" + wait), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo("wait"));
  }

  @Test
  void aHundredRequestsWaitAndHoldNoConnection() throws Exception {
    trigger("awaited", "crowd", Map.of());
    List<Future<Response>> waiting = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      waiting.add(threads.submit(() -> api().get(RUNS + "crowd?wait=60")));
    }
    Eventually.await("all of them", () -> watch.watchers() == 100);
    // The pool has 24 connections, and a request waits for one for 5 seconds.
    for (int i = 0; i < 24; i++) {
      api().get(RUNS + "crowd").then().statusCode(200);
    }
    answers.release(2);
    for (Future<Response> answer : waiting) {
      answer.get().then().statusCode(200).body("status", equalTo("ready"));
    }
    assertEquals(0, watch.watchers());
  }

  @Test
  void disconnectedClientsAreNoticed() throws Exception {
    trigger("awaited", "left", Map.of());
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
      socket
          .getOutputStream()
          .write(
              ("GET "
                      + RUNS
                      + "left?wait=60 HTTP/1.1\r\nHost: localhost\r\nCookie: sessionId="
                      + Api.SESSION
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      Eventually.await("the watcher", () -> watch.watchers() == 1);
    }
    Eventually.await("no watcher", () -> watch.watchers() == 0);
    // The run goes on, whether or not a worker has it already.
    api().get(RUNS + "left").then().body("status", oneOf("pending", "running"));
  }
}
