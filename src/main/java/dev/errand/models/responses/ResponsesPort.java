package dev.errand.models.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.models.openai.OpenAiConfig;
import dev.errand.models.openai.OpenAiServerPort;
import dev.errand.models.port.Traced;
import dev.errand.models.wire.ModelClient;
import dev.errand.models.wire.ModelEndpoints;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;

/**
 * The port for OpenAI's Responses API, used without state at the server: each request has the whole
 * conversation, and the server stores none.
 */
@Singleton
class ResponsesPort extends OpenAiServerPort<ResponsesSettings> {
  // The items that the server encrypts.
  private static final Set<String> BOUND = Set.of("reasoning", "compaction");

  private final ResponsesRequest request;

  ResponsesPort(
      ResponsesRequest request,
      ResponsesAnswers answers,
      ModelClient client,
      ModelEndpoints endpoints,
      OpenAiConfig config) {
    super("responses", answers, client, endpoints, config);
    this.request = request;
  }

  @Override
  public String runner() {
    return ResponsesSettings.RUNNER;
  }

  @Override
  public String title() {
    return "Responses of OpenAI";
  }

  @Override
  public List<String> inputs() {
    return List.of(
        "max_output_tokens", "reasoning.effort", "temperature", "service_tier", "stream");
  }

  @Override
  public Class<ResponsesSettings> settings() {
    return ResponsesSettings.class;
  }

  @Override
  public boolean isBound(JsonNode sent) {
    return sent.valueStream().anyMatch(item -> BOUND.contains(item.path("type").asText()));
  }

  @Override
  public void checkOutput(ResponsesSettings settings, ObjectNode schema) {
    if (settings.text() != null && settings.text().has("format")) {
      throw ApiException.invalid(
          settings.field("text.format"),
          "can't be combined with settings.output_schema, which sets it: leave one of them out");
    }
  }

  @Override
  public Traced traced(ResponsesSettings settings) {
    return new Traced(provider(), true, request.attributes(settings));
  }

  @Override
  protected ObjectNode body(Question<ResponsesSettings> question) {
    return request.of(question);
  }
}
