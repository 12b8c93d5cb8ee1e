package dev.errand.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.knative.eventing.v1.Broker;
import io.fabric8.knative.eventing.v1.Trigger;
import io.fabric8.knative.sources.v1.PingSource;
import io.fabric8.knative.sources.v1.SinkBinding;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The models of the kinds of resources that the manifests have, to which they are held. */
final class KubernetesModels {
  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory())
          .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, true);
  private static final Map<String, Class<?>> KINDS =
      Map.ofEntries(
          Map.entry("v1/Service", Service.class),
          Map.entry("v1/ServiceAccount", ServiceAccount.class),
          Map.entry("apps/v1/Deployment", Deployment.class),
          Map.entry("batch/v1/Job", Job.class),
          Map.entry("batch/v1/CronJob", CronJob.class),
          Map.entry("autoscaling/v2/HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
          Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
          Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
          Map.entry("serving.knative.dev/v1/Service", io.fabric8.knative.serving.v1.Service.class),
          Map.entry("eventing.knative.dev/v1/Broker", Broker.class),
          Map.entry("eventing.knative.dev/v1/Trigger", Trigger.class),
          Map.entry("sources.knative.dev/v1/SinkBinding", SinkBinding.class),
          Map.entry("sources.knative.dev/v1/PingSource", PingSource.class));

  private static final Map<String, Path> SCHEMAS =
      Map.of(
          "keda.sh/v1alpha1/ScaledObject",
          Path.of("src/test/resources/keda/scaledobjects.yaml"),
          "keda.sh/v1alpha1/TriggerAuthentication",
          Path.of("src/test/resources/keda/triggerauthentications.yaml"));

  private KubernetesModels() {}

  /** Fails if a resource has a field that its kind does not know. */
  static void check(String at, JsonNode resource) throws Exception {
    assertEquals(List.of(), unknown(at, resource), at);
  }

  /** The fields of a resource that its kind does not know. */
  static List<String> unknown(String at, JsonNode resource) throws Exception {
    String kind = resource.path("apiVersion").asText() + "/" + resource.path("kind").asText();
    Path schema = SCHEMAS.get(kind);
    if (schema != null) {
      List<String> unknown = new ArrayList<>();
      findUnknown(kind, resource, YAML.readTree(schema.toFile()), unknown);
      return unknown;
    }
    Class<?> model = KINDS.get(kind);
    assertNotNull(model, at + " has a " + kind + ", of which the tests know no model");
    List<String> unknown = new ArrayList<>();
    findUnknown(YAML.treeToValue(resource, model), kind, unknown, new IdentityHashMap<>());
    return unknown;
  }

  // What a schema does not have, lacks, or has as something else.
  private static void findUnknown(
      String at, JsonNode value, JsonNode schema, List<String> unknown) {
    boolean fits =
        switch (schema.path("type").asText()) {
          case "object" -> value.isObject();
          case "array" -> value.isArray() && value.size() >= schema.path("minItems").asInt();
          case "string" -> value.isTextual();
          case "integer" ->
              value.isInt() && value.asInt() >= schema.path("minimum").asInt(Integer.MIN_VALUE);
          case "boolean" -> value.isBoolean();
          default -> false;
        };
    if (!fits || (schema.has("enum") && !isOneOf(schema.path("enum"), value))) {
      unknown.add(at + ": " + value);
      return;
    }
    for (JsonNode name : schema.path("required")) {
      if (!value.has(name.asText())) {
        unknown.add(at + " without " + name.asText());
      }
    }
    // Of what it says nothing more, anything goes, as of metadata.
    if (value.isArray()) {
      value.forEach(element -> findUnknown(at + "[]", element, schema.path("items"), unknown));
    } else if (value.isObject()
        && (schema.has("properties") || schema.has("additionalProperties"))) {
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        JsonNode known =
            schema.has("properties")
                ? schema.path("properties").path(field.getKey())
                : schema.path("additionalProperties");
        findUnknown(at + "." + field.getKey(), field.getValue(), known, unknown);
      }
    }
  }

  private static boolean isOneOf(JsonNode values, JsonNode value) {
    for (JsonNode one : values) {
      if (one.equals(value)) {
        return true;
      }
    }
    return false;
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
}
