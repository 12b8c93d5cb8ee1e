package dev.errand.runs.task;

import java.util.UUID;

/**
 * Event: a task is being deleted in the current transaction. An observer may refuse by throwing.
 *
 * @param name its name
 * @param force whether its live runs are ended for the deletion
 */
public record TaskDeletion(UUID taskId, String name, boolean force) {}
