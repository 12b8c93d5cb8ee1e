package dev.errand.runs.queue;

/**
 * Event: a run has new entries or another status. It is a hint for watchers, who read the table for
 * the facts.
 *
 * @param runId the run
 */
public record RunChanged(long runId) {}
