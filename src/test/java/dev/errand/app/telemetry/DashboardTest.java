package dev.errand.app.telemetry;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.errand.models.port.RunError;
import dev.errand.support.Eventually;
import dev.errand.support.Metrics;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/**
 * The dashboard and the alerts query metrics that the service has, the dashboard shows all of the
 * service's own, and each alert has a runbook.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class DashboardTest {
  private static final Pattern NOT_A_METRIC =
      Pattern.compile(
          "\\{[^}]*}|\\[[^]]*]|\\bby \\([^)]*\\)|\\b[a-z_]+(?= *\\()|\\b(?:sum|max|min)\\b|[0-9.]+");
  private static final Pattern OURS = Pattern.compile("\\b(?:errand|agroal)_[a-z_]+");
  private static final Pattern CODES = Pattern.compile("\\bcode[!=]~?=?\"([^\"]*)\"");
  private static final Pattern STATEMENT = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);
  private static final Pattern NAME = Pattern.compile("[a-z][a-z_]+");

  @Inject DataSource database;

  @Test
  void eachPanelQueriesExistingMetrics() throws IOException {
    doSomething();
    Set<String> present = Metrics.now().names();
    Set<String> asked = asked();
    assertTrue(asked.size() > 15, asked.toString());
    Set<String> missing = new TreeSet<>(asked);
    missing.removeAll(present);
    assertEquals(Set.of(), missing, () -> "present is " + new TreeSet<>(present));
  }

  @Test
  void eachAlertQueriesExistingMetrics() throws IOException {
    doSomething();
    Set<String> present = Metrics.now().names();
    Set<String> asked = new TreeSet<>();
    for (String expression : alerts().findValuesAsText("expr")) {
      OURS.matcher(expression).results().forEach(name -> asked.add(name.group()));
    }
    assertTrue(asked.size() > 10, asked.toString());
    asked.removeAll(present);
    assertEquals(Set.of(), asked, () -> "present is " + new TreeSet<>(present));
  }

  @Test
  void metricsOfAlertsExistFromTheStart() throws IOException {
    // An increase is seen only after a first sample, and these may be seen once alone.
    Metrics now = Metrics.now();
    Set<String> codes = new TreeSet<>(Set.of("none"));
    Set<String> outcomes = new TreeSet<>(Set.of("answered", "cut_off"));
    for (RunError error : RunError.values()) {
      codes.add(error.code());
      if (error.isOfModel()) {
        outcomes.add(error.code());
      }
    }
    assertEquals(codes, now.values("errand_runs_ended_total", "code"));
    assertEquals(outcomes, now.values("errand_model_seconds_count", "outcome"));
    assertTrue(now.has("errand_schedule_fires_total", "outcome", "missed"), now::text);
    assertTrue(now.has("errand_approvals_decided_total", "outcome", "expired"), now::text);
    assertTrue(now.has("errand_leases_lost_total"), now::text);
    assertTrue(now.has("process_uptime_seconds"), now::text);
  }

  @Test
  void everyCodeThatIsAskedForEndsRuns() throws IOException {
    Set<String> asked = new TreeSet<>();
    List<String> expressions = new ArrayList<>(alerts().findValuesAsText("expr"));
    expressions.addAll(dashboard().findValuesAsText("expr"));
    for (String expression : expressions) {
      CODES
          .matcher(expression)
          .results()
          .forEach(found -> asked.addAll(List.of(found.group(1).split("\\|"))));
    }
    assertTrue(asked.size() > 2, asked.toString());
    asked.removeIf(code -> RunError.of(code).isPresent());
    assertEquals(Set.of(), asked);
  }

  @Test
  void everyAlertHasARunbook() throws IOException {
    List<String> names = alerts().findValuesAsText("alert");
    assertTrue(names.size() > 10, names.toString());
    List<String> sections =
        Files.readAllLines(Path.of("src", "docs", "operating", "alerts.md")).stream()
            .filter(line -> line.startsWith("## Errand"))
            .map(line -> line.substring(3))
            .toList();
    assertEquals(new TreeSet<>(names), new TreeSet<>(sections));
    assertEquals(names.size(), sections.size());
  }

  @Test
  void everyStatementOfARunbookIsOne() throws IOException, SQLException {
    String runbook = Files.readString(Path.of("src", "docs", "operating", "alerts.md"));
    List<String> statements =
        STATEMENT.matcher(runbook).results().map(found -> found.group(1)).toList();
    assertEquals(6, statements.size());
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        assertTrue(statement.execute(sql), sql);
      }
    }
  }

  @Test
  void aRoleThatOnlyCountsShowsKedaARunningRun() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    try (ScriptedModel model = new ScriptedModel();
        Connection connection = TestDatabase.superuser(database);
        Statement statement = connection.createStatement()) {
      model.script(
          request -> {
            await(released);
            return say("Done.");
          });
      register("counted", "Go", model).then().statusCode(201);
      trigger("counted", "once", Map.of()).then().statusCode(201);
      Eventually.await("a request to the model", () -> !model.requests().isEmpty());
      connection.setAutoCommit(false);
      String guide = Files.readString(Path.of("deploy", "keda", "README.md"));
      statement.execute(STATEMENT.matcher(guide).results().findFirst().orElseThrow().group(1));
      // A run that waits for its model counts only until its process has reported that.
      statement.execute("UPDATE worker_process SET waiting = 0");
      statement.execute("SET LOCAL ROLE errand_queue");
      JsonNode scaled =
          new ObjectMapper(new YAMLFactory())
              .readTree(Path.of("deploy/keda/postgresql/scaledobject.yaml").toFile());
      try (ResultSet wanted =
          statement.executeQuery(scaled.at("/spec/triggers/0/metadata/query").asText())) {
        assertTrue(wanted.next());
        assertEquals(1, wanted.getInt(1), "it is the only one");
      }
      connection.rollback();
      released.countDown();
      assertEquals("ready", ended("counted", "once").getString("status"));
    } finally {
      released.countDown();
      api().delete(TASKS + "/counted?force=true").then().statusCode(204);
    }
  }

  @Test
  void everyMetricOfOurOwnIsShownAndDocumented() throws IOException {
    String guide = Files.readString(Path.of("src", "docs", "operating.md"));
    String dashboard = String.join("\n", asked());
    for (String name : Metrics.now().names()) {
      if (name.startsWith("errand_")) {
        String family = name.replaceFirst("_(?:bucket|count|sum|max)$", "");
        assertTrue(dashboard.contains(family), () -> family + " is in no panel");
        assertTrue(guide.contains("`" + family), () -> family + " is not in operating.md");
      }
    }
  }

  @Test
  void noTwoPanelsStandInOnePlace() throws IOException {
    Set<Integer> ids = new HashSet<>();
    Set<String> taken = new HashSet<>();
    for (JsonNode panel : dashboard().path("panels")) {
      assertTrue(ids.add(panel.path("id").asInt()), panel.path("title").asText());
      JsonNode place = panel.path("gridPos");
      for (int x = place.path("x").asInt();
          x < place.path("x").asInt() + place.path("w").asInt();
          x++) {
        for (int y = place.path("y").asInt();
            y < place.path("y").asInt() + place.path("h").asInt();
            y++) {
          assertTrue(x < 24 && taken.add(x + ":" + y), panel.path("title").asText());
        }
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void doSomething() {
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request -> request.size() == 1 ? call("call_1", "fetch_fetch", "{}") : say("Done."));
      register("shown", "Go", model).then().statusCode(201);
      trigger("shown", "once", Map.of()).then().statusCode(201);
      assertEquals("ready", ended("shown", "once").getString("status"));
      api().delete(TASKS + "/shown?force=true").then().statusCode(204);
    }
  }

  private static Set<String> asked() throws IOException {
    Set<String> names = new TreeSet<>();
    for (String expression : dashboard().findValuesAsText("expr")) {
      Matcher name = NAME.matcher(NOT_A_METRIC.matcher(expression).replaceAll(" "));
      List<String> found = name.results().map(result -> result.group()).toList();
      assertTrue(!found.isEmpty(), expression);
      names.addAll(found);
    }
    return names;
  }

  private static JsonNode alerts() throws IOException {
    return new ObjectMapper(new YAMLFactory())
        .readTree(Path.of("deploy/prometheus/errand.yaml").toFile());
  }

  private static JsonNode dashboard() throws IOException {
    return new ObjectMapper().readTree(Path.of("deploy/grafana/errand.json").toFile());
  }
}
