package dev.errand.tools.mcp.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.tools.port.ToolHints;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A tool's declaration by its server, reduced to the fields that Errand pins.
 *
 * @param declared {@code _meta} with {@link #HOPS}, {@code name}, {@code title}, {@code
 *     description}, {@code inputSchema}, {@code outputSchema}, {@code annotations} and a required
 *     {@code execution.taskSupport}, as far as the server sends them
 */
public record McpTool(ObjectNode declared) {
  /**
   * The key in {@code _meta} of a tool that a server itself gets from another server, for the
   * number of servers that pass its calls on. Without it, services that use each other would list
   * one tool again and again under new names.
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

  /** The same for an unchecked declaration. */
  public static int hops(JsonNode declaration) {
    return Math.max(0, declaration.path("_meta").path(HOPS).asInt(0));
  }

  public ObjectNode inputSchema() {
    return (ObjectNode) declared.path("inputSchema");
  }

  /** The schema of its structured results; null where the server gives none. */
  public @Nullable ObjectNode outputSchema() {
    return declared.path("outputSchema") instanceof ObjectNode schema ? schema : null;
  }

  /** Whether a server of the revision 2025-11-25 runs it as a task only. */
  public boolean isTask() {
    return isTask(declared);
  }

  /** The same for an unchecked declaration. */
  public static boolean isTask(JsonNode declaration) {
    return declaration.path("execution").path("taskSupport").asText("").equals("required");
  }

  /** What the server says of its calls; empty for nothing. What it leaves out is as by default. */
  public Optional<ToolHints> hints() {
    JsonNode annotations = declared.path("annotations");
    JsonNode readOnly = annotations.path("readOnlyHint");
    JsonNode destructive = annotations.path("destructiveHint");
    boolean isReadOnly = readOnly.asBoolean(false);
    return readOnly.isBoolean() || destructive.isBoolean()
        ? Optional.of(new ToolHints(isReadOnly, destructive.asBoolean(!isReadOnly)))
        : Optional.empty();
  }

  /** Whether the server declares that repeated calls are safe. */
  public boolean isRepeatable() {
    JsonNode annotations = declared.path("annotations");
    return annotations.path("readOnlyHint").asBoolean(false)
        || annotations.path("idempotentHint").asBoolean(false);
  }
}
