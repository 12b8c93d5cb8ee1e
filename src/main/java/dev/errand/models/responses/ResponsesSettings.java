package dev.errand.models.responses;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.SettingsCheck;
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
 * @param prompt a Mustache template, the user message
 * @param model the model's name; null where a task leaves it to its provider
 * @param system a Mustache template, sent as {@code instructions}
 * @param temperature 0 to 2
 * @param topP 0 to 1
 * @param maxOutputTokens the most tokens of one answer, reasoning included
 * @param reasoning such as {@code {"effort": "low", "summary": "auto"}}
 * @param text such as {@code {"verbosity": "low"}}
 * @param toolChoice {@code auto}, {@code none}, {@code required} or a named function
 * @param parallelToolCalls whether one answer may have several tool calls
 * @param contextManagement such as {@code [{"type": "compaction", "compact_threshold": 100000}]}
 * @param serviceTier such as {@code flex}
 * @param promptCacheKey what requests with the same beginning have in common; null for one that is
 *     made of system text and tools
 * @param include what an answer contains beside the message; null for the encrypted reasoning of
 *     models that reason
 * @param stream whether answers are streamed; null for the configured default
 * @param baseUrl the server, where it is not the configured one
 * @param others fields that another version stored
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ResponsesSettings(
    String prompt,
    String model,
    @Nullable String system,
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable Integer maxOutputTokens,
    @Nullable ObjectNode reasoning,
    @Nullable ObjectNode text,
    @Nullable JsonNode toolChoice,
    @Nullable Boolean parallelToolCalls,
    @Nullable ArrayNode contextManagement,
    @Nullable String serviceTier,
    @Nullable String promptCacheKey,
    @Nullable List<String> include,
    @Nullable Boolean stream,
    @Nullable String baseUrl,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> others)
    implements ModelSettings {
  static final String RUNNER = "responses";

  private static final int LONGEST_CACHE_KEY = 64;
  private static final List<String> EFFORTS =
      List.of("none", "minimal", "low", "medium", "high", "xhigh", "max");
  private static final List<String> SUMMARIES = List.of("auto", "concise", "detailed");
  private static final List<String> VERBOSITIES = List.of("low", "medium", "high");

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
  public void checkFields() {
    InvalidFields.check(
        () -> SettingsCheck.range(field("temperature"), temperature, 2),
        () -> SettingsCheck.range(field("top_p"), topP, 1),
        this::checkLength,
        () -> oneOf("reasoning.effort", reasoning, "effort", EFFORTS),
        () -> oneOf("reasoning.summary", reasoning, "summary", SUMMARIES),
        () -> oneOf("text.verbosity", text, "verbosity", VERBOSITIES),
        () -> checkToolChoice(toolChoice),
        this::checkCacheKey);
  }

  private void checkLength() {
    if (maxOutputTokens != null && maxOutputTokens < 1) {
      throw ApiException.invalid(answerLengthField(), "must be 1 or more");
    }
  }

  private void checkCacheKey() {
    if (promptCacheKey != null && promptCacheKey.length() > LONGEST_CACHE_KEY) {
      throw ApiException.invalid(
          field("prompt_cache_key"), "has more than " + LONGEST_CACHE_KEY + " characters");
    }
  }

  private void checkToolChoice(@Nullable JsonNode choice) {
    if (choice == null) {
      return;
    }
    if (!choice.isTextual() && !choice.isObject()) {
      throw ApiException.invalid(field("tool_choice"), "must be a string or an object");
    }
    if (choice.has("function")) {
      throw ApiException.invalid(
          field("tool_choice"), "names a function by {\"type\": \"function\", \"name\": …}");
    }
  }

  // Null is the server's default.
  private void oneOf(String name, @Nullable ObjectNode in, String part, List<String> known) {
    if (in != null && in.hasNonNull(part) && !known.contains(in.path(part).asText())) {
      throw ApiException.invalid(field(name), "must be one of " + String.join(", ", known));
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
}
