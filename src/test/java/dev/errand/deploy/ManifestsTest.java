package dev.errand.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The manifests mean to Kubernetes and Knative what they say: no field in them is unknown there.
 */
class ManifestsTest {
  private static final Path DEPLOY = Path.of("deploy");
  private static final int MANAGEMENT_PORT = 9000;

  static List<Path> manifests() throws Exception {
    try (Stream<Path> files = Files.walk(DEPLOY)) {
      return files
          .filter(file -> file.toString().matches("deploy/(kubernetes|knative|keda)/.*\\.yaml"))
          .sorted()
          .toList();
    }
  }

  static List<Path> kustomizations() throws Exception {
    return manifests().stream()
        .filter(file -> file.endsWith("kustomization.yaml"))
        .map(ManifestsTest::folder)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void everyFieldIsKnown(Path file) throws Exception {
    if (file.endsWith("kustomization.yaml")) {
      return;
    }
    for (JsonNode document : Kustomized.documents(file)) {
      KubernetesModels.check(file.toString(), document);
    }
  }

  @ParameterizedTest
  @MethodSource("kustomizations")
  void everyFolderIsWhatKustomizeTakesAndEveryFieldIsKnownInWhatItMakes(Path folder)
      throws Exception {
    List<ObjectNode> made = Kustomized.build(folder);
    assertFalse(made.isEmpty());
    for (JsonNode resource : made) {
      KubernetesModels.check(folder.toString(), resource);
    }
  }

  @Test
  void everyManifestIsInWhatAFolderStandsFor() throws Exception {
    Set<String> made = new HashSet<>();
    for (Path folder : kustomizations()) {
      Kustomized.build(folder).forEach(resource -> made.add(name(resource)));
    }
    for (Path file : manifests()) {
      for (JsonNode document : Kustomized.documents(file)) {
        if (!file.endsWith("kustomization.yaml")) {
          assertTrue(made.contains(name(document)), file + " has " + name(document));
        }
      }
    }
  }

  @Test
  void aFileOfAnotherFolderIsNotTaken(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("service.yaml"), "kind: Service");
    Path inner = Files.createDirectory(folder.resolve("inner"));
    kustomization(inner, "resources: [../service.yaml]");
    assertTrue(refused(inner).contains("../service.yaml"));
  }

  @Test
  void aMergeThatReplacesListsIsNotTaken(@TempDir Path folder) throws Exception {
    Files.copy(DEPLOY.resolve("knative/service/service.yaml"), folder.resolve("service.yaml"));
    kustomization(
        folder,
        """
        resources: [service.yaml]
        patches:
          - target: {kind: Service, name: errand}
            patch: |-
              spec: {template: {spec: {containers: [{name: errand, env: []}]}}}
        """);
    assertTrue(refused(folder).contains("JSON6902"));
  }

  @Test
  void aPatchThatNothingTakesIsNotTaken(@TempDir Path folder) throws Exception {
    Files.copy(DEPLOY.resolve("knative/service/service.yaml"), folder.resolve("service.yaml"));
    kustomization(
        folder,
        """
        resources: [service.yaml]
        patches:
          - target: {group: apps, kind: Service, name: errand}
            patch: "[]"
        """);
    assertTrue(refused(folder).contains("there is no"));
  }

  @Test
  void theLoopOnKnativeIsTheSameServiceInAnotherMode() throws Exception {
    List<ObjectNode> made = Kustomized.build(DEPLOY.resolve("knative/loop"));
    assertTrue(made.stream().noneMatch(of -> of.path("apiVersion").asText().contains("eventing")));
    ObjectNode loop = made.getFirst();
    ObjectNode plain = Kustomized.build(DEPLOY.resolve("knative/service")).getFirst();
    assertEquals("request", variables(plain).get("ERRAND_WORKER_MODE"));
    assertEquals("loop", variables(loop).get("ERRAND_WORKER_MODE"));
    assertEquals(
        "1",
        loop.at("/spec/template/metadata/annotations")
            .path("autoscaling.knative.dev/min-scale")
            .asText());

    ObjectNode container = (ObjectNode) loop.at("/spec/template/spec/containers/0");
    for (String kept :
        List.of(
            "image", "envFrom", "livenessProbe", "readinessProbe", "volumeMounts", "resources")) {
      assertTrue(container.has(kept), kept);
    }
    // But for these two they are the same, to the last field.
    ((ObjectNode) container.at("/env/0")).put("value", "request");
    ((ObjectNode) loop.at("/spec/template/metadata/annotations"))
        .put("autoscaling.knative.dev/min-scale", "0");
    assertEquals(plain, loop);
  }

