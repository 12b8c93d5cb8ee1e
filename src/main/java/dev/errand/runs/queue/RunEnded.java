package dev.errand.runs.queue;

import dev.errand.models.port.RunError;
import org.jspecify.annotations.Nullable;

/**
 * Event: a run has ended. It serves metrics only, and is lost when the process stops right then.
 *
 * @param status ready or error
 * @param error its error; null where it is ready
 */
public record RunEnded(RunStatus status, @Nullable RunError error) {}
