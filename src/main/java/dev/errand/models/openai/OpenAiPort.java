package dev.errand.models.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.models.port.Traced;
import dev.errand.models.wire.ModelClient;
import dev.errand.models.wire.ModelEndpoints;
import jakarta.inject.Singleton;
import java.util.List;

/** The port for OpenAI's chat completions API, which many other servers implement, too. */
@Singleton
class OpenAiPort extends OpenAiServerPort<OpenAiSettings> {
  private final ChatRequest request;

  OpenAiPort(
      ChatRequest request,
      ChatAnswers answers,
      ModelClient client,
      ModelEndpoints endpoints,
      OpenAiConfig config) {
    super("chat/completions", answers, client, endpoints, config);
    this.request = request;
  }

  @Override
  public String runner() {
    return OpenAiSettings.RUNNER;
  }

  @Override
  public String title() {
    return "Chat completions of OpenAI and others";
  }

  @Override
  public List<String> inputs() {
    return List.of(
        "max_completion_tokens", "reasoning_effort", "temperature", "service_tier", "stream");
  }

  @Override
  public Class<OpenAiSettings> settings() {
    return OpenAiSettings.class;
  }

  @Override
  public Traced traced(OpenAiSettings settings) {
    return new Traced(provider(), false, request.attributes(settings));
  }

  @Override
  public void checkOutput(OpenAiSettings settings, ObjectNode schema) {
    if (settings.responseFormat() != null) {
      throw ApiException.invalid(
          settings.field("response_format"),
          "can't be combined with settings.output_schema, which sets it: leave one of them out");
    }
  }

  @Override
  protected ObjectNode body(Question<OpenAiSettings> question) {
    return request.of(question);
  }
}
