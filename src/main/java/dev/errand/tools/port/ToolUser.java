package dev.errand.tools.port;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The user of tools: a run of a profile, or a person.
 *
 * @param runId the run whose model calls them; null for a person's call
 * @param runsAbove the depth of a run that a call of theirs starts: 0 for a person's call, and more
 *     for a run's, also where it comes from a run of another service
 */
public record ToolUser(UUID profileId, @Nullable Long runId, int runsAbove) {}
