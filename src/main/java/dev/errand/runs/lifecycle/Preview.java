package dev.errand.runs.lifecycle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.port.ModelRequest;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * A preview of a run: the messages, tools and key with which it would begin, and its first request.
 *
 * @param request the first request to the model, without the key
 */
@RegisterForReflection
public record Preview(
    List<Message> messages, List<OfferedTool> tools, Key key, ModelRequest request) {

  /**
   * A message.
   *
   * @param role system or user
   * @param content its text, rendered
   */
  @RegisterForReflection
  public record Message(String role, String content) {}

  /**
   * A tool.
   *
   * @param inputSchema the JSON Schema of its arguments
   */
  @RegisterForReflection
  public record OfferedTool(String name, String description, ObjectNode inputSchema) {}

  @RegisterForReflection
  public record Key(boolean present, boolean opens) {}
}
