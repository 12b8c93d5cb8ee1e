package dev.errand.models.model;

import dev.errand.models.model.settings.ModelSettings;
import dev.errand.tools.tool.Toolbox;

/**
 * All that a runner is given: what to ask, with which tools, how far it may go, and where it
 * stands.
 *
 * @param settings what to ask and how
 * @param key the key for the model's server; empty where it wants none
 * @param toolbox the tools that the model may call
 * @param bounds where the run has to end
 * @param transcript the conversation so far, beginning with the prompt
 * @param usage what earlier attempts have used
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
    return "Assignment[" + transcript.exchanges().size() + " messages]";
  }
}
