package dev.errand.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** KEDA scales the deployment by what waits, and nothing else does. */
class KedaTest {
  private static final Path KEDA = Path.of("deploy/keda");

  // The settings of the triggers that are used, as KEDA's sources have them.
  private static final Map<String, Set<String>> SETTINGS =
      Map.of(
          "prometheus",
          Set.of(
              "serverAddress",
              "query",
              "threshold",
              "activationThreshold",
              "namespace",
              "ignoreNullValues",
              "timeout"),
          "postgresql",
          Set.of("query", "targetQueryValue", "activationTargetQueryValue"),
          "cpu",
          Set.of("value", "containerName"));

  @ParameterizedTest
  @ValueSource(strings = {"prometheus", "postgresql"})
  void scalingFollowsWaitingRunsAndThenCpu(String by) throws Exception {
    Map<String, ObjectNode> made = made(by);
    JsonNode spec = spec(made);
    assertEquals("Deployment", spec.at("/scaleTargetRef/kind").asText());
    assertEquals("errand", spec.at("/scaleTargetRef/name").asText());
    assertEquals(
        List.of(by, "cpu"),
        List.of(spec.at("/triggers/0/type").asText(), spec.at("/triggers/1/type").asText()));
    for (JsonNode trigger : spec.path("triggers")) {
      Set<String> known = SETTINGS.get(trigger.path("type").asText());
      assertNotNull(known);
      trigger
          .path("metadata")
          .fieldNames()
          .forEachRemaining(name -> assertTrue(known.contains(name), name));
    }
    // The metric is a number of processes, and what the view has is one of runs, 64 to a process.
    assertEquals("AverageValue", spec.at("/triggers/0/metricType").asText());
    JsonNode wanted = spec.at("/triggers/0/metadata");
    assertEquals(
        by.equals("prometheus") ? "1" : "64",
        wanted.path(by.equals("prometheus") ? "threshold" : "targetQueryValue").asText());
    assertFalse(made.containsKey("HorizontalPodAutoscaler"), "two would scale against each other");
    assertEquals(without(Kustomized.build(Path.of("deploy/kubernetes"))), without(made));
  }

  @ParameterizedTest
  @ValueSource(strings = {"prometheus", "postgresql"})
  void scalingUpIsFastAndScalingDownIsSlow(String by) throws Exception {
    JsonNode behavior = spec(made(by)).at("/advanced/horizontalPodAutoscalerConfig/behavior");
    assertEquals(0, behavior.at("/scaleUp/stabilizationWindowSeconds").asInt(-1));
    assertEquals(300, behavior.at("/scaleDown/stabilizationWindowSeconds").asInt());
    assertEquals(1, behavior.at("/scaleDown/policies").size());
    assertEquals(1, behavior.at("/scaleDown/policies/0/value").asInt());
    int grace =
        made(by).get("Deployment").at("/spec/template/spec/terminationGracePeriodSeconds").asInt();
    assertTrue(grace <= behavior.at("/scaleDown/policies/0/periodSeconds").asInt());
  }

  @Test
  void bothScaleAlike() throws Exception {
    ObjectNode prometheus = spec(made("prometheus")).deepCopy();
    ObjectNode postgresql = spec(made("postgresql")).deepCopy();
    ((ObjectNode) prometheus.at("/triggers/0")).removeAll();
    ((ObjectNode) postgresql.at("/triggers/0")).removeAll();
    assertEquals(prometheus, postgresql);
  }

  @Test
  void theConnectionIsThatOfASecret() throws Exception {
    Map<String, ObjectNode> made = made("postgresql");
    ObjectNode authentication = made.get("TriggerAuthentication");
    assertNotNull(authentication);
    assertEquals(
        authentication.at("/metadata/name").asText(),
        spec(made).at("/triggers/0/authenticationRef/name").asText());
    assertEquals("connection", authentication.at("/spec/secretTargetRef/0/parameter").asText());
  }

  @Test
  void aWrongFieldIsFound() throws Exception {
    ObjectNode wrong = made("prometheus").get("ScaledObject").deepCopy();
    ((ObjectNode) wrong.path("spec")).put("minReplicas", 2).put("maxReplicaCount", "many");
    ((ObjectNode) wrong.at("/spec/triggers/0")).remove("type");
    ((ObjectNode) wrong.at("/spec/fallback")).put("behavior", "hope");
    assertEquals(4, KubernetesModels.unknown("here", wrong).size());
  }

  private static JsonNode spec(Map<String, ObjectNode> made) {
    ObjectNode scaled = made.get("ScaledObject");
    assertNotNull(scaled);
    return scaled.path("spec");
  }

  private static Map<String, ObjectNode> made(String by) throws Exception {
    return byKind(Kustomized.build(KEDA.resolve(by)));
  }

  private static Map<String, ObjectNode> byKind(List<ObjectNode> resources) {
    Map<String, ObjectNode> made = new TreeMap<>();
    resources.forEach(resource -> made.put(resource.path("kind").asText(), resource));
    return made;
  }

  private static Map<String, ObjectNode> without(List<ObjectNode> resources) {
    return without(byKind(resources));
  }

  // All but what scales.
  private static Map<String, ObjectNode> without(Map<String, ObjectNode> resources) {
    Map<String, ObjectNode> others = new TreeMap<>(resources);
    others
        .keySet()
        .removeAll(Set.of("HorizontalPodAutoscaler", "ScaledObject", "TriggerAuthentication"));
    return others;
  }
}
