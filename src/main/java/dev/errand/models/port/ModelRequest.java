package dev.errand.models.port;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;

/**
 * A request to a model's server as it is sent, except for the key.
 *
 * @param headers the header fields that matter to the server, names in lower case; where it needs a
 *     key, {@value #KEY} stands for it
 */
@RegisterForReflection
public record ModelRequest(
    String method, String url, Map<String, String> headers, ObjectNode body) {
  /**
   * The placeholder for the key: a variable of the shell, so that the request can be shown as a
   * command.
   */
  public static final String KEY = "$MODEL_KEY";
}
