package dev.errand.models.loop;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.models.port.ModelSettings;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings of {@link OtherVendorPort}: beside what all have, the beads, the flow and the frame.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record AbacusSettings(
    String prompt,
    String model,
    @Nullable String system,
    @Nullable Integer beads,
    @Nullable Boolean flow,
    @Nullable ObjectNode frame,
    @Nullable String baseUrl,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> others)
    implements ModelSettings {
  static final String RUNNER = "abacus";

  AbacusSettings {
    others = Collections.unmodifiableMap(Objects.requireNonNullElse(others, Map.of()));
  }

  @Override
  public String runner() {
    return RUNNER;
  }

  @Override
  public @Nullable Boolean stream() {
    return flow;
  }

  @Override
  public String answerLengthField() {
    return field("beads");
  }

  @Override
  public void checkFields() {
    if (beads != null && beads < 1) {
      throw ApiException.invalid(answerLengthField(), "must be 1 or more");
    }
  }

  @Override
  public AbacusSettings copy(
      String newPrompt, String newModel, @Nullable String newSystem, @Nullable String newBaseUrl) {
    return new AbacusSettings(
        newPrompt, newModel, newSystem, beads, flow, frame, newBaseUrl, others);
  }
}
