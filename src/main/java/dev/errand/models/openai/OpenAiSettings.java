package dev.errand.models.openai;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.ProviderFields;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The {@code openai} part of a task. Null fields are not sent. Each field has the meaning that
 * OpenAI's API gives it.
 *
 * @param others fields that another version stored
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
@ApiSchema(
    value = "OpenAiSettings",
    patch = "OpenAiPatch",
    variant = "ProviderModel",
    variantFields = ProviderFields.class)
public record OpenAiSettings(
    String prompt,
    String model,
    @Nullable String system,
    @Field(note = "0 to 2; some models refuse it.", least = 0, most = 2)
        @Nullable Double temperature,
    @Field(least = 0, most = 1) @Nullable Double topP,
    @Field(value = "The most tokens of one answer.", least = 1)
        @Nullable Integer maxCompletionTokens,
    @Field(
            value = "Such as `low`.",
            note = "How much a reasoning model thinks.",
            suggestions = {"none", "minimal", "low", "medium", "high", "xhigh"})
        @Nullable String reasoningEffort,
    @Field("Such as `{\"type\": \"json_object\"}`.") @Nullable ObjectNode responseFormat,
    @Field @Nullable Long seed,
    @Field(value = "`auto`, `none`, `required`, or a function by name.", schema = "ToolSelection")
        @Nullable JsonNode toolChoice,
    @Field @Nullable Boolean parallelToolCalls,
    @Field(
            value =
                "Such as `flex`, as the server names its tiers. The tier that the answer names decides the price.",
            note = "`flex` is cheaper and slower, `priority` dearer and faster.",
            suggestions = {
              "auto",
              "default",
              "flex",
              "priority",
              "scale",
              "on_demand",
              "performance"
            })
        @Nullable String serviceTier,
    @Nullable Boolean stream,
    @Nullable String baseUrl,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> others)
    implements ModelSettings {
  static final String RUNNER = "openai";

  /** Has no fields of other versions where JSON has none. */
  public OpenAiSettings {
    others = Collections.unmodifiableMap(Objects.requireNonNullElse(others, Map.of()));
  }

  /** Settings with only a prompt, a model and perhaps a base URL. */
  public OpenAiSettings(String prompt, String model, @Nullable String baseUrl) {
    this(
        prompt, model, null, null, null, null, null, null, null, null, null, null, null, baseUrl,
        Map.of());
  }

  @Override
  public String runner() {
    return RUNNER;
  }

  @Override
  public String answerLengthField() {
    return field("max_completion_tokens");
  }

  @Override
  public @Nullable Integer answerLength() {
    return maxCompletionTokens;
  }

  @Override
  public void checkFields() {
    if (toolChoice != null && !toolChoice.isTextual() && !toolChoice.isObject()) {
      throw ApiException.invalid(field("tool_choice"), "must be a string or an object");
    }
  }

  @Override
  public OpenAiSettings copy(
      String newPrompt, String newModel, @Nullable String newSystem, @Nullable String newBaseUrl) {
    return new OpenAiSettings(
        newPrompt,
        newModel,
        newSystem,
        temperature,
        topP,
        maxCompletionTokens,
        reasoningEffort,
        responseFormat,
        seed,
        toolChoice,
        parallelToolCalls,
        serviceTier,
        stream,
        newBaseUrl,
        others);
  }

  @Override
  public OpenAiSettings withoutServiceTier() {
    return new OpenAiSettings(
        prompt,
        model,
        system,
        temperature,
        topP,
        maxCompletionTokens,
        reasoningEffort,
        responseFormat,
        seed,
        toolChoice,
        parallelToolCalls,
        null,
        stream,
        baseUrl,
        others);
  }
}
