package dev.errand.runs.lifecycle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.runs.task.TaskSnapshot;

/** Port by which a preview finds the next run of a schedule. */
public interface ScheduledRuns {
  /** A run that a schedule will start. */
  record ScheduledRun(String run, ObjectNode parameters, ScheduledTime time) {}

  /**
   * The run of the schedule's next time, also if the schedule is disabled or paused.
   *
   * @throws ApiException {@link ErrorCode#SCHEDULE_NOT_FOUND}, or {@link ErrorCode#INVALID_INPUT}
   *     if it has no next time
   */
  ScheduledRun next(TaskSnapshot task, String schedule);
}
