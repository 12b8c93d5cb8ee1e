package dev.errand.runs.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event of a task that is not the end of a run.
 *
 * @param runId the run that makes it happen, so that a run which the event starts is one level
 *     deeper; null for none
 * @param at when it happened
 * @param details the {@code data} of the event besides profile, task and address; nothing secret
 */
public record TaskEvent(
    UUID taskId, @Nullable Long runId, EventKind kind, Instant at, ObjectNode details) {
  /** The field of {@link #details} that names the schedule which the event concerns. */
  public static final String SCHEDULE = "schedule";

  /** The field of {@link #details} that names the trigger which the event concerns. */
  public static final String TRIGGER = "trigger";

  /** The field of {@link #details} that has the id of the approval which the event concerns. */
  public static final String APPROVAL = "approval";

  /** An event that no run makes happen. */
  public TaskEvent(UUID taskId, EventKind kind, Instant at, ObjectNode details) {
    this(taskId, null, kind, at, details);
  }
}
