package dev.errand.runs.task.preview;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * What a run would begin with.
 *
 * @param messages what the model would be asked
 * @param tools the tools that it would be offered
 * @param key whether the task has a key
 */
@RegisterForReflection
public record Preview(List<Message> messages, List<OfferedTool> tools, Key key) {

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
   * @param name by which the model would call it
   * @param description what it does
   * @param inputSchema the JSON Schema of its arguments
   */
  @RegisterForReflection
  public record OfferedTool(String name, String description, ObjectNode inputSchema) {}

  /**
   * The key.
   *
   * @param present whether there is one
   * @param opens whether it can be opened
   */
  @RegisterForReflection
  public record Key(boolean present, boolean opens) {}
}
