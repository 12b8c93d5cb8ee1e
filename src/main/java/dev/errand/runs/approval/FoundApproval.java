package dev.errand.runs.approval;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;

/**
 * A question about a tool call, with the run that it is of.
 *
 * @param isLive whether the run has not ended
 */
@RegisterForReflection
public record FoundApproval(
    StoredApproval approval, UUID taskId, String task, String run, boolean isLive) {}
