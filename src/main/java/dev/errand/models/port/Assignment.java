package dev.errand.models.port;

import dev.errand.tools.port.Toolbox;

/**
 * The input of the tool loop: model settings, key, tools, bounds and the conversation so far.
 *
 * @param key the key for the model's server; empty where it needs none
 * @param transcript the conversation so far, beginning with the prompt
 * @param usage the usage of earlier attempts
 */
public record Assignment(
    ModelSettings settings,
    String key,
    Toolbox toolbox,
    Bounds bounds,
    Transcript transcript,
    Usage usage) {
  @Override
  public String toString() {
    return "Assignment[" + transcript.messages().size() + " messages]";
  }
}
