package dev.errand.models.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.port.ModelPort.Question;
import dev.errand.models.port.ModelRequest;
import dev.errand.models.port.ModelSettings;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A request to a model's server in its vendor's format.
 *
 * @param path the path below it, without a leading slash
 * @param headers header fields in addition to those of every request, such as the key's
 * @param body builds the JSON body; it is not kept while the answer is awaited
 */
public record ModelCall(
    Question<?> question,
    URI endpoint,
    String path,
    Map<String, String> headers,
    Supplier<ObjectNode> body) {
  public ModelCall {
    headers = Map.copyOf(headers);
  }

  public ModelSettings settings() {
    return question.settings();
  }

  /** The server's name, and its port where the address has one, for messages. */
  public String host() {
    return endpoint.getRawAuthority();
  }

  String url() {
    return ModelEndpoints.below(endpoint, path);
  }

  public ModelRequest request() {
    Map<String, String> fields = new TreeMap<>(headers);
    fields.put("content-type", "application/json");
    return new ModelRequest("POST", url(), fields, body.get());
  }

  @Override
  public String toString() {
    return "ModelCall[" + host() + "]";
  }
}
