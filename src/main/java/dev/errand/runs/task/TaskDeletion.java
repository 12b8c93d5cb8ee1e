package dev.errand.runs.task;

import java.util.UUID;

/**
 * A task is about to be deleted, in the transaction at hand. An observer may refuse by an
 * exception.
 *
 * @param taskId the task
 * @param name its name
 * @param force whether its live runs may be ended for it
 */
public record TaskDeletion(UUID taskId, String name, boolean force) {}
