package dev.errand.runs.queue.record;

/**
 * A run has more entries than before, or another status. A hint to who watches it: what counts is
 * the table.
 *
 * @param runId the run
 */
public record RunChanged(long runId) {}
