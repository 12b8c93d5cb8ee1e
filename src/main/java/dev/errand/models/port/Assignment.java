package dev.errand.models.port;

import dev.errand.base.turn.WorkOwner;
import dev.errand.models.output.Expectation;
import dev.errand.models.output.OutputSchema;
import dev.errand.tools.port.ApprovalRules;
import dev.errand.tools.port.Toolbox;
import org.jspecify.annotations.Nullable;

/**
 * The input of the tool loop: model settings, key, tools, bounds and the conversation so far.
 *
 * @param key the key for the model's server; empty where it needs none
 * @param transcript the conversation so far, beginning with the prompt
 * @param usage the usage of earlier attempts
 * @param output the schema that the last message must fit; null where it may be any text
 * @param expectation what the run must have done at its last message; null for nothing
 * @param approvals the task's own rules of which calls wait for a person, by the names that the
 *     model calls
 * @param tierFallback whether a request that its tier of service has no capacity for is sent again
 *     without naming one
 * @param owner whose turns its checks have
 */
public record Assignment(
    ModelSettings settings,
    String key,
    Toolbox toolbox,
    Bounds bounds,
    Transcript transcript,
    Usage usage,
    @Nullable OutputSchema output,
    @Nullable Expectation expectation,
    ApprovalRules approvals,
    boolean tierFallback,
    WorkOwner owner) {
  /** The same with the server's default tier of service. */
  public Assignment atDefaultTier() {
    return new Assignment(
        settings.withoutServiceTier(),
        key,
        toolbox,
        bounds,
        transcript,
        usage,
        output,
        expectation,
        approvals,
        tierFallback,
        owner);
  }

  @Override
  public String toString() {
    return "Assignment[" + transcript.messages().size() + " messages]";
  }
}
