package dev.errand.models.openai;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.SettingsCheck;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The {@code openai} part of a task. Null fields are not sent. Each field has the meaning that
 * OpenAI's API gives it.
 *
 * @param prompt a Mustache template, the user message
 * @param model the model's name; null where a task leaves it to its provider
 * @param system a Mustache template, the system message before it
 * @param temperature 0 to 2
 * @param topP 0 to 1
 * @param maxCompletionTokens the most tokens of one answer
 * @param reasoningEffort such as {@code low}
 * @param responseFormat such as {@code {"type": "json_object"}}
 * @param seed for reproducible answers, as far as the model supports them
 * @param toolChoice {@code auto}, {@code none}, {@code required} or a named function
 * @param parallelToolCalls whether one answer may have several tool calls
 * @param stream whether answers are streamed; null for the configured default
 * @param baseUrl the server, where it is not the configured one
 * @param others fields that another version stored
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OpenAiSettings(
    String prompt,
    String model,
    @Nullable String system,
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable Integer maxCompletionTokens,
    @Nullable String reasoningEffort,
    @Nullable ObjectNode responseFormat,
    @Nullable Long seed,
    @Nullable JsonNode toolChoice,
    @Nullable Boolean parallelToolCalls,
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
        prompt, model, null, null, null, null, null, null, null, null, null, null, baseUrl,
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
    InvalidFields.check(
        () -> SettingsCheck.range(field("temperature"), temperature, 2),
        () -> SettingsCheck.range(field("top_p"), topP, 1),
        this::checkLength,
        this::checkToolChoice);
  }

  private void checkLength() {
    if (maxCompletionTokens != null && maxCompletionTokens < 1) {
      throw ApiException.invalid(answerLengthField(), "must be 1 or more");
    }
  }

  private void checkToolChoice() {
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
        stream,
        newBaseUrl,
        others);
  }
}
