package dev.errand.runs.worker;

import static dev.errand.support.Api.register;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;

import com.sun.net.httpserver.HttpServer;
import dev.errand.support.BenchmarkSize;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/**
 * Prints triggers/s, runs/s, and the time from trigger to the model's first request and to the end;
 * {@code ./mvnw test -Pbench -Dtest=RunBenchmark}.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RunBenchmark {
  private static final int RUNS = BenchmarkSize.of("errand.bench.runs", 3000, 20);
  private static final int IDLE = BenchmarkSize.of(300, 5);

  @TestHTTPResource URI server;
  @Inject DataSource database;

  @Test
  void runsWithOneModelCallAndNoTool() throws Exception {
    try (ScriptedModel model = new ScriptedModel()) {
      RunLoad load = new RunLoad(database, "plain", RunLoad.byRequests(server, "plain"));
      model.script(
          request -> {
            load.asked(request);
            // So many requests would fill the memory.
            model.requests().clear();
            return say("ok");
          });
      measure("one model call, no tool", "plain", load, model);
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
      RunLoad load = new RunLoad(database, "tool", RunLoad.byRequests(server, "tool"));
      model.script(
          request -> {
            load.asked(request);
            // So many requests would fill the memory.
            model.requests().clear();
            return request.size() == 1 ? call("c1", "fetch_fetch", arguments) : say("ok");
          });
      measure("two model calls, one fetch", "tool", load, model);
    } finally {
      site.stop(0);
    }
  }

  private static void measure(String title, String task, RunLoad load, ScriptedModel model)
      throws Exception {
    register(
            task,
            RunLoad.PROMPT,
            model,
            Map.of("key", "sk-a-key-for-tests-1234", "concurrency", 64))
        .then()
        .statusCode(201);
    load.round("warm", RUNS);
    RunLoad.Round round = load.round("run", RUNS);
    List<Double> idle = load.oneByOne("idle", IDLE);
    System.out.printf(
        "%s: %.0f triggers/s, %.0f runs/s; trigger to ready, %d at once: p50 %.0f ms, p99 %.0f ms;"
            + " one at a time: p50 %.1f ms, p99 %.1f ms, trigger to the model's first request p50"
            + " %.1f ms, p99 %.1f ms%n",
        title,
        round.triggersPerSecond(),
        round.runsPerSecond(),
        RUNS,
        load.tookMs("run", 50),
        load.tookMs("run", 99),
        load.tookMs("idle", 50),
        load.tookMs("idle", 99),
        RunLoad.percentile(idle, 50),
        RunLoad.percentile(idle, 99));
  }
}
