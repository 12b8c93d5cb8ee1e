package dev.errand.runs.task;

import java.util.UUID;

/**
 * Event: the settings of a task were replaced, or a task was created with them, in the current
 * transaction.
 */
public record SettingsReplaced(UUID taskId) {}
