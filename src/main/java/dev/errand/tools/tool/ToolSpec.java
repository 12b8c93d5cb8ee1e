package dev.errand.tools.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a model is told of a tool.
 *
 * @param name the name by which it is called; what {@link Toolbox} hands out fits {@code
 *     ^[a-zA-Z0-9_-]{1,64}$} and is unique there
 * @param description what it does, for the model to read; may be empty
 * @param inputSchema the JSON Schema of its arguments, an object schema
 */
public record ToolSpec(String name, String description, ObjectNode inputSchema) {}
