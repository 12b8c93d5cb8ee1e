package dev.errand.runs.task;

import java.util.UUID;

/**
 * Event: a task is being deleted in the current transaction. An observer may refuse by throwing.
 */
public record TaskDeletion(UUID taskId, String name, boolean force) {}
