package dev.errand.tools.port;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of a tool for a model.
 *
 * @param name its name; in a {@link Toolbox} it is unique and matches {@code ^[a-zA-Z0-9_-]{1,64}$}
 * @param description what it does, for the model; may be empty
 * @param inputSchema the JSON Schema of its arguments, an object schema
 * @param hops how many servers pass its calls on: 0 for one that is called here
 * @param hints what its author says of its calls; null for nothing, and in a {@link Toolbox}
 * @param outputSchema the JSON Schema of its structured results as its author wrote it, which no
 *     model gets; null for none
 */
public record ToolSpec(
    String name,
    String description,
    ObjectNode inputSchema,
    int hops,
    @Nullable ToolHints hints,
    @Nullable ObjectNode outputSchema) {
  /** A tool that is called here. */
  public ToolSpec(String name, String description, ObjectNode inputSchema) {
    this(name, description, inputSchema, 0, null, null);
  }

  /** The same tool under the name that it has in a toolbox. */
  public ToolSpec named(String now) {
    return new ToolSpec(now, description, inputSchema, hops, null, outputSchema);
  }
}
