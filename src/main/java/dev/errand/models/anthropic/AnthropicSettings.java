package dev.errand.models.anthropic;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.field.Field;
import dev.errand.models.port.ModelPort.Lacks;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.ProviderFields;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The {@code anthropic} part of a task. Null fields are not sent, except that {@code max_tokens}
 * has a default, since the vendor requires it. Each field has the meaning that Anthropic's API
 * gives it.
 *
 * @param others fields that another version stored
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
@ApiSchema(
    value = "AnthropicSettings",
    description =
        "The runner `anthropic`: Anthropic's Messages API. What the model is known to refuse is"
            + " refused here; of models that are not known, their server decides when a run asks"
            + " them. `base_url` may end in `/v1`, or not.",
    patch = "AnthropicPatch",
    variant = "AnthropicProviderModel",
    variantFields = ProviderFields.class)
public record AnthropicSettings(
    String prompt,
    String model,
    @Nullable String system,
    @Field(
            value = "Only 1 beside thinking.",
            note = "0 to 1; models that think refuse it.",
            least = 0,
            most = 1)
        @Nullable Double temperature,
    @Field(value = "Only 0.95 and more beside thinking.", least = 0, most = 1)
        @Nullable Double topP,
    @Field(value = "Not beside thinking.", least = 0) @Nullable Integer topK,
    @Field(value = "The most tokens of one answer, thinking included; 16000 by default.", least = 1)
        @Nullable Integer maxTokens,
    @Field(
            value = "Such as `{\"type\": \"adaptive\", \"display\": \"summarized\"}`.",
            parts = Thinking.class)
        @Nullable ObjectNode thinking,
    @Field(
            note = "How much the model thinks and writes.",
            values = {"low", "medium", "high", "xhigh", "max"})
        @Nullable String effort,
    @Field(value = "Such as `{\"type\": \"any\"}`.", parts = ToolChoice.class)
        @Nullable ObjectNode toolChoice,
    @Field(pattern = "[\\s\\S]*\\S[\\s\\S]*", refusal = "must not be blank")
        @Nullable List<String> stopSequences,
    @Field(
            value =
                "Whether capacity that the organization has bought may serve the request. The tier that the answer names decides the price.",
            note = "Whether capacity that the organization has bought is used.",
            suggestions = {"auto", "standard_only"})
        @Nullable String serviceTier,
    @Nullable Boolean stream,
    @Nullable String baseUrl,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> others)
    implements ModelSettings {
  static final String RUNNER = "anthropic";

  /**
   * The most tokens of one answer of a task that sets none. All current models write more, it
   * leaves room for thinking, which counts, and even an answer in one piece of that length arrives
   * in time: the vendor expects 30 s for 1,000 tokens, and {@code errand.model.timeout} is 10 min.
   */
  static final int DEFAULT_MAX_TOKENS = 16_000;

  static final List<String> EFFORTS = values("effort");
  static final List<String> THINKING = values("thinking.type");
  private static final int SMALLEST_BUDGET = 1024;
  // The lowest top_p that is valid beside thinking.
  private static final double LEAST_TOP_P = 0.95;

  /** What is known of {@code thinking}, beside what {@link #checkFields} looks at. */
  @RegisterForReflection
  record Thinking(
      @Field(
              note = "When the model thinks; each model has some of these.",
              required = true,
              values = {"adaptive", "between_tools", "disabled", "enabled"})
          String type) {}

  /** What is known of {@code tool_choice}. */
  @RegisterForReflection
  record ToolChoice(
      @Field(
              required = true,
              values = {"any", "auto", "none", "tool"})
          String type) {}

  private static List<String> values(String field) {
    return DeclaredFields.of(AnthropicSettings.class).find(field).orElseThrow().codes();
  }

  /** Has no fields of other versions where JSON has none. */
  public AnthropicSettings {
    stopSequences = stopSequences == null ? null : Collections.unmodifiableList(stopSequences);
    others = Collections.unmodifiableMap(Objects.requireNonNullElse(others, Map.of()));
  }

  @Override
  public String runner() {
    return RUNNER;
  }

  @Override
  public String answerLengthField() {
    return field("max_tokens");
  }

  @Override
  public Integer answerLength() {
    return maxTokens == null ? DEFAULT_MAX_TOKENS : maxTokens;
  }

  // The newest models count at most 4,784.
  @Override
  public int pictureTokens() {
    return 10_000;
  }

  @Override
  public int leastAnswerLength() {
    if (maxTokens != null) {
      return maxTokens;
    }
    return thinking == null
        ? SHORTEST_ANSWER
        : SHORTEST_ANSWER + thinking.path("budget_tokens").asInt(0);
  }

  @Override
  public void checkFields() {
    Optional<KnownModel> known = model == null ? Optional.empty() : KnownModel.of(model);
    InvalidFields.check(
        () -> checkLength(known), () -> checkThinking(known), () -> checkToolChoice(known));
  }

  private void checkLength(Optional<KnownModel> known) {
    known
        .filter(of -> answerLength() > of.maxTokens())
        .ifPresent(
            of -> {
              throw ApiException.invalid(
                  answerLengthField(),
                  "must be %s at most with %s".formatted(of.maxTokens(), model));
            });
  }

  private void checkThinking(Optional<KnownModel> known) {
    String type = null;
    if (thinking != null) {
      type = thinking.path("type").asText();
      if (!THINKING.contains(type)) {
        // Its declaration refuses it.
        return;
      }
      List<String> valid =
          known.map(of -> of.thinking().stream().sorted().toList()).orElse(THINKING);
      if (!valid.contains(type)) {
        throw ApiException.invalid(
            field("thinking.type"),
            "must be %s with %s: set anthropic.effort to have it think less"
                .formatted(String.join(" or ", valid), model));
      }
      if (type.equals("enabled")) {
        checkBudget(thinking.path("budget_tokens"));
      }
    }
    if (known.isPresent()) {
      refuseSampling("with " + model);
    } else if (type != null && !type.equals("disabled")) {
      refuseSampling("beside " + field("thinking"));
    }
  }

  private void checkBudget(JsonNode budget) {
    String name = field("thinking.budget_tokens");
    if (!budget.isIntegralNumber() || budget.asLong() < SMALLEST_BUDGET) {
      throw ApiException.invalid(name, "must be a number of " + SMALLEST_BUDGET + " or more");
    }
    if (budget.asLong() >= answerLength()) {
      throw ApiException.invalid(
          name,
          "must be less than %s, which is %s%s"
              .formatted(
                  answerLengthField(), answerLength(), maxTokens == null ? " by default" : ""));
    }
  }

  private void refuseSampling(String where) {
    InvalidFields wrong = new InvalidFields();
    if (temperature != null && temperature != 1) {
      wrong.add(ApiException.invalid(field("temperature"), "must be 1 or absent " + where));
    }
    if (topP != null && topP < LEAST_TOP_P) {
      wrong.add(
          ApiException.invalid(
              field("top_p"), "must be " + LEAST_TOP_P + " or more, or absent " + where));
    }
    if (topK != null) {
      wrong.add(ApiException.invalid(field("top_k"), "must be absent " + where));
    }
    wrong.refuse();
  }

  private void checkToolChoice(Optional<KnownModel> known) {
    if (toolChoice == null) {
      return;
    }
    String type = toolChoice.path("type").asText();
    if (type.equals("tool") && !toolChoice.path("name").isTextual()) {
      throw ApiException.invalid(field("tool_choice.name"), "is required with the type tool");
    }
    boolean forces = type.equals("any") || type.equals("tool");
    if (forces && known.isPresent() && !known.get().canBeForced()) {
      throw ApiException.invalid(
          field("tool_choice.type"),
          "must be auto or none with %s, which can't be forced to call a tool: ask for it in the"
                  .formatted(model)
              + " prompt");
    }
  }

  /**
   * Checks what the server says that the model can't do.
   *
   * @throws ApiException that names the field
   */
  void checkLacks(Lacks lacks) {
    if (thinking != null) {
      refuse("thinking.type", thinking.path("type").asText(), lacks.thinking(), THINKING);
    }
    if (effort != null) {
      refuse("effort", effort, lacks.efforts(), EFFORTS);
    }
  }

  private void refuse(String name, String value, Set<String> refused, List<String> all) {
    if (!refused.contains(value)) {
      return;
    }
    List<String> valid = all.stream().filter(other -> !refused.contains(other)).toList();
    throw ApiException.invalid(
        field(name),
        "must be %s with %s, as its server says"
            .formatted(valid.isEmpty() ? "absent" : String.join(" or ", valid), model));
  }

  /** Whether watchers are shown what the model thinks, which then has a text. */
  boolean showsThinking() {
    return thinking != null && thinking.hasNonNull("display");
  }

  /** Whether the vendor must be asked to obey {@code thinking.block_binding}. */
  boolean hasBlockBinding() {
    return thinking != null && thinking.has("block_binding");
  }

  @Override
  public AnthropicSettings copy(
      String newPrompt, String newModel, @Nullable String newSystem, @Nullable String newBaseUrl) {
    return new AnthropicSettings(
        newPrompt,
        newModel,
        newSystem,
        temperature,
        topP,
        topK,
        maxTokens,
        thinking,
        effort,
        toolChoice,
        stopSequences,
        serviceTier,
        stream,
        newBaseUrl,
        others);
  }

  @Override
  public AnthropicSettings withoutServiceTier() {
    return new AnthropicSettings(
        prompt,
        model,
        system,
        temperature,
        topP,
        topK,
        maxTokens,
        thinking,
        effort,
        toolChoice,
        stopSequences,
        null,
        stream,
        baseUrl,
        others);
  }
}
