package dev.errand.runs.queue;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run to insert into the queue.
 *
 * @param name its name, 1 to 255 printable characters without {@code /}
 * @param parameters a JSON object
 * @param assignment the task's settings as they are at the start, a JSON object
 * @param trigger what started it, a JSON object
 * @param alone whether it may start only while no other run of its task is live
 * @param scheduledAt the time it is scheduled for; null for now
 * @param firstEntry the rendered prompt, as the first entry of its results
 * @param traceparent the trace context of the request that starts it; null without tracing
 * @param parent the id of the run that starts it; null where none does
 */
@RegisterForReflection
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
    @Column(name = "entry") String firstEntry,
    @Nullable String traceparent,
    @Nullable Long parent) {
  /** A run that no other run starts. */
  public NewRun(
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
    this(
        taskId,
        profileId,
        name,
        parameters,
        assignment,
        trigger,
        depth,
        alone,
        scheduledAt,
        firstEntry,
        traceparent,
        null);
  }
}
