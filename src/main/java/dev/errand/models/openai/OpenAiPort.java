package dev.errand.models.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.models.port.ModelAnswer;
import dev.errand.models.port.ModelPort;
import dev.errand.models.port.ModelRequest;
import dev.errand.models.port.RunListener;
import dev.errand.models.wire.ModelCall;
import dev.errand.models.wire.ModelClient;
import dev.errand.models.wire.ModelEndpoints;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The port for OpenAI's chat completions API, which many other servers implement, too. */
@Singleton
class OpenAiPort implements ModelPort<OpenAiSettings> {
  private static final String PATH = "chat/completions";

  private final ChatRequest request;
  private final ChatAnswers answers;
  private final ModelClient client;
  private final ModelEndpoints endpoints;
  private final OpenAiConfig config;

  OpenAiPort(
      ChatRequest request,
      ChatAnswers answers,
      ModelClient client,
      ModelEndpoints endpoints,
      OpenAiConfig config) {
    this.request = request;
    this.answers = answers;
    this.client = client;
    this.endpoints = endpoints;
    this.config = config;
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
  public URI configuredEndpoint() {
    return config.baseUrl();
  }

  @Override
  public String catalogPath() {
    return "models";
  }

  @Override
  public Optional<List<ListedModel>> catalog(JsonNode answer) {
    JsonNode data = answer.path("data");
    return data.isArray()
        ? Optional.of(
            data.valueStream().map(model -> new ListedModel(model.path("id").asText())).toList())
        : Optional.empty();
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
  public Map<String, String> headers(String key) {
    return key.isEmpty() ? Map.of() : Map.of("authorization", "Bearer " + key);
  }

  @Override
  public ModelAnswer ask(Question<OpenAiSettings> question, RunListener listener)
      throws InterruptedException {
    return client.ask(call(question), answers, listener);
  }

  @Override
  public ModelRequest request(Question<OpenAiSettings> question) {
    return call(question).request();
  }

  private ModelCall call(Question<OpenAiSettings> question) {
    return new ModelCall(
        question,
        endpoints.of(question.settings()),
        PATH,
        headers(question.key()),
        () -> request.of(question));
  }
}
