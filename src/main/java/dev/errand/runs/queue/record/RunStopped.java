package dev.errand.runs.queue.record;

/**
 * A run was ended by another than its worker, which is to let go of it. A hint: what counts is the
 * table.
 *
 * @param runId the run
 */
public record RunStopped(long runId) {}
