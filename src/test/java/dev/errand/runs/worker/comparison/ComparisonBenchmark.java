package dev.errand.runs.worker.comparison;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.app.database.EmbeddedDatabase;
import dev.errand.runs.lifecycle.RunStarter;
import dev.errand.runs.task.TaskSnapshot;
import dev.errand.support.Api;
import dev.errand.support.BenchmarkSize;
import dev.errand.support.OwnTasks;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.Connection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Prints what the same PostgreSQL and the same model make of runs here, and of the same job on
 * db-scheduler, graphile-worker, pg-boss and DBOS Transact: {@code ./mvnw test -Pbench
 * -Dtest=ComparisonBenchmark}. It needs Linux and npm, and takes about ten minutes. A job asks the
 * model once, or asks it, calls a tool and asks again; what it begins with and what each step
 * results in is a row that is committed before the next step. What the columns mean is in
 * src/docs/benchmarks.md.
 *
 * <p>{@code -Derrand.bench.runs=500} makes rounds of so many jobs, {@code -Derrand.bench.rounds=1}
 * so many rounds after {@code -Derrand.bench.warm=1} to warm up, {@code -Derrand.bench.only=Errand}
 * measures only the systems whose names contain that, or one of several texts between commas.
 * {@code -Derrand.bench.jfr} records the service in its rounds, and prints which methods use its
 * CPU time and which allocate, per run; the recordings stay in {@code target/comparison}. {@code
 * -Derrand.bench.budget} measures runs under a budget of a day, too.
 */
@QuarkusTest
@QuarkusTestResource(value = ComparisonDatabase.class, restrictToAnnotatedClass = true)
@EnabledOnOs(OS.LINUX)
class ComparisonBenchmark {
  private static final int CALLERS = 32;
  private static final int WORKERS = 64;
  private static final String ONLY =
      System.getProperty("errand.bench.only", BenchmarkSize.isShort() ? "Errand,db-scheduler" : "");
  private static final String BUDGETED = "budgeted";
  private static final String PROMPT = "This is {{ n }}";
  private static final Map<String, Object> SETTINGS =
      Map.of("key", "sk-a-key-for-tests-1234", "concurrency", WORKERS);

  @TestHTTPResource URI server;
  @Inject DataSource service;
  @Inject OwnTasks tasks;
  @Inject RunStarter trigger;

  @ConfigProperty(name = "quarkus.datasource.jdbc.url")
  String url;

  @ConfigProperty(name = "quarkus.datasource.password")
  String password;

  @Test
  void theSameJobElsewhere() throws Exception {
    Peers.install(isWanted("graphile-worker") || isWanted("pg-boss"));
    try (LineProcess outside =
            LineProcess.java(
                ModelAndCallers.class.getName(),
                Peers.FOLDER.resolve("outside.log"),
                Map.of(),
                List.of());
        Connection superuser = TestDatabase.superuser(service)) {
      String model = outside.order("model");
      for (String task : List.of("api", "inside", BUDGETED)) {
        register(task, PROMPT, model, SETTINGS).then().statusCode(201);
      }
      api()
          .body(Map.of("period", "day", "task", BUDGETED, "tokens", 1_000_000_000_000L))
          .put("/api/profiles/~/default/budgets/bench")
          .then()
          .statusCode(201);
      Jobs byApi = new ErrandJobs(superuser, "api", outside, byApi(outside));
      Jobs inside = new ErrandJobs(superuser, "inside", outside, inThisProcess("inside"));
      Jobs budgeted = new ErrandJobs(superuser, BUDGETED, outside, inThisProcess(BUDGETED));
      double _ = byApi.round(Jobs.PLAIN + "first", 1);
      DatabaseCosts costs = new DatabaseCosts(superuser);
      Peers peers = new Peers(url, password, model, outside.order("request"), CALLERS, WORKERS);
      Map<String, Jobs> all = new LinkedHashMap<>();
      try {
        all.put("Errand, by its API", byApi);
        all.put("Errand, in its process", inside);
        if (BenchmarkSize.isShort() || Boolean.getBoolean("errand.bench.budget")) {
          all.put("Errand, under a budget", budgeted);
        }
        if (isWanted("db-scheduler")) {
          costs.make("db_scheduler", EmbeddedDatabase.SERVICE_USER);
          all.put("db-scheduler", peers.java("db_scheduler", "DbSchedulerJobs"));
        }
        if (isWanted("graphile-worker")) {
          costs.make("graphile", EmbeddedDatabase.SERVICE_USER);
          all.put("graphile-worker", peers.node("graphile", "graphile-worker.mjs"));
        }
        if (isWanted("pg-boss")) {
          costs.make("pg_boss", EmbeddedDatabase.SERVICE_USER);
          all.put("pg-boss", peers.node("pg_boss", "pg-boss.mjs"));
        }
        if (isWanted("DBOS Transact")) {
          costs.make("dbos", EmbeddedDatabase.SERVICE_USER);
          all.put("DBOS Transact", peers.java("dbos", "DbosJobs"));
        }
        all.keySet().removeIf(name -> !isWanted(name));
        Measurement measurement = new Measurement(all, outside, costs);
        measurement.print("One model call", Jobs.PLAIN, 2000);
        measurement.print("Two model calls and a tool call", Jobs.WITH_TOOL, 1000);
      } finally {
        for (Jobs jobs : all.values()) {
          jobs.close();
        }
      }
    }
  }

  private static boolean isWanted(String name) {
    return Stream.of(ONLY.split(",", -1)).anyMatch(name::contains);
  }

  private ErrandJobs.Callers byApi(LineProcess outside) {
    URI runs = server.resolve(Api.TASKS + "/api/runs/");
    return new ErrandJobs.Callers() {
      @Override
      public long[] add(String name, int from, int to) throws Exception {
        return outside.numbers("add " + runs + " " + name + " " + from + " " + to + " " + CALLERS);
      }

      @Override
      public long[] paced(String name, int jobs, double rate) throws Exception {
        return outside.numbers("paced " + runs + " " + name + " " + jobs + " " + rate);
      }
    };
  }

  private ErrandJobs.Callers inThisProcess(String task) {
    TaskSnapshot found = tasks.named(task);
    return new ErrandJobs.Callers() {
      @Override
      public long[] add(String name, int from, int to) throws Exception {
        return Adders.add(CALLERS, name, from, to, this::start);
      }

      @Override
      public long[] paced(String name, int jobs, double rate) throws Exception {
        return Adders.paced(name, jobs, rate, this::start);
      }

      private void start(String run) {
        ObjectNode parameters = JsonNodeFactory.instance.objectNode().put("n", run);
        trigger.byRequest(null, found, run, () -> parameters);
      }
    };
  }
}
