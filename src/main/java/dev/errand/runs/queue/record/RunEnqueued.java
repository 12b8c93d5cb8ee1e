package dev.errand.runs.queue.record;

/**
 * There is a run to claim. A hint: what counts is the table.
 *
 * @param runId the run
 */
public record RunEnqueued(long runId) {}
