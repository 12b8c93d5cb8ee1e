package dev.errand.adapters.console.task;

import org.jspecify.annotations.Nullable;

/**
 * The form that registers or changes a task, with what stands in it.
 *
 * @param isNew whether it registers one
 * @param name the task's name
 * @param message why it was refused; null where it was not
 * @param prompt its prompt
 * @param system the text before it
 * @param model the name of the model
 * @param baseUrl the model's server; empty for the configured one
 * @param provider the provider that has its key; empty where it has its own
 * @param keyHint the end of its own key; empty where it has none
 * @param enabled whether runs of it can be started
 * @param timeout the longest that a run may take, as an ISO 8601 duration
 * @param maxSteps the most answers of the model
 * @param maxTokens the most tokens
 * @param maxCostUsd the most US dollars
 * @param maxToolCalls the most tool calls
 */
public record TaskFormView(
    boolean isNew,
    String name,
    @Nullable String message,
    String prompt,
    String system,
    String model,
    String baseUrl,
    String provider,
    String keyHint,
    boolean enabled,
    String timeout,
    String maxSteps,
    String maxTokens,
    String maxCostUsd,
    String maxToolCalls) {}
