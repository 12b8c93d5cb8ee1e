package dev.errand.tools.port;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The user of tools: a run of a profile, or a person.
 *
 * @param runId the run whose model calls them; null for a person's call
 * @param runsAbove the depth of a run that a call of theirs starts: 0 for a person's call, and more
 *     for a run's, also where it comes from a run of another service
 * @param parent the run in whose tree those are that a call of theirs starts: the one whose model
 *     calls them, or whose call has come by the Model Context Protocol; null where there is none
 */
public record ToolUser(UUID profileId, @Nullable Long runId, int runsAbove, @Nullable Long parent) {
  /** A run, or a person. */
  public ToolUser(UUID profileId, @Nullable Long runId, int runsAbove) {
    this(profileId, runId, runsAbove, runId);
  }
}
