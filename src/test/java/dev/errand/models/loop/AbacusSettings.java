package dev.errand.models.loop;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.field.Field;
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
    @Field(value = "The most beads of one answer.", least = 1) @Nullable Integer beads,
    @Field("Whether answers are streamed.") @Nullable Boolean flow,
    @Field(parts = Frame.class) @Nullable ObjectNode frame,
    @Nullable String baseUrl,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> others)
    implements ModelSettings {
  static final String RUNNER = "abacus";

  /** What is known of the frame. */
  record Frame(
      @Field(
              note = "What the frame is made of.",
              suggestions = {"oak", "ash"})
          @Nullable String wood) {}

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
    // Their declarations say it all.
  }

  @Override
  public AbacusSettings copy(
      String newPrompt, String newModel, @Nullable String newSystem, @Nullable String newBaseUrl) {
    return new AbacusSettings(
        newPrompt, newModel, newSystem, beads, flow, frame, newBaseUrl, others);
  }
}
