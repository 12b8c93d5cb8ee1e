package dev.errand.runs.approval;

import java.time.Duration;

/**
 * The tool calls of all profiles that wait for a person.
 *
 * @param oldest how long the oldest one has waited; zero without one
 */
public record OpenApprovals(long number, Duration oldest) {}
