package dev.errand.models.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.model.ModelPort.Question;
import dev.errand.models.model.settings.ModelSettings;
import java.net.URI;
import java.util.Map;

/**
 * A request to a model's server, in its vendor's form.
 *
 * @param question what is asked
 * @param endpoint the base URL of the server
 * @param path what follows it, without a slash before it
 * @param headers the header fields beside those that every request has, such as the key's
 * @param body what is sent
 */
public record ModelCall(
    Question<?> question, URI endpoint, String path, Map<String, String> headers, ObjectNode body) {
  public ModelCall {
    headers = Map.copyOf(headers);
  }

  /** How the model is asked. */
  public ModelSettings settings() {
    return question.settings();
  }

  /** The server's name, for messages. */
  public String host() {
    return endpoint.getHost();
  }

  /** The URL that it is sent to. */
  String url() {
    String base = endpoint.toString();
    return (base.endsWith("/") ? base : base + "/") + path;
  }

  @Override
  public String toString() {
    return "ModelCall[" + host() + "]";
  }
}
