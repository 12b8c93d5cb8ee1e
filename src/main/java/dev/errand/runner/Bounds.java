package dev.errand.runner;

import java.time.Duration;
import java.time.Instant;

/**
 * Where a run has to end.
 *
 * @param deadline when its time is up
 * @param timeout how long it was given, for the message
 * @param maxSteps the most answers of the model
 * @param maxTokens the most tokens, prompts and completions together
 * @param maxToolCalls the most tool calls
 * @param maxAttempts how often the model is asked for one answer, while its server fails
 */
public record Bounds(
    Instant deadline,
    Duration timeout,
    int maxSteps,
    long maxTokens,
    int maxToolCalls,
    int maxAttempts) {}
