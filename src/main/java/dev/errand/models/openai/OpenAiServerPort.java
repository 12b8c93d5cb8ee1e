package dev.errand.models.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.port.ModelAnswer;
import dev.errand.models.port.ModelPort;
import dev.errand.models.port.ModelRequest;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.RunListener;
import dev.errand.models.wire.AnswerParser;
import dev.errand.models.wire.ModelCall;
import dev.errand.models.wire.ModelClient;
import dev.errand.models.wire.ModelEndpoints;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The part of a port that is the same for all APIs of OpenAI: the server, its key and its list of
 * models.
 */
public abstract class OpenAiServerPort<S extends ModelSettings> implements ModelPort<S> {
  private final String path;
  private final AnswerParser answers;
  private final ModelClient client;
  private final ModelEndpoints endpoints;
  private final OpenAiConfig config;

  /**
   * A port to one of the APIs.
   *
   * @param path the path of its requests below a server's base URL
   */
  protected OpenAiServerPort(
      String path,
      AnswerParser answers,
      ModelClient client,
      ModelEndpoints endpoints,
      OpenAiConfig config) {
    this.path = path;
    this.answers = answers;
    this.client = client;
    this.endpoints = endpoints;
    this.config = config;
  }

  /** The body of a request. */
  protected abstract ObjectNode body(Question<S> question);

  @Override
  public final String provider() {
    return OpenAiSettings.RUNNER;
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
  public Map<String, String> headers(String key) {
    return key.isEmpty() ? Map.of() : Map.of("authorization", "Bearer " + key);
  }

  @Override
  public ModelAnswer ask(Question<S> question, RunListener listener) throws InterruptedException {
    return client.ask(call(question), answers, listener);
  }

  @Override
  public ModelRequest request(Question<S> question) {
    return call(question).request();
  }

  private ModelCall call(Question<S> question) {
    return new ModelCall(
        question,
        endpoints.of(question.settings()),
        path,
        headers(question.key()),
        () -> body(question));
  }
}