  @Test
  void onKnativeEventsAreSentAndTakenWithTokensOfTheCluster() throws Exception {
    List<ObjectNode> made = Kustomized.build(DEPLOY.resolve("knative/base"));
    ObjectNode service = made.getFirst();
    Map<String, String> variables = variables(service);
    assertEquals("request", variables.get("ERRAND_WORKER_MODE"));
    // Where Knative's SinkBinding puts the token of its sink's audience.
    assertEquals("/oidc/token", variables.get("ERRAND_DISPATCH_TOKEN_FILE"));
    assertTrue(variables.containsKey("ERRAND_EVENTS_OIDC_ISSUER"));

    JsonNode spec = service.at("/spec/template/spec");
    Path keys = Path.of(URI.create(String.valueOf(variables.get("ERRAND_EVENTS_OIDC_KEYS"))));
    String volume = "";
    for (JsonNode mount : spec.at("/containers/0/volumeMounts")) {
      if (folder(keys).equals(Path.of(mount.path("mountPath").asText()))) {
        assertTrue(mount.path("readOnly").asBoolean(), "Knative asks for it of config maps");
        volume = mount.path("name").asText();
      }
    }
    String map = "";
    for (JsonNode known : spec.path("volumes")) {
      if (known.path("name").asText().equals(volume)) {
        map = known.at("/configMap/name").asText();
      }
    }
    String command = "create configmap " + map + " --from-literal=" + keys.getFileName() + "=";
    assertTrue(
        Files.readString(DEPLOY.resolve("knative").resolve("README.md")).contains(command),
        command);

    for (ObjectNode resource : made) {
      for (JsonNode receiver :
          List.of(resource.at("/spec/subscriber"), resource.at("/spec/sink"))) {
        if (receiver.at("/ref/name").asText().equals("errand")
            && receiver.at("/ref/kind").asText().equals("Service")) {
          assertEquals(
              variables.get("ERRAND_EVENTS_OIDC_AUDIENCE"),
              receiver.path("audience").asText(),
              name(resource));
        }
      }
    }
  }

  @Test
  void ofTwoServicesOnKnativeOneAnswersAndTheOtherTakesTheEvents() throws Exception {
    Map<String, ObjectNode> made = new HashMap<>();
    Kustomized.build(DEPLOY.resolve("knative/two")).forEach(of -> made.put(name(of), of));
    List<ObjectNode> services =
        made.values().stream()
            .filter(of -> of.at("/spec/template/spec/containers/0/envFrom").isArray())
            .sorted(Comparator.comparing(of -> of.at("/metadata/name").asText()))
            .toList();
    ObjectNode work = services.getFirst();
    ObjectNode front = services.getLast();
    assertEquals("errand", work.at("/metadata/name").asText());
    assertEquals("errand-front", front.at("/metadata/name").asText());
    assertEquals("0", variables(front).get("ERRAND_WORKER_CONCURRENCY"));
    assertFalse(variables(work).containsKey("ERRAND_WORKER_CONCURRENCY"));
    assertEquals("errand:native", front.at("/spec/template/spec/containers/0/image").asText());
    assertEquals("errand:jvm", work.at("/spec/template/spec/containers/0/image").asText());
    assertEquals(
        "cluster-local",
        work.at("/metadata/labels").path("networking.knative.dev/visibility").asText());
    assertEquals(
        variables(work).get("ERRAND_DISPATCH_TOKEN_FILE"),
        variables(front).get("ERRAND_DISPATCH_TOKEN_FILE"));
    Set<String> sending = new HashSet<>();
    for (ObjectNode resource : made.values()) {
      if (resource.path("kind").asText().equals("SinkBinding")) {
        sending.add(resource.at("/spec/subject/name").asText());
      }
      assertFalse(resource.at("/spec/subscriber/ref/name").asText().equals("errand-front"));
      if (resource.path("kind").asText().equals("NetworkPolicy")) {
        assertEquals(
            List.of("errand", "errand-front"),
            resource
                .at("/spec/podSelector/matchExpressions/0/values")
                .valueStream()
                .map(JsonNode::asText)
                .toList());
      }
    }
    assertEquals(Set.of("errand", "errand-front"), sending);
  }

