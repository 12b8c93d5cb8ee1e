package dev.errand.runs.queue;

/**
 * Event: a run has new entries or another status. It is a hint for watchers, who read the table for
 * the facts.
 */
public record RunChanged(long runId) {}
