package dev.errand.models.port;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How requests to a model are described in traces and metrics, by OpenTelemetry's conventions for
 * generative AI.
 *
 * @param provider the vendor's name there
 * @param hasSystemApart whether the vendor's API takes the system text apart from the messages
 * @param attributes what the conventions have for requests beyond model and server: texts, whole
 *     numbers, numbers and flags
 */
public record Traced(String provider, boolean hasSystemApart, Map<String, Object> attributes) {
  public Traced {
    attributes = Map.copyOf(attributes);
  }

  /** The same for a request that asks for JSON. */
  public Traced ofJson() {
    Map<String, Object> more = new HashMap<>(attributes);
    more.put("gen_ai.output.type", "json");
    return new Traced(provider, hasSystemApart, more);
  }

  /** Adds an attribute, unless the request leaves it to the server. */
  public static void put(Map<String, Object> attributes, String name, @Nullable Object value) {
    if (value != null) {
      attributes.put(name, value);
    }
  }
}
