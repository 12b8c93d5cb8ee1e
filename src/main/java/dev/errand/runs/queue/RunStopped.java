package dev.errand.runs.queue;

/**
 * Event: a run was ended by something other than its worker, so the worker should stop. It is a
 * hint; workers read the table for the facts.
 */
public record RunStopped(long runId) {}
