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
import dev.errand.support.Metrics;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The dashboard shows what the service tells, and all that is the service's own. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class DashboardTest {
  private static final Pattern NOT_A_METRIC =
      Pattern.compile(
          "\\{[^}]*}|\\[[^]]*]|\\bby \\([^)]*\\)|\\b[a-z_]+(?= *\\()|\\b(?:sum|max)\\b|[0-9.]+");
  private static final Pattern NAME = Pattern.compile("[a-z][a-z_]+");

  @Test
  void eachPanelAsksForWhatTheServiceTells() throws IOException {
    doSomething();
    Set<String> told = Metrics.now().names();
    Set<String> asked = asked();
    assertTrue(asked.size() > 15, asked.toString());
    Set<String> untold = new TreeSet<>(asked);
    untold.removeAll(told);
    assertEquals(Set.of(), untold, () -> "told is " + new TreeSet<>(told));
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

  private static JsonNode dashboard() throws IOException {
    return new ObjectMapper().readTree(Path.of("deploy/grafana/errand.json").toFile());
  }
}
