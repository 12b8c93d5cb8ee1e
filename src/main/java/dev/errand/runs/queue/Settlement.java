package dev.errand.runs.queue;

import org.jspecify.annotations.Nullable;

/**
 * What a request to a model cost for which an attempt of a run has reserved a part of its budgets.
 * It is written with the answer, and replaces what is reserved.
 *
 * @param usd null where it is not known, so that what was reserved counts as spent
 * @param tokens null where it is not known
 */
public record Settlement(long runId, int attempt, @Nullable Double usd, @Nullable Long tokens) {}