  @Test
  void theIssuerVariantDiffersOnlyInTheSourceOfTheKeys() throws Exception {
    ObjectNode copied = Kustomized.build(DEPLOY.resolve("knative/base")).getFirst();
    ObjectNode asked = Kustomized.build(DEPLOY.resolve("knative/issuer")).getFirst();
    Map<String, String> variables = variables(asked);
    assertFalse(variables.containsKey("ERRAND_EVENTS_OIDC_KEYS"));
    assertTrue(String.valueOf(variables.get("ERRAND_EVENTS_OIDC_ISSUER")).startsWith("https://"));
    Map<String, String> expected = variables(copied);
    expected.keySet().removeAll(Set.of("ERRAND_EVENTS_OIDC_KEYS", "ERRAND_EVENTS_OIDC_ISSUER"));
    variables.remove("ERRAND_EVENTS_OIDC_ISSUER");
    assertEquals(expected, variables);
    assertEquals(
        Kustomized.build(DEPLOY.resolve("knative/base")).stream().skip(1).toList(),
        Kustomized.build(DEPLOY.resolve("knative/issuer")).stream().skip(1).toList());
  }

  @Test
  void aTickByTokenIsAnEventWithTheTokenOfTheSecret() throws Exception {
    List<ObjectNode> made = Kustomized.build(DEPLOY.resolve("knative/token"));
    assertEquals("request", variables(made.getFirst()).get("ERRAND_WORKER_MODE"));
    JsonNode job = made.getLast();
    JsonNode container = job.at("/spec/jobTemplate/spec/template/spec/containers/0");
    String command = container.at("/args/0").asText();
    assertTrue(command.contains("\"type\":\"dev.errand.tick\""), command);
    assertTrue(command.contains("http://errand.$NAMESPACE.svc.cluster.local/events"), command);
    assertEquals("ERRAND_EVENTS_TOKEN", container.at("/env/0/valueFrom/secretKeyRef/key").asText());
    int longest = made.getFirst().at("/spec/template/spec/timeoutSeconds").asInt();
    assertTrue(job.at("/spec/jobTemplate/spec/activeDeadlineSeconds").asInt() >= longest);
    assertTrue(command.contains("--max-time " + longest), command);
    JsonNode security = container.path("securityContext");
    assertTrue(security.path("readOnlyRootFilesystem").asBoolean());
    assertFalse(security.path("allowPrivilegeEscalation").asBoolean(true));
  }

  @Test
  void aTriggerWithADeliveryOfItsOwnHasAllThatItsBrokerHas() throws Exception {
    Map<String, JsonNode> brokers = new HashMap<>();
    int triggers = 0;
    List<ObjectNode> made = Kustomized.build(DEPLOY.resolve("knative/base"));
    for (ObjectNode resource : made) {
      if (resource.path("kind").asText().equals("Broker")) {
        brokers.put(resource.at("/metadata/name").asText(), resource.at("/spec/delivery"));
      }
    }
    for (ObjectNode resource : made) {
      if (resource.path("kind").asText().equals("Trigger")
          && resource.at("/spec").has("delivery")) {
        ObjectNode own = resource.at("/spec/delivery").deepCopy();
        own.remove("timeout");
        assertEquals(brokers.get(resource.at("/spec/broker").asText()), own, name(resource));
        triggers++;
      }
    }
    assertEquals(1, triggers);
  }

  @Test
  void anAutoscalerAloneSaysHowManyThereAre() throws Exception {
    Map<String, ObjectNode> made = new HashMap<>();
    Kustomized.build(DEPLOY.resolve("kubernetes"))
        .forEach(resource -> made.put(resource.path("kind").asText(), resource));
    ObjectNode scaler = Objects.requireNonNull(made.get("HorizontalPodAutoscaler"));
    ObjectNode scaled =
        Objects.requireNonNull(made.get(scaler.at("/spec/scaleTargetRef/kind").asText()));
    assertFalse(scaled.path("spec").has("replicas"), "each apply would set the scale back");
  }

  @Test
  void unknownFieldsAreFound() throws Exception {
    JsonNode document =
        new ObjectMapper(new YAMLFactory())
            .readTree(
                """
                apiVersion: apps/v1
                kind: Deployment
                spec:
                  template:
                    spec:
                      containers:
                        - name: errand
                          livenesProbe: {}
                """);
    List<String> unknown = KubernetesModels.unknown("here", document);
    assertEquals(1, unknown.size(), unknown::toString);
    assertTrue(unknown.getFirst().contains("livenesProbe"));
  }

