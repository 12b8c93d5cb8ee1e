package dev.errand.models.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.port.Traced;
import dev.errand.models.wire.ModelClient;
import dev.errand.models.wire.ModelEndpoints;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;

/** The port for OpenAI's chat completions API, which many other servers implement, too. */
@Singleton
@Priority(1) // Forms propose its runner.
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
  public Class<OpenAiSettings> settings() {
    return OpenAiSettings.class;
  }

  @Override
  public Traced traced(OpenAiSettings settings) {
    return new Traced(provider(), false, request.attributes(settings));
  }

  @Override
  protected ObjectNode body(Question<OpenAiSettings> question) {
    return request.of(question);
  }
}
