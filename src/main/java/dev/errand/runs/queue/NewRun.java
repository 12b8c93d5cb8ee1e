package dev.errand.runs.queue;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run that is to be enqueued.
 *
 * @param taskId the task
 * @param profileId the task's profile
 * @param name its name, 1 to 255 printable characters without {@code /}
 * @param parameters a JSON object
 * @param assignment what is fixed at the trigger, a JSON object
 * @param trigger what started it, a JSON object
 * @param depth how many runs stand above it
 * @param alone whether it may start only while no other run of its task is live
 * @param scheduledAt for when it was meant; null for now
 * @param firstEntry the rendered prompt, as the first entry of its results
 * @param traceparent what asked for it, as a trace tells of it; null where nothing is traced
 */
public record NewRun(
    UUID taskId,
    UUID profileId,
    String name,
    String parameters,
    String assignment,
    String trigger,
    int depth,
    boolean alone,
    @Nullable Instant scheduledAt,
    String firstEntry,
    @Nullable String traceparent) {

  /** Which run it is. */
  RunOutcomes.Named named() {
    return new RunOutcomes.Named(taskId, name);
  }
}
