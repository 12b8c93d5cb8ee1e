package dev.errand.models.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.models.port.ModelAnswer;
import dev.errand.models.port.ModelPort;
import dev.errand.models.port.ModelRequest;
import dev.errand.models.port.RunListener;
import dev.errand.models.port.Traced;
import dev.errand.models.wire.ModelCall;
import dev.errand.models.wire.ModelClient;
import dev.errand.models.wire.ModelEndpoints;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The port for Anthropic's Messages API. */
@Singleton
class AnthropicPort implements ModelPort<AnthropicSettings> {
  private static final String PATH = "v1/messages";
  // One page has all models.
  private static final String CATALOG = "v1/models?limit=1000";
  private static final String VERSION = "2023-06-01";
  private static final String BLOCK_BINDING = "thinking-binding-controls-2026-08-01";
  private static final Set<String> THINKS = Set.of("adaptive", "between_tools", "enabled");
  private static final Set<String> BOUND = Set.of("thinking", "redacted_thinking", "compaction");

  private final AnthropicRequest request;
  private final AnthropicAnswers answers;
  private final ModelClient client;
  private final ModelEndpoints endpoints;
  private final AnthropicConfig config;

  AnthropicPort(
      AnthropicRequest request,
      AnthropicAnswers answers,
      ModelClient client,
      ModelEndpoints endpoints,
      AnthropicConfig config) {
    this.request = request;
    this.answers = answers;
    this.client = client;
    this.endpoints = endpoints;
    this.config = config;
  }

  @Override
  public String runner() {
    return AnthropicSettings.RUNNER;
  }

  @Override
  public String title() {
    return "Messages of Anthropic";
  }

  @Override
  public List<String> inputs() {
    return List.of(
        "max_tokens", "effort", "thinking.type", "temperature", "service_tier", "stream");
  }

  @Override
  public Class<AnthropicSettings> settings() {
    return AnthropicSettings.class;
  }

  @Override
  public URI configuredEndpoint() {
    return config.baseUrl();
  }

  @Override
  public String catalogPath() {
    return CATALOG;
  }

  @Override
  public Optional<List<ListedModel>> catalog(JsonNode answer) {
    JsonNode data = answer.path("data");
    return data.isArray()
        ? Optional.of(data.valueStream().map(AnthropicPort::listed).toList())
        : Optional.empty();
  }

  private static ListedModel listed(JsonNode model) {
    return new ListedModel(
        model.path("id").asText(),
        tokens(model.path("max_input_tokens")),
        tokens(model.path("max_tokens")),
        lacks(model.path("capabilities")));
  }

  // What the server does not name, such as a newer level, is not refused.
  private static Lacks lacks(JsonNode capabilities) {
    JsonNode thinking = capabilities.path("thinking");
    Set<String> types =
        isRefused(thinking)
            ? THINKS
            : refused(thinking.path("types"), AnthropicSettings.THINKING.stream());
    JsonNode effort = capabilities.path("effort");
    Set<String> levels =
        isRefused(effort)
            ? Set.copyOf(AnthropicSettings.EFFORTS)
            : refused(effort, AnthropicSettings.EFFORTS.stream());
    return new Lacks(types, levels, isRefused(capabilities.path("structured_outputs")));
  }

  private static Set<String> refused(JsonNode capability, Stream<String> values) {
    return values
        .filter(value -> isRefused(capability.path(value)))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static boolean isRefused(JsonNode capability) {
    JsonNode supported = capability.path("supported");
    return supported.isBoolean() && !supported.booleanValue();
  }

  private static @Nullable Long tokens(JsonNode count) {
    return count.canConvertToLong() && count.asLong() > 0 ? count.asLong() : null;
  }

  @Override
  public Map<String, String> headers(String key) {
    Map<String, String> headers = new HashMap<>();
    headers.put("anthropic-version", VERSION);
    if (!key.isEmpty()) {
      headers.put("x-api-key", key);
    }
    return headers;
  }

  @Override
  public ModelAnswer ask(Question<AnthropicSettings> question, RunListener listener)
      throws InterruptedException {
    return client.ask(call(question), answers.of(question.settings()), listener);
  }

  @Override
  public void checkOutput(AnthropicSettings settings, ObjectNode schema) {
    if (OutputFormat.isKnownTo(settings.model())) {
      OutputFormat.check(schema);
    }
  }

  @Override
  public void checkListed(AnthropicSettings settings, ListedModel model, boolean withSchema) {
    ModelPort.super.checkListed(settings, model, withSchema);
    settings.checkLacks(model.lacks());
    // An older model is asked in words.
    if (withSchema && model.lacks().schemas() && OutputFormat.isKnownTo(settings.model())) {
      throw ApiException.invalid(
          "settings.output_schema",
          "must be absent with %s, which has no structured outputs, as its server says: choose a"
                  .formatted(settings.model())
              + " model that has them, or ask for JSON in the prompt");
    }
  }

  @Override
  public boolean isAskedBefore(AnthropicSettings settings) {
    return KnownModel.of(settings.model()).isEmpty();
  }

  @Override
  public Traced traced(AnthropicSettings settings) {
    return new Traced(provider(), true, request.attributes(settings));
  }

  @Override
  public ModelRequest request(Question<AnthropicSettings> question) {
    return call(question).request();
  }

  /** Signed thinking is bound to what stands before it, and a compaction to what it sums up. */
  @Override
  public boolean isBound(JsonNode sent) {
    return sent.valueStream().anyMatch(block -> BOUND.contains(block.path("type").asText()));
  }

  private ModelCall call(Question<AnthropicSettings> question) {
    Map<String, String> headers = headers(question.key());
    if (question.settings().hasBlockBinding()) {
      headers.put("anthropic-beta", BLOCK_BINDING);
    }
    return new ModelCall(
        question, endpoints.of(question.settings()), PATH, headers, () -> request.of(question));
  }
}
