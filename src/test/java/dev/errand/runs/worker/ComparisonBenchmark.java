package dev.errand.runs.worker;

import static dev.errand.support.Api.register;
import static dev.errand.support.ScriptedModel.say;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.runs.run.start.RunStarter;
import dev.errand.runs.task.Task;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/**
 * Prints what the same PostgreSQL and the same model make of runs here, and of the like job on
 * graphile-worker and on db-scheduler: the same HTTP request, a row for the job, one for what it
 * begins with and one for what it ends with, each step committed. {@code ./mvnw test -Pbench
 * -Dtest=ComparisonBenchmark}; it needs Node.js and npm.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ComparisonBenchmark {
  private static final int JOBS = Integer.getInteger("errand.bench.runs", 2000);
  private static final int ROUNDS = 5;
  private static final int CALLERS = 32;
  private static final int WORKERS = 64;
  private static final int ALONE = 100;
  private static final Map<String, Object> SETTINGS =
      Map.of("key", "sk-a-key-for-tests-1234", "concurrency", WORKERS);

  @TestHTTPResource URI server;
  @Inject DataSource database;
  @Inject RunStarter trigger;

  @ConfigProperty(name = "quarkus.datasource.jdbc.url")
  String url;

  @ConfigProperty(name = "quarkus.datasource.password")
  String password;

  /** Does so many jobs; how many a second that is. */
  @FunctionalInterface
  private interface Rounds {
    double round(String name, int jobs) throws Exception;
  }

  @Test
  void theLikeJobElsewhere() throws Exception {
    try (ScriptedModel model = new ScriptedModel()) {
      register("api", RunLoad.PROMPT, model, SETTINGS).then().statusCode(201);
      register("inside", RunLoad.PROMPT, model, SETTINGS).then().statusCode(201);
      RunLoad byApi = new RunLoad(database, "api", RunLoad.byRequests(server, "api"));
      RunLoad inside = new RunLoad(database, "inside", inThisProcess("inside"));
      BlockingQueue<ObjectNode> first = new ArrayBlockingQueue<>(1);
      model.script(
          request -> {
            byApi.asked(request);
            inside.asked(request);
            boolean _ = first.offer(request.body().deepCopy());
            // So many requests would fill the memory.
            model.requests().clear();
            return say("ok");
          });
      byApi.round("first", 1);
      ObjectNode request = first.take();
      URI completions = URI.create(model.url() + "/chat/completions");
      try (LikeJobs scheduled = new LikeJobs(database, completions, request, CALLERS, WORKERS);
          GraphileJobs graphile =
              new GraphileJobs(url, password, completions, request, CALLERS, WORKERS)) {
        Map<String, Rounds> all = new LinkedHashMap<>();
        all.put("Errand, by its API", (name, jobs) -> byApi.round(name, jobs).runsPerSecond());
        all.put("Errand, in its process", (name, jobs) -> inside.round(name, jobs).runsPerSecond());
        all.put("graphile-worker", graphile::round);
        all.put("db-scheduler", scheduled::round);
        compare(all);
        print("Errand, by its API", byApi.oneByOne("by-api", ALONE));
        print("Errand, in its process", inside.oneByOne("in-process", ALONE));
        print("graphile-worker", graphile.oneByOne(ALONE));
        print("db-scheduler", scheduled.oneByOne(ALONE));
      }
    }
  }

  /** In turns, so that whatever else the machine does falls on all alike. */
  private static void compare(Map<String, Rounds> all) throws Exception {
    Map<String, List<Double>> rates = new LinkedHashMap<>();
    for (int round = -1; round < ROUNDS; round++) {
      for (Map.Entry<String, Rounds> of : all.entrySet()) {
        double rate = of.getValue().round("round" + round, JOBS);
        // The first one is there to warm up.
        if (round >= 0) {
          rates.computeIfAbsent(of.getKey(), what -> new ArrayList<>()).add(rate);
        }
      }
    }
    rates.forEach(
        (what, of) ->
            System.out.printf(
                "%s: median %.0f jobs/s of %d rounds of %d: %s%n",
                what,
                of.stream().sorted().toList().get(ROUNDS / 2),
                ROUNDS,
                JOBS,
                of.stream().map(rate -> "%.0f".formatted(rate)).toList()));
  }

  private static void print(String what, List<Double> alone) {
    System.out.printf(
        "%s: from adding one alone to its request p50 %.1f ms, p99 %.1f ms%n",
        what, RunLoad.percentile(alone, 50), RunLoad.percentile(alone, 99));
  }

  private RunLoad.Starting inThisProcess(String task) {
    Task found =
        QuarkusTransaction.requiringNew().call(() -> Task.<Task>find("name", task).firstResult());
    return run -> {
      ObjectNode parameters = JsonNodeFactory.instance.objectNode().put("n", run);
      trigger.byRequest(found, run, () -> parameters);
    };
  }
}
