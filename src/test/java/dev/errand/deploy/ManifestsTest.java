package dev.errand.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.knative.eventing.v1.Broker;
import io.fabric8.knative.eventing.v1.Trigger;
import io.fabric8.knative.sources.v1.PingSource;
import io.fabric8.knative.sources.v1.SinkBinding;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The manifests mean to Kubernetes and Knative what they say: no field in them is unknown there.
 */
class ManifestsTest {
  private static final Path DEPLOY = Path.of("deploy");
  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory())
          .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, true);
  private static final Map<String, Class<?>> KINDS =
      Map.of(
          "v1/Service", Service.class,
          "apps/v1/Deployment", Deployment.class,
          "autoscaling/v2/HorizontalPodAutoscaler", HorizontalPodAutoscaler.class,
          "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class,
          "serving.knative.dev/v1/Service", io.fabric8.knative.serving.v1.Service.class,
          "eventing.knative.dev/v1/Broker", Broker.class,
          "eventing.knative.dev/v1/Trigger", Trigger.class,
          "sources.knative.dev/v1/SinkBinding", SinkBinding.class,
          "sources.knative.dev/v1/PingSource", PingSource.class);

  static List<Path> manifests() throws Exception {
    try (Stream<Path> files = Files.walk(DEPLOY)) {
      return files
          .filter(file -> file.toString().matches("deploy/(kubernetes|knative)/.*\\.yaml"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void everyFieldIsKnown(Path file) throws Exception {
    for (JsonNode document : documents(file)) {
      String kind = document.path("apiVersion").asText() + "/" + document.path("kind").asText();
      if (kind.endsWith("/Kustomization")) {
        checkKustomization(file, document);
        continue;
      }
      Class<?> model = KINDS.get(kind);
      assertNotNull(model, file + " has a " + kind + ", of which this test knows no model");
      List<String> unknown = new ArrayList<>();
      findUnknown(YAML.treeToValue(document, model), kind, unknown, new IdentityHashMap<>());
      assertEquals(List.of(), unknown, file.toString());
    }
  }

  @Test
  void whatIsUnknownIsFound() throws Exception {
    JsonNode document =
        YAML.readTree(
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
    List<String> unknown = new ArrayList<>();
    findUnknown(YAML.treeToValue(document, Deployment.class), "", unknown, new IdentityHashMap<>());
    assertEquals(1, unknown.size(), unknown::toString);
    assertTrue(unknown.getFirst().contains("livenesProbe"));
  }

  @Test
  void everyContainerIsUnprivilegedAndProbed() throws Exception {
    Set<String> seen = new HashSet<>();
    for (Path file : manifests()) {
      for (JsonNode document : documents(file)) {
        for (JsonNode container :
            document.path("spec").path("template").path("spec").path("containers")) {
          if (!container.path("name").asText().equals("errand") || !container.has("image")) {
            continue;
          }
          JsonNode security = container.path("securityContext");
          assertTrue(security.path("readOnlyRootFilesystem").asBoolean(), file.toString());
          assertEquals(false, security.path("allowPrivilegeEscalation").asBoolean(true));
          assertEquals("ALL", security.path("capabilities").path("drop").path(0).asText());
          assertEquals(
              "/q/health/ready",
              container.path("readinessProbe").path("httpGet").path("path").asText());
          assertEquals(
              "/q/health/live",
              container.path("livenessProbe").path("httpGet").path("path").asText());
          seen.add(document.path("apiVersion").asText());
        }
      }
    }
    assertEquals(Set.of("apps/v1", "serving.knative.dev/v1"), seen);
  }

  @Test
  void theBudgetOfAnEventEndsBeforeTheRequestDoes() throws Exception {
    JsonNode service = documents(DEPLOY.resolve("knative/base/service.yaml")).getFirst();
    JsonNode spec = service.path("spec").path("template").path("spec");
    String budget = "";
    for (JsonNode variable : spec.path("containers").path(0).path("env")) {
      if (variable.path("name").asText().equals("ERRAND_WORKER_BUDGET")) {
        budget = variable.path("value").asText();
      }
    }
    assertTrue(
        java.time.Duration.parse(budget).toSeconds() + 30 <= spec.path("timeoutSeconds").asLong());
  }

  private static void checkKustomization(Path file, JsonNode kustomization) {
    Set<String> known = Set.of("apiVersion", "kind", "resources", "patches");
    kustomization
        .fieldNames()
        .forEachRemaining(name -> assertTrue(known.contains(name), file + ": " + name));
    List<String> paths = new ArrayList<>();
    kustomization.path("resources").forEach(resource -> paths.add(resource.asText()));
    kustomization.path("patches").forEach(patch -> paths.add(patch.path("path").asText()));
    for (String path : paths) {
      assertTrue(Files.exists(file.resolveSibling(path)), file + ": " + path);
    }
  }

  // The models keep what they do not know aside, instead of failing on it.
  private static void findUnknown(
      @Nullable Object value, String at, List<String> unknown, Map<Object, Object> seen)
      throws IllegalAccessException, InvocationTargetException {
    if (value instanceof Collection<?> elements) {
      for (Object element : elements) {
        findUnknown(element, at, unknown, seen);
      }
      return;
    }
    if (value == null
        || !value.getClass().getName().startsWith("io.fabric8.")
        || value.getClass().isEnum()
        || seen.put(value, value) != null) {
      return;
    }
    for (Method method : value.getClass().getMethods()) {
      if (method.getParameterCount() > 0 || !method.getName().startsWith("get")) {
        continue;
      }
      Object inner = method.invoke(value);
      if (method.getName().equals("getAdditionalProperties") && inner instanceof Map<?, ?> more) {
        more.keySet().forEach(name -> unknown.add(at + ": " + name));
      } else {
        findUnknown(inner, at + "." + method.getName().substring(3), unknown, seen);
      }
    }
  }

  private static List<JsonNode> documents(Path file) throws Exception {
    try (MappingIterator<JsonNode> documents =
        YAML.readerFor(JsonNode.class).readValues(Files.readString(file))) {
      return documents.readAll();
    }
  }
}
