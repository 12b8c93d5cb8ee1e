package dev.errand.run;

/**
 * There is a run to claim. A hint: what counts is the table.
 *
 * @param runId the run
 */
public record RunEnqueued(long runId) {}
