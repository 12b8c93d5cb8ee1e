package dev.errand.worker;

import static dev.errand.support.Api.register;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import dev.errand.run.Run;
import dev.errand.run.RunArchive;
import dev.errand.support.Api;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import dev.errand.task.Task;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Prints triggers/s, runs/s and the time from trigger to ready; {@code ./mvnw verify -Pbench}. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RunBenchmark {
  private static final int RUNS = 2000;
  private static final int CALLERS = 32;

  @TestHTTPResource URI server;
  @Inject RunArchive archive;

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void runsWithOneModelCallAndNoTool() throws Exception {
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(request -> say("ok"));
      measure("one model call, no tool", "plain", "Hello {{ n }}", model);
    }
  }

  @Test
  void runsWithOneToolCall() throws Exception {
    HttpServer site =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    byte[] page = "<h1>Hello</h1><p>A page.</p>".getBytes(StandardCharsets.UTF_8);
    site.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "text/html");
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        ScriptedModel model = new ScriptedModel()) {
      site.setExecutor(threads);
      site.start();
      String arguments = "{\"url\":\"http://127.0.0.1:" + site.getAddress().getPort() + "/\"}";
      model.script(
          request -> request.size() == 1 ? call("c1", "fetch_fetch", arguments) : say("ok"));
      measure("two model calls, one fetch", "tool", "Read {{ n }}", model);
    } finally {
      site.stop(0);
    }
  }

  private void measure(String title, String task, String prompt, ScriptedModel model)
      throws Exception {
    register(task, prompt, model, Map.of("key", "sk-a-key-for-tests-1234", "concurrency", 64))
        .then()
        .statusCode(201);
    Task registered =
        QuarkusTransaction.requiringNew().call(() -> Task.<Task>find("name", task).firstResult());
    round(task, registered, "warm", 500);
    long start = System.nanoTime();
    long triggered = round(task, registered, "run", RUNS);
    long ended = System.nanoTime();
    List<Long> latencies = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      Run run = archive.find(registered.id, "run-" + i).orElseThrow();
      assertEquals("ready", run.status().code());
      if (run.finishedAt() != null) {
        latencies.add(Duration.between(run.createdAt(), run.finishedAt()).toNanos() / 1_000_000);
      }
    }
    List<Long> idle = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      trigger(task, "idle-" + i);
      awaitEnd(registered, "idle-" + i);
      Run run = archive.find(registered.id, "idle-" + i).orElseThrow();
      if (run.finishedAt() != null) {
        idle.add(Duration.between(run.createdAt(), run.finishedAt()).toNanos() / 1_000_000);
      }
    }
    System.out.printf(
        "%s: %.0f triggers/s, %.0f runs/s; trigger to ready, all at once: p50 %d ms, p99 %d ms;"
            + " one at a time: p50 %d ms, p99 %d ms%n",
        title,
        RUNS / ((triggered - start) / 1e9),
        RUNS / ((ended - start) / 1e9),
        percentile(latencies, 50),
        percentile(latencies, 99),
        percentile(idle, 50),
        percentile(idle, 99));
  }

  /** Triggers so many runs and waits for their ends; the answer is when the last was triggered. */
  private long round(String task, Task registered, String name, int runs) throws Exception {
    Semaphore free = new Semaphore(CALLERS);
    List<Future<?>> triggers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < runs; i++) {
        String run = name + "-" + i;
        triggers.add(
            threads.submit(
                () -> {
                  free.acquire();
                  try {
                    trigger(task, run);
                    return null;
                  } finally {
                    free.release();
                  }
                }));
      }
      for (Future<?> trigger : triggers) {
        trigger.get();
      }
    }
    long triggered = System.nanoTime();
    for (int i = 0; i < runs; i++) {
      awaitEnd(registered, name + "-" + i);
    }
    return triggered;
  }

  private void awaitEnd(Task task, String run) {
    while (!archive.find(task.id, run).orElseThrow().status().isEnd()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void trigger(String task, String run) throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(server.resolve(Api.TASKS + "/" + task + "/runs/" + run))
                .header("Cookie", "sessionId=" + Api.SESSION)
                .PUT(HttpRequest.BodyPublishers.ofString("{\"parameters\":{\"n\":\"x\"}}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(201, answer.statusCode(), answer.body());
  }

  private static long percentile(List<Long> values, int percent) {
    List<Long> sorted = values.stream().sorted().toList();
    return sorted.get((sorted.size() - 1) * percent / 100);
  }
}
