package dev.errand.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Kubernetes is told of pods fits what the service does in them. */
class PodsTest {
  private static final Path KUBERNETES = Path.of("deploy/kubernetes");
  private static final Path SETTINGS = Path.of("src/main/resources/application.properties");

  @Test
  void aPodIsGivenTheTimeThatAnOrderlyEndTakes() throws Exception {
    ObjectNode deployment = one(KUBERNETES, "Deployment");
    Properties defaults = new Properties();
    try (Reader file = Files.newBufferedReader(SETTINGS)) {
      defaults.load(file);
    }
    Duration delay = Duration.parse(variable(deployment, "QUARKUS_SHUTDOWN_DELAY"));
    Duration drain = Duration.ofSeconds(25);
    Duration requests = Duration.parse(defaults.getProperty("quarkus.shutdown.timeout"));
    // Of a database that does not answer, connections and writes are waited for.
    Duration silent = Duration.ofSeconds(25);
    Duration grace =
        Duration.ofSeconds(
            deployment.at("/spec/template/spec/terminationGracePeriodSeconds").asLong());
    Duration needed = delay.plus(drain).plus(requests).plusSeconds(10).plus(silent);
    assertTrue(grace.compareTo(needed) >= 0, grace + " are less than " + needed);
  }

  @Test
  void aDisruptionMayRemoveTheOnlyPod() throws Exception {
    JsonNode budget = one(KUBERNETES, "PodDisruptionBudget").path("spec");
    assertEquals(1, budget.path("maxUnavailable").asInt());
    assertFalse(budget.has("minAvailable"), "a node could not be drained");
  }

  @Test
  void eachProbeWaitsForItsAnswer() throws Exception {
    JsonNode container = one(KUBERNETES, "Deployment").at("/spec/template/spec/containers/0");
    // A connection is waited for 5 s, and a write 3 s.
    assertTrue(container.at("/readinessProbe/timeoutSeconds").asInt() > 8);
    for (String probe : List.of("startupProbe", "livenessProbe")) {
      assertTrue(container.path(probe).path("timeoutSeconds").asInt() >= 5, probe);
    }
    for (JsonNode probe :
        List.of(container.path("readinessProbe"), container.path("livenessProbe"))) {
      assertTrue(
          probe.path("timeoutSeconds").asInt() <= probe.path("periodSeconds").asInt(),
          "one is over before the next begins");
    }
  }

  @Test
  void podsOfAVersionAreSpreadOverZonesAndNodes() throws Exception {
    JsonNode template = one(KUBERNETES, "Deployment").at("/spec/template");
    List<String> over = new ArrayList<>();
    for (JsonNode spread : template.at("/spec/topologySpreadConstraints")) {
      over.add(spread.path("topologyKey").asText());
      assertEquals(
          template.at("/metadata/labels"), spread.at("/labelSelector/matchLabels"), "of its own");
    }
    assertEquals(List.of("topology.kubernetes.io/zone", "kubernetes.io/hostname"), over);
  }

  @Test
  void podsHaveAnAccountOfTheirOwnAndNoTokenOfIt() throws Exception {
    for (Path folder : List.of(KUBERNETES, KUBERNETES.resolve("migration"))) {
      List<ObjectNode> made = Kustomized.build(folder);
      Set<String> accounts = new HashSet<>();
      Set<String> used = new HashSet<>();
      for (ObjectNode resource : made) {
        if (resource.path("kind").asText().equals("ServiceAccount")) {
          accounts.add(resource.at("/metadata/name").asText());
          assertFalse(resource.path("automountServiceAccountToken").asBoolean(true));
        }
        JsonNode pod = resource.at("/spec/template/spec");
        if (!pod.isMissingNode()) {
          used.add(pod.path("serviceAccountName").asText());
          assertFalse(pod.path("automountServiceAccountToken").asBoolean(true));
        }
      }
      assertEquals(accounts, used, folder.toString());
    }
  }

  @Test
  void everyResourceIsLabelledWithWhatItIsOf() throws Exception {
    for (Path folder : List.of(KUBERNETES, KUBERNETES.resolve("migration"))) {
      for (ObjectNode resource : Kustomized.build(folder)) {
        assertEquals(
            resource.at("/metadata/name").asText(),
            resource.at("/metadata/labels").path("app.kubernetes.io/name").asText(),
            resource.path("kind").asText());
      }
    }
  }

  @Test
  void anImageIsNamedByItsDigest(@TempDir Path folder) throws Exception {
    String digest = "sha256:" + "0".repeat(64);
    Files.copy(KUBERNETES.resolve("deployment.yaml"), folder.resolve("deployment.yaml"));
    Files.writeString(
        folder.resolve("kustomization.yaml"),
        """
        resources: [deployment.yaml]
        images:
          - name: errand
            newName: registry.example.com/errand
            digest: %s
        """
            .formatted(digest));
    assertEquals(
        "registry.example.com/errand@" + digest,
        one(folder, "Deployment").at("/spec/template/spec/containers/0/image").asText());
  }

  private static ObjectNode one(Path folder, String kind) throws Exception {
    List<ObjectNode> found =
        Kustomized.build(folder).stream()
            .filter(resource -> resource.path("kind").asText().equals(kind))
            .toList();
    assertEquals(1, found.size(), kind);
    return found.getFirst();
  }

  private static String variable(JsonNode resource, String name) {
    for (JsonNode variable : resource.at("/spec/template/spec/containers/0/env")) {
      if (variable.path("name").asText().equals(name)) {
        return variable.path("value").asText();
      }
    }
    throw new AssertionError(name + " is not set");
  }
}
