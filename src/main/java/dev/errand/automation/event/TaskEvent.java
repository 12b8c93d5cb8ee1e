package dev.errand.automation.event;

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
    UUID taskId, @Nullable Long runId, Type type, Instant at, ObjectNode details) {
  /** The field of {@link #details} that names the schedule which the event concerns. */
  public static final String SCHEDULE = "schedule";

  /** The field of {@link #details} that has the id of the approval which the event concerns. */
  public static final String APPROVAL = "approval";

  /** An event that no run makes happen. */
  public TaskEvent(UUID taskId, Type type, Instant at, ObjectNode details) {
    this(taskId, null, type, at, details);
  }

  /** The types of events; each has a code, which callbacks name. */
  public enum Type {
    /** A schedule paused itself. */
    SCHEDULE_PAUSED("schedule.paused"),
    /** Times of a schedule passed without a run, because nothing handled them in time. */
    SCHEDULE_MISSED("schedule.missed"),
    /** What the task's {@code settings.watch} expects did not happen. */
    WATCH_MISSED("watch.missed"),
    /** What {@link #WATCH_MISSED} missed has happened since. */
    WATCH_RECOVERED("watch.recovered"),
    /** A tool call of a run waits until a person decides about it. */
    APPROVAL_REQUESTED("approval.requested"),
    /** Little time is left to decide about such a call. */
    APPROVAL_EXPIRING("approval.expiring"),
    /** Nobody decided about such a call in time. */
    APPROVAL_EXPIRED("approval.expired");

    private final String code;

    Type(String code) {
      this.code = code;
    }

    public String code() {
      return code;
    }
  }
}
