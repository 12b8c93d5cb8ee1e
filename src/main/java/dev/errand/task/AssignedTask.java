package dev.errand.task;

import dev.errand.runner.openai.OpenAiSettings;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * What a run was asked to do, as it was fixed at the trigger.
 *
 * @param openai the runner's settings, their templates rendered
 * @param settings the bounds
 */
@RegisterForReflection
public record AssignedTask(OpenAiSettings openai, TaskSettings settings) {}
