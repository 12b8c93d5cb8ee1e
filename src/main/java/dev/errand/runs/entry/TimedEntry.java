package dev.errand.runs.entry;

import java.time.Instant;

/**
 * An entry of a run as it was recorded.
 *
 * @param time when it was recorded, to the millisecond
 */
public record TimedEntry(Instant time, RunEntry entry) {}
