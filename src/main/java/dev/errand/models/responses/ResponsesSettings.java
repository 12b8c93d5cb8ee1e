package dev.errand.models.responses;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.ProviderFields;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The {@code responses} part of a task. Null fields are not sent, unless they have a default here.
 * Each field has the meaning that OpenAI's API gives it.
 *
 * @param others fields that another version stored
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
@ApiSchema(
    value = "ResponsesSettings",
    description =
        "Settings of OpenAI's Responses API. Requests have the whole conversation and `store:"
            + " false`.",
    patch = "ResponsesPatch",
    variant = "ResponsesProviderModel",
    variantFields = ProviderFields.class)
public record ResponsesSettings(
    String prompt,
    String model,
    @Field(
            value = "Sent as `instructions`, a Mustache template.",
            most = ModelSettings.LONGEST_TEXT)
        @Nullable String system,
    @Field(note = "0 to 2; some models refuse it.", least = 0, most = 2)
        @Nullable Double temperature,
    @Field(least = 0, most = 1) @Nullable Double topP,
    @Field(value = "The most tokens of one answer, reasoning included.", least = 1)
        @Nullable Integer maxOutputTokens,
    @Field(
            value = "Such as `{\"effort\": \"low\", \"summary\": \"auto\"}`.",
            parts = Reasoning.class)
        @Nullable ObjectNode reasoning,
    @Field(value = "Such as `{\"verbosity\": \"low\"}`.", parts = Text.class)
        @Nullable ObjectNode text,
    @Field(
            value =
                "`auto`, `none`, `required`, or a function: `{\"type\": \"function\", \"name\":"
                    + " \"…\"}`.",
            schema = "ToolSelection")
        @Nullable JsonNode toolChoice,
    @Field @Nullable Boolean parallelToolCalls,
    @Field("Such as `[{\"type\": \"compaction\", \"compact_threshold\": 100000}]`.")
        @Nullable ArrayNode contextManagement,
    @Field(
            value = "Such as `flex`. The tier that the answer names decides the price.",
            note = "`flex` is cheaper and slower, `priority` dearer and faster.",
            suggestions = {"auto", "default", "flex", "priority", "scale"})
        @Nullable String serviceTier,
    @Field(
            value =
                "By default, and only for the default endpoint, it is made of system text and"
                    + " tools.",
            most = 64)
        @Nullable String promptCacheKey,
    @Field(
            "By default `reasoning.encrypted_content` for models that reason; `[]` where the"
                + " endpoint refuses it.")
        @Nullable List<String> include,
    @Nullable Boolean stream,
    @Nullable String baseUrl,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> others)
    implements ModelSettings {
  static final String RUNNER = "responses";

  /** What is known of {@code reasoning}; null is the server's default. */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  @ApiSchema(value = "ResponsesReasoning", open = true)
  record Reasoning(
      @Field(
              note = "How much a reasoning model thinks.",
              values = {"none", "minimal", "low", "medium", "high", "xhigh", "max"})
          @Nullable String effort,
      @Field(values = {"auto", "concise", "detailed"}) @Nullable String summary) {}

  /** What is known of {@code text}; null is the server's default. */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  @ApiSchema(value = "ResponsesText", open = true)
  record Text(@Field(values = {"low", "medium", "high"}) @Nullable String verbosity) {}

  /** Has no fields of other versions where JSON has none. */
  public ResponsesSettings {
    others = Collections.unmodifiableMap(Objects.requireNonNullElse(others, Map.of()));
  }

  @Override
  public String runner() {
    return RUNNER;
  }

  @Override
  public String answerLengthField() {
    return field("max_output_tokens");
  }

  @Override
  public @Nullable Integer answerLength() {
    return maxOutputTokens;
  }

  @Override
  public void checkFields() {
    if (toolChoice == null) {
      return;
    }
    if (!toolChoice.isTextual() && !toolChoice.isObject()) {
      throw ApiException.invalid(field("tool_choice"), "must be a string or an object");
    }
    if (toolChoice.has("function")) {
      throw ApiException.invalid(
          field("tool_choice"), "names a function by {\"type\": \"function\", \"name\": …}");
    }
  }

  @Override
  public ResponsesSettings copy(
      String newPrompt, String newModel, @Nullable String newSystem, @Nullable String newBaseUrl) {
    return new ResponsesSettings(
        newPrompt,
        newModel,
        newSystem,
        temperature,
        topP,
        maxOutputTokens,
        reasoning,
        text,
        toolChoice,
        parallelToolCalls,
        contextManagement,
        serviceTier,
        promptCacheKey,
        include,
        stream,
        newBaseUrl,
        others);
  }

  @Override
  public ResponsesSettings withoutServiceTier() {
    return new ResponsesSettings(
        prompt,
        model,
        system,
        temperature,
        topP,
        maxOutputTokens,
        reasoning,
        text,
        toolChoice,
        parallelToolCalls,
        contextManagement,
        null,
        promptCacheKey,
        include,
        stream,
        baseUrl,
        others);
  }
}
