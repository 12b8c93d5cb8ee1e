package dev.errand.models.message;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A tool call that a model requests.
 *
 * @param id the id by which its result refers to it, unique in its message
 * @param name the tool's name
 * @param arguments the arguments; a text node with the raw text where the model gave no valid JSON
 */
public record ToolCall(String id, String name, JsonNode arguments) {}
