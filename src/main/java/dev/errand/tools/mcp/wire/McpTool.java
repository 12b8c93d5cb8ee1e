package dev.errand.tools.mcp.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;

/**
 * A tool as a server declares it, with what Errand pins of it.
 *
 * @param declared {@code name}, {@code title}, {@code description}, {@code inputSchema}, {@code
 *     outputSchema} and {@code annotations}, as far as the server gives them
 */
public record McpTool(ObjectNode declared) {

  /** Its name on the server. */
  public String name() {
    return Objects.requireNonNull(declared.path("name").textValue());
  }

  /** The schema of its arguments. */
  public ObjectNode inputSchema() {
    return (ObjectNode) declared.path("inputSchema");
  }

  /** Whether the server says that a call may be made twice without harm. */
  public boolean isRepeatable() {
    JsonNode annotations = declared.path("annotations");
    return annotations.path("readOnlyHint").asBoolean(false)
        || annotations.path("idempotentHint").asBoolean(false);
  }
}
