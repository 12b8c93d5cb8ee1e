package dev.errand.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Helm makes of the chart what kustomize makes of the folders beside it. */
class HelmChartTest {
  private static final Path CHART = Path.of("deploy/helm/errand");
  private static final Path KUBERNETES = Path.of("deploy/kubernetes");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final String HOOK = "example.com/hook";
  private static final Set<String> ORIGIN =
      Set.of(
          "app.kubernetes.io/instance",
          "app.kubernetes.io/managed-by",
          "app.kubernetes.io/version",
          "helm.sh/chart");

  @TempDir static Path folder;

  // The library leaves out hooks when it renders: in a copy they are none.
  @BeforeAll
  static void copyWithoutHooks() throws Exception {
    try (Stream<Path> files = Files.walk(CHART)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = folder.resolve("errand").resolve(CHART.relativize(file));
        Files.createDirectories(Objects.requireNonNull(copy.getParent()));
        Files.writeString(copy, Files.readString(file).replace("helm.sh/hook", HOOK));
      }
    }
  }

  @Test
  void lintFindsNothing() {
    LintResult found = new Helm(CHART).lint().strict().call();
    assertFalse(found.isFailed(), () -> found.getMessages().toString());
  }

  @Test
  void itsDefaultsAreWhatKustomizeMakes() throws Exception {
    assertEquals(kustomized(KUBERNETES), rendered(""));
  }

  @Test
  void aJobThatMigratesIsThatOfKustomize() throws Exception {
    Map<String, JsonNode> expected = kustomized(KUBERNETES);
    expected.putAll(kustomized(KUBERNETES.resolve("migration")));
    Map<String, JsonNode> made = rendered("migration: {job: true}");
    assertEquals("false", variable(made, "Deployment errand", "QUARKUS_FLYWAY_MIGRATE_AT_START"));
    removeVariable(made, "Deployment errand", "QUARKUS_FLYWAY_MIGRATE_AT_START");
    assertEquals(expected, made);
    // It comes before what it migrates for, and so does all that it needs.
    for (ObjectNode resource : resources("migration: {job: true}")) {
      String hook = resource.at("/metadata/annotations").path(HOOK).asText();
      boolean isOfMigration = resource.at("/metadata/name").asText().endsWith("-migration");
      assertEquals(isOfMigration ? "pre-install,pre-upgrade" : "", hook, name(resource));
    }
  }

  @Test
  void anImageIsNamedByTagOrDigest() throws Exception {
    String digest = "sha256:" + "0".repeat(64);
    assertEquals(
        "registry.example.com/errand:0.2.0-jvm",
        container(rendered("image: {repository: registry.example.com/errand, tag: 0.2.0-jvm}"))
            .path("image")
            .asText());
    Map<String, JsonNode> made =
        rendered(
            "{image: {digest: '" + digest + "', pullSecrets: [pull]}, migration: {job: true}}");
    assertEquals("errand@" + digest, container(made).path("image").asText());
    for (String of : List.of("Deployment errand", "Job errand-migration")) {
      JsonNode pod = made.getOrDefault(of, YAML.nullNode()).at("/spec/template/spec");
      assertEquals("pull", pod.at("/imagePullSecrets/0/name").asText(), of);
      assertEquals("errand@" + digest, pod.at("/containers/0/image").asText(), of);
    }
  }

  @Test
  void settingsAreThoseOfTheSecretAndOfTheValues() throws Exception {
    Map<String, JsonNode> made =
        rendered(
            "{secret: other, env: {ERRAND_WORKER_CONCURRENCY: '32', ERRAND_RUN_CEILING_MAX_TOKENS:"
                + " '2000000', ERRAND_WORKER_MODE: request}}");
    assertEquals("other", container(made).at("/envFrom/0/secretRef/name").asText());
    assertEquals("32", variable(made, "Deployment errand", "ERRAND_WORKER_CONCURRENCY"));
    assertEquals("2000000", variable(made, "Deployment errand", "ERRAND_RUN_CEILING_MAX_TOKENS"));
    assertEquals("request", variable(made, "Deployment errand", "ERRAND_WORKER_MODE"));
  }

  @Test
  void aReleaseMayExecuteNoRuns() throws Exception {
    Map<String, JsonNode> made = rendered("env: {ERRAND_WORKER_CONCURRENCY: '0'}");
    assertEquals("0", variable(made, "Deployment errand", "ERRAND_WORKER_CONCURRENCY"));
  }

  @Test
  void aVariableIsThereOnce() throws Exception {
    Map<String, JsonNode> made =
        rendered(
            """
            migration: {job: true}
            env:
              ERRAND_WORKER_MODE: loop
              QUARKUS_FLYWAY_MIGRATE_AT_START: "false"
              QUARKUS_INIT_AND_EXIT: "false"
            """);
    for (String of : List.of("Deployment errand", "Job errand-migration")) {
      List<String> names =
          made.getOrDefault(of, YAML.nullNode())
              .at("/spec/template/spec/containers/0/env")
              .findValuesAsText("name");
      assertEquals(names.stream().distinct().toList(), names, of);
    }
    // Without these two the job would be one that never ends.
    for (String name : List.of("QUARKUS_FLYWAY_MIGRATE_AT_START", "QUARKUS_INIT_AND_EXIT")) {
      assertEquals("true", variable(made, "Job errand-migration", name));
    }
  }

  @Test
  void howManyThereAreIsForTheAutoscalerOrForTheValuesToSay() throws Exception {
    Map<String, JsonNode> scaled = rendered("autoscaling: {min: 3, max: 12, cpu: 50}");
    JsonNode scaler = scaled.getOrDefault("HorizontalPodAutoscaler errand", YAML.nullNode());
    assertEquals(3, scaler.at("/spec/minReplicas").asInt());
    assertEquals(12, scaler.at("/spec/maxReplicas").asInt());
    assertEquals(50, scaler.at("/spec/metrics/0/resource/target/averageUtilization").asInt());

    Map<String, JsonNode> fixed = rendered("{autoscaling: {by: none}, replicas: 5}");
    assertFalse(fixed.containsKey("HorizontalPodAutoscaler errand"));
    assertEquals(
        5, fixed.getOrDefault("Deployment errand", YAML.nullNode()).at("/spec/replicas").asInt());
  }

  @ParameterizedTest
  @ValueSource(strings = {"prometheus", "postgresql"})
  void kedaScalesItAsTheKustomizationsSay(String by) throws Exception {
    assertEquals(
        kustomized(Path.of("deploy/keda").resolve(by)), rendered("autoscaling: {by: " + by + "}"));
  }

  @Test
  void kedaCountsRunsByWhatAProcessWorks() throws Exception {
    Map<String, JsonNode> made =
        rendered(
            """
            env: {ERRAND_WORKER_CONCURRENCY: '16'}
            autoscaling: {by: postgresql, max: 40, postgresql: {secret: mine}}
            """);
    JsonNode scaled = made.getOrDefault("ScaledObject errand", YAML.nullNode());
    assertEquals("16", scaled.at("/spec/triggers/0/metadata/targetQueryValue").asText());
    assertEquals(20, scaled.at("/spec/fallback/replicas").asInt());
    assertEquals(
        "mine",
        made.getOrDefault("TriggerAuthentication errand-queue", YAML.nullNode())
            .at("/spec/secretTargetRef/0/name")
            .asText());
  }

  @Test
  void theNetworkPolicyIsExtendedOrSwitchedOff() throws Exception {
    Map<String, JsonNode> opened =
        rendered(
            """
            networkPolicy:
              monitoring: observability
              egress:
                - to: [{ipBlock: {cidr: 10.20.0.7/32}}]
                  ports: [{port: 8000}]
            """);
    JsonNode policy = opened.getOrDefault("NetworkPolicy errand", YAML.nullNode());
    assertEquals(
        List.of("kube-system", "observability", "observability"),
        policy.findValuesAsText("kubernetes.io/metadata.name").stream().sorted().toList());
    JsonNode expected =
        kustomized(KUBERNETES).getOrDefault("NetworkPolicy errand", YAML.nullNode());
    assertEquals(expected.at("/spec/egress").size() + 1, policy.at("/spec/egress").size());
    assertEquals(
        8000,
        policy
            .at("/spec/egress")
            .get(policy.at("/spec/egress").size() - 1)
            .at("/ports/0/port")
            .asInt());

    for (String name :
        rendered("{networkPolicy: {enabled: false}, migration: {job: true}}").keySet()) {
      assertFalse(name.startsWith("NetworkPolicy"), name);
    }
  }

  @Test
  void resourcesAreThoseOfTheValues() throws Exception {
    Map<String, JsonNode> made = rendered("resources: {requests: {cpu: 1}, limits: {memory: 2Gi}}");
    assertEquals("2Gi", container(made).at("/resources/limits/memory").asText());
    assertEquals("1", container(made).at("/resources/requests/cpu").asText());
  }

  @ParameterizedTest
  @CsvSource({
    "PT25S, 75",
    "PT25.5S, 76",
    "PT5M, 350",
    "PT1M30S, 140",
    "PT1H, 3650",
    "90, 140",
    "2m, 170",
    "PT0S, 55"
  })
  void aPodHasTimeForItsDrain(String drain, int least) throws Exception {
    String values = "{env: {ERRAND_WORKER_DRAIN: '%s'}, terminationGracePeriodSeconds: %d}";
    JsonNode deployment =
        rendered(values.formatted(drain, least)).getOrDefault("Deployment errand", YAML.nullNode());
    assertEquals(least, deployment.at("/spec/template/spec/terminationGracePeriodSeconds").asInt());
    assertRefused(values.formatted(drain, least - 1), "must be at least " + least);
  }

  @Test
  void aPodHasTimeForTheDefaultDrainAndForALongerDelay() {
    assertRefused("terminationGracePeriodSeconds: 74", "must be at least 75");
    assertRefused("env: {ERRAND_WORKER_DRAIN: PT5M}", "is 75 and must be at least 350: 50 s more");
    assertRefused(
        "env: {QUARKUS_SHUTDOWN_DELAY: PT2M}", "at least 170: 50 s more than env.QUARKUS_SHUTDOWN");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "PT", "P1D", "-PT5S", "soon", "PT5", "1.5m", "PT9999999S"})
  void aDrainThatItCanNotReadIsRefused(String drain) {
    assertRefused(
        "env: {ERRAND_WORKER_DRAIN: '" + drain + "'}",
        "write it in hours, minutes and seconds, such as PT5M");
  }

  @Test
  void podsHaveWhatTheValuesAddToThem() throws Exception {
    Map<String, JsonNode> made =
        rendered(
            """
            migration: {job: true}
            podAnnotations: {example.com/note: "1", prometheus.io/scrape: "false"}
            podLabels: {example.com/team: "true"}
            nodeSelector: {kubernetes.io/arch: arm64}
            tolerations: [{key: dedicated, operator: Exists, effect: NoSchedule}]
            priorityClassName: high
            affinity:
              podAntiAffinity:
                requiredDuringSchedulingIgnoredDuringExecution:
                  - topologyKey: kubernetes.io/hostname
            """);
    for (String of : List.of("Deployment errand", "Job errand-migration")) {
      JsonNode template = made.getOrDefault(of, YAML.nullNode()).at("/spec/template");
      assertEquals("1", template.at("/metadata/annotations/example.com~1note").textValue(), of);
      assertEquals(
          "false", template.at("/metadata/annotations/prometheus.io~1scrape").textValue(), of);
      assertEquals("true", template.at("/metadata/labels/example.com~1team").textValue(), of);
      JsonNode pod = template.path("spec");
      assertEquals("arm64", pod.at("/nodeSelector/kubernetes.io~1arch").asText(), of);
      assertEquals("dedicated", pod.at("/tolerations/0/key").asText(), of);
      assertEquals("high", pod.path("priorityClassName").asText(), of);
      assertEquals(
          "kubernetes.io/hostname",
          pod.at(
                  "/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution"
                      + "/0/topologyKey")
              .asText(),
          of);
    }
    assertEquals(
        "/q/metrics",
        made.getOrDefault("Deployment errand", YAML.nullNode())
            .at("/spec/template/metadata/annotations/prometheus.io~1path")
            .asText());
    for (String name : List.of("name", "instance")) {
      assertRefused(
          "podLabels: {app.kubernetes.io/" + name + ": other}",
          "podLabels can't have app.kubernetes.io/" + name);
    }
  }

  @Test
  void podsHaveTheTrustStoreOfTheGuide() throws Exception {
    String guide = Files.readString(Path.of("src/docs/operating/air-gapped.md"));
    String values =
        Arrays.stream(guide.split("```", -1))
            .filter(block -> block.contains("volumeMounts:"))
            .findFirst()
            .orElseThrow();
    Map<String, JsonNode> made = rendered(values.stripIndent() + "\nmigration: {job: true}");
    for (String of : List.of("Deployment errand", "Job errand-migration")) {
      JsonNode pod = made.getOrDefault(of, YAML.nullNode()).at("/spec/template/spec");
      assertEquals("errand-trust", pod.at("/volumes/1/secret/secretName").asText(), of);
      assertEquals("tmp", pod.at("/volumes/0/name").asText(), of);
      JsonNode mounts = pod.at("/containers/0/volumeMounts");
      assertEquals(List.of("tmp", "trust"), mounts.findValuesAsText("name"), of);
      assertTrue(
          variable(made, of, "JDK_JAVA_OPTIONS")
              .contains("trustStore=" + mounts.at("/1/mountPath").asText() + "/trust.p12 "));
    }
  }

  @Test
  void twoReleasesInOneNamespaceDoNotMeet() throws Exception {
    List<String> selectors = new ArrayList<>();
    for (String release : List.of("one", "other")) {
      for (ObjectNode resource : documents(template("").withName(release).call())) {
        assertTrue(resource.at("/metadata/name").asText().startsWith(release));
        if (resource.path("kind").asText().equals("Service")) {
          selectors.add(resource.at("/spec/selector").toString());
        }
      }
    }
    assertEquals(2, selectors.size());
    assertNotEquals(selectors.get(0), selectors.get(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "replica: 3",
        "image: {digest: latest}",
        "image: {version: 1}",
        "autoscaling: {by: luck}",
        "autoscaling: {max: many}",
        "env: {A: {b: c}}",
        "env: {A: 2000000}",
        "env: {A: 0123}",
        "env: {A: yes}",
        "networkPolicy: {egress: no}",
        "migration: {job: maybe}"
      })
  void aValueThatMeansNothingIsRefused(String values) {
    String said =
        String.valueOf(
            assertThrows(IllegalStateException.class, () -> rendered(values)).getMessage());
    assertTrue(said.contains("values don't meet the specifications"), said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          env: {QUARKUS_HTTP_PORT: '8081'}                | env.QUARKUS_HTTP_PORT must be 8080 and not "8081":
          env: {QUARKUS_MANAGEMENT_PORT: '9100'}          | env.QUARKUS_MANAGEMENT_PORT must be 9000 and not "9100":
          env: {QUARKUS_MANAGEMENT_PORT: ''}              | env.QUARKUS_MANAGEMENT_PORT must be 9000 and not "":
          env: {QUARKUS_HTTP_HOST: localhost}             | env.QUARKUS_HTTP_HOST must be 0.0.0.0 or :: and not "localhost":
          env: {QUARKUS_MANAGEMENT_HOST: 127.0.0.1}       | env.QUARKUS_MANAGEMENT_HOST must be 0.0.0.0 or :: and not "127.0.0.1":
          env: {QUARKUS_HTTP_HOST_ENABLED: 'false'}       | env.QUARKUS_HTTP_HOST_ENABLED must be true and not "false":
          env: {QUARKUS_MANAGEMENT_HOST_ENABLED: 'false'} | env.QUARKUS_MANAGEMENT_HOST_ENABLED must be true and not "false":
          env: {ERRAND_WORKER_CONCURRENCY: abc}           | env.ERRAND_WORKER_CONCURRENCY must be a whole number, at least 0, and not "abc"
          env: {ERRAND_WORKER_CONCURRENCY: '1.5'}         | env.ERRAND_WORKER_CONCURRENCY must be a whole number, at least 0, and not "1.5"
          env: {ERRAND_WORKER_CONCURRENCY: ''}            | env.ERRAND_WORKER_CONCURRENCY must be a whole number, at least 0, and not ""
          autoscaling: {min: 5, max: 3}                   | autoscaling.min (5) must not be more than autoscaling.max (3)
          autoscaling: {min: 9}                           | autoscaling.min (9) must not be more than autoscaling.max (8)
          {env: {ERRAND_WORKER_CONCURRENCY: '0'}, autoscaling: {by: prometheus}} | autoscaling.by can't be prometheus where env.ERRAND_WORKER_CONCURRENCY is 0:
          autoscaling: {by: prometheus, max: 1}           | autoscaling.min (2) must not be more than autoscaling.max (1)
          """,
      quoteCharacter = '`')
  void impossibleValuesAreRefusedInASentence(String values, String sentence) {
    assertRefused(values, sentence);
  }

  @Test
  void theChartsOwnPortsMayBeNamed() throws Exception {
    Map<String, JsonNode> made =
        rendered(
            """
            autoscaling: {by: none, min: 5, max: 3}
            env:
              QUARKUS_HTTP_PORT: "8080"
              QUARKUS_MANAGEMENT_PORT: "9000"
              QUARKUS_HTTP_HOST: "::"
              QUARKUS_MANAGEMENT_HOST: 0.0.0.0
              QUARKUS_MANAGEMENT_HOST_ENABLED: "true"
            """);
    assertEquals("9000", variable(made, "Deployment errand", "QUARKUS_MANAGEMENT_PORT"));
    assertEquals("::", variable(made, "Deployment errand", "QUARKUS_HTTP_HOST"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "env",
        "podAnnotations",
        "podLabels",
        "volumes",
        "volumeMounts",
        "nodeSelector",
        "tolerations",
        "affinity",
        "priorityClassName"
      })
  void aValueThatIsLeftEmptyIsNone(String name) throws Exception {
    for (String others : List.of("{by: cpu}", "{by: postgresql}")) {
      String values = "migration: {job: true}\nautoscaling: " + others + "\n";
      assertEquals(rendered(values), rendered(values + name + ":\n"));
    }
  }

  @Test
  void anEmptyTagIsTheVersionOfTheChart() throws Exception {
    String version =
        YAML.readTree(CHART.resolve("Chart.yaml").toFile()).path("appVersion").asText();
    assertEquals(
        "errand:" + version + "-jvm",
        container(rendered("image: {tag: ''}")).path("image").asText());
  }

  @Test
  void everyValueIsInItsReadme() throws Exception {
    String readme = Files.readString(CHART.resolve("README.md"));
    List<String> names = new ArrayList<>();
    addNames("", YAML.readTree(CHART.resolve("values.yaml").toFile()), names);
    assertTrue(names.size() > 12, names::toString);
    for (String name : names) {
      assertTrue(readme.contains("| `" + name + "` |"), name);
    }
  }

  private static void assertRefused(String values, String sentence) {
    String said =
        String.valueOf(
            assertThrows(IllegalStateException.class, () -> rendered(values), values).getMessage());
    assertTrue(said.contains(sentence), said);
  }

  private static void addNames(String at, JsonNode values, List<String> names) {
    values
        .properties()
        .forEach(
            value -> {
              String name = at + value.getKey();
              if (value.getValue().isObject()
                  && !value.getValue().isEmpty()
                  && !name.equals("resources")) {
                addNames(name + ".", value.getValue(), names);
              } else {
                names.add(name);
              }
            });
  }

  private static TemplateCommand template(String values) throws Exception {
    Path file = Files.createTempFile(folder, "values", ".yaml");
    Files.writeString(file, values);
    return new Helm(folder.resolve("errand"))
        .template()
        .withName("errand")
        .withKubeVersion("1.32.0")
        .withValuesFile(file);
  }

  private static List<ObjectNode> resources(String values) throws Exception {
    return documents(template(values).call());
  }

  private static List<ObjectNode> documents(String text) throws Exception {
    List<ObjectNode> documents = new ArrayList<>();
    try (MappingIterator<JsonNode> read = YAML.readerFor(JsonNode.class).readValues(text)) {
      while (read.hasNext()) {
        // Where nothing is made of a template, nothing is between two lines.
        if (read.next() instanceof ObjectNode document && !document.isEmpty()) {
          KubernetesModels.check("the chart", document);
          documents.add(document);
        }
      }
    }
    return documents;
  }

  /** What the chart makes of values, by kind and name, without what says that it is of a chart. */
  private static Map<String, JsonNode> rendered(String values) throws Exception {
    Map<String, JsonNode> made = new TreeMap<>();
    for (ObjectNode resource : resources(values)) {
      ObjectNode plain = resource.deepCopy();
      removeOrigin(plain);
      if (plain.path("metadata").path("annotations") instanceof ObjectNode annotations) {
        annotations.remove(List.of(HOOK, HOOK + "-weight", HOOK + "-delete-policy"));
        if (annotations.isEmpty()) {
          ((ObjectNode) plain.path("metadata")).remove("annotations");
        }
      }
      made.put(name(plain), plain);
    }
    return made;
  }

  private static Map<String, JsonNode> kustomized(Path folder) throws Exception {
    Map<String, JsonNode> made = new TreeMap<>();
    for (ObjectNode resource : Kustomized.build(folder)) {
      made.put(name(resource), resource);
    }
    return made;
  }

  private static void removeOrigin(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove(ORIGIN);
    }
    node.forEach(HelmChartTest::removeOrigin);
  }

  private static String name(JsonNode resource) {
    return resource.path("kind").asText() + " " + resource.at("/metadata/name").asText();
  }

  private static JsonNode container(Map<String, JsonNode> made) {
    return made.getOrDefault("Deployment errand", YAML.nullNode())
        .at("/spec/template/spec/containers/0");
  }

  private static String variable(Map<String, JsonNode> made, String of, String name) {
    JsonNode variables =
        made.getOrDefault(of, YAML.nullNode()).at("/spec/template/spec/containers/0/env");
    for (JsonNode variable : variables) {
      if (variable.path("name").asText().equals(name)) {
        assertTrue(variable.path("value").isTextual(), "Kubernetes takes texts alone");
        return variable.path("value").asText();
      }
    }
    throw new AssertionError(name + " is not set");
  }

  private static void removeVariable(Map<String, JsonNode> made, String of, String name) {
    ArrayNode variables =
        (ArrayNode)
            made.getOrDefault(of, YAML.nullNode()).at("/spec/template/spec/containers/0/env");
    for (int i = variables.size() - 1; i >= 0; i--) {
      if (variables.get(i).path("name").asText().equals(name)) {
        variables.remove(i);
      }
    }
  }
}
