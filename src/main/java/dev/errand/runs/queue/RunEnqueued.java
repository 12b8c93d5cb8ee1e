package dev.errand.runs.queue;

/** Event: a run can be claimed. It is a hint; claimers read the table for the facts. */
public record RunEnqueued(long runId) {}
