package dev.errand.tools.mcp.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;

/**
 * A tool as a server declares it, with what Errand pins of it.
 *
 * @param declared {@code _meta} with {@link #HOPS}, {@code name}, {@code title}, {@code
 *     description}, {@code inputSchema}, {@code outputSchema} and {@code annotations}, as far as
 *     the server gives them
 */
public record McpTool(ObjectNode declared) {
  /**
   * What stands in {@code _meta} of a tool that a server itself has from a server: how many of them
   * pass its calls on. Without it, services that have each other would list one tool again and
   * again, each time under another name.
   */
  public static final String HOPS = "dev.errand/hops";

  /** Its name on the server. */
  public String name() {
    return Objects.requireNonNull(declared.path("name").textValue());
  }

  /** How many servers behind its own pass its calls on. */
  public int hops() {
    return hops(declared);
  }

  /** The same of a declaration that is not checked. */
  public static int hops(JsonNode declaration) {
    return Math.max(0, declaration.path("_meta").path(HOPS).asInt(0));
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
