package dev.errand.runs.queue.record;

import org.jspecify.annotations.Nullable;

/**
 * A run has ended. For who counts: a process that ends right after the run may tell nobody.
 *
 * @param status ready or error
 * @param code why it ended without a last message; null where it is ready
 */
public record RunEnded(RunStatus status, @Nullable String code) {}
