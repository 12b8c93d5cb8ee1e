package dev.errand.adapters.console.profile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.Texts;
import dev.errand.models.port.Runners;
import jakarta.ws.rs.core.MultivaluedMap;

/**
 * The values of the form of a provider.
 *
 * @param baseUrl its server; empty for the configured one
 * @param key its key; empty keeps the one that it has
 */
record ProviderFields(String name, String model, String baseUrl, String key) {
  private static final String BASE_URL = "base_url";

  static ProviderFields of(MultivaluedMap<String, String> sent) {
    return new ProviderFields(
        Texts.given(sent.getFirst("name")),
        Texts.given(sent.getFirst("model")),
        Texts.given(sent.getFirst(BASE_URL)),
        Texts.given(sent.getFirst("key")));
  }

  /**
   * The request of the form.
   *
   * @param known the present provider, whose values without a field stay; empty for a new one
   */
  ObjectNode request(ObjectNode known, Runners runners) {
    String runner = known.path("runner").asText(runners.names().getFirst());
    known.put("runner", runner);
    ObjectNode settings = known.withObject("/" + runner);
    put(settings, "model", model);
    put(settings, BASE_URL, baseUrl);
    if (!key.isEmpty()) {
      known.withObject("/settings").put("key", key);
    }
    return known;
  }

  private static void put(ObjectNode in, String field, String value) {
    if (value.isEmpty()) {
      in.remove(field);
    } else {
      in.put(field, value);
    }
  }

  @Override
  public String toString() {
    return "the fields of the provider " + name;
  }
}