  @Test
  void everyContainerIsUnprivilegedAndEachThatStaysIsProbed() throws Exception {
    Set<String> seen = new HashSet<>();
    for (Path folder : kustomizations()) {
      for (JsonNode resource : Kustomized.build(folder)) {
        for (JsonNode container : resource.at("/spec/template/spec/containers")) {
          JsonNode security = container.path("securityContext");
          assertTrue(security.path("readOnlyRootFilesystem").asBoolean(), folder.toString());
          assertEquals(false, security.path("allowPrivilegeEscalation").asBoolean(true));
          assertEquals("ALL", security.path("capabilities").path("drop").path(0).asText());
          // What a namespace asks for by the standard "restricted", in the container or in its pod.
          JsonNode pod = resource.at("/spec/template/spec/securityContext");
          assertTrue(
              security.path("runAsNonRoot").asBoolean() || pod.path("runAsNonRoot").asBoolean());
          assertTrue(
              security.has("seccompProfile") || pod.has("seccompProfile"), folder.toString());
          String image = container.path("image").asText();
          assertTrue(image.matches(".+(:(?!latest$)[^:/]+|@sha256:[0-9a-f]{64})"), image);
          if (!container.path("name").asText().equals("errand")) {
            continue;
          }
          if (!resource.path("kind").asText().equals("Job")) {
            JsonNode ready = container.path("readinessProbe").path("httpGet");
            assertEquals("/q/health/ready", ready.path("path").asText());
            assertEquals(MANAGEMENT_PORT, port(ready, container), folder.toString());
            JsonNode annotations = resource.at("/spec/template/metadata/annotations");
            assertEquals(MANAGEMENT_PORT, annotations.path("prometheus.io/port").asInt());
          }
          if (resource.path("kind").asText().equals("Deployment")) {
            JsonNode live = container.path("livenessProbe").path("httpGet");
            assertEquals("/q/health/live", live.path("path").asText());
            assertEquals(MANAGEMENT_PORT, port(live, container));
          }
          // Of Knative it is the one port that it routes to, where health is not told.
          if (resource.path("kind").asText().equals("Service")) {
            assertEquals(8080, container.at("/livenessProbe/tcpSocket/port").asInt());
          }
          seen.add(folder.toString());
        }
      }
    }
    assertEquals(kustomizations().size(), seen.size(), seen::toString);
  }

  @Test
  void theBudgetOfAnEventEndsBeforeTheRequestDoes() throws Exception {
    ObjectNode service = Kustomized.build(DEPLOY.resolve("knative/base")).getFirst();
    String budget = String.valueOf(variables(service).get("ERRAND_WORKER_BUDGET"));
    assertTrue(
        Duration.parse(budget).toSeconds() + 30
            <= service.at("/spec/template/spec/timeoutSeconds").asLong());
  }

  @Test
  void noServiceLeadsToHealthAndMetrics() throws Exception {
    int services = 0;
    for (JsonNode resource : Kustomized.build(DEPLOY.resolve("kubernetes"))) {
      if (resource.path("kind").asText().equals("Service")) {
        for (JsonNode port : resource.at("/spec/ports")) {
          assertEquals("http", port.path("targetPort").asText());
          services++;
        }
      }
    }
    assertEquals(1, services);
  }

  private static int port(JsonNode probe, JsonNode container) {
    for (JsonNode port : container.path("ports")) {
      if (port.path("name").asText().equals(probe.path("port").asText())) {
        return port.path("containerPort").asInt();
      }
    }
    return probe.path("port").asInt();
  }

  private static String name(JsonNode resource) {
    return resource.path("apiVersion").asText()
        + "/"
        + resource.path("kind").asText()
        + " "
        + resource.at("/metadata/name").asText();
  }

  private static Map<String, String> variables(JsonNode resource) {
    Map<String, String> variables = new HashMap<>();
    for (JsonNode variable : resource.at("/spec/template/spec/containers/0/env")) {
      variables.put(variable.path("name").asText(), variable.path("value").asText());
    }
    return variables;
  }

  private static Path folder(Path file) {
    return Objects.requireNonNull(file.getParent());
  }

  private static void kustomization(Path folder, String text) throws Exception {
    Files.writeString(folder.resolve("kustomization.yaml"), text);
  }

  private static String refused(Path folder) {
    return String.valueOf(
        assertThrows(AssertionError.class, () -> Kustomized.build(folder)).getMessage());
  }
}
