package dev.errand.runs.task.preview;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.runs.run.start.ScheduledTime;
import dev.errand.runs.task.Task;

/** What the schedules of a task start: the port by which a preview looks at them. */
public interface ScheduledStarts {
  /**
   * What a schedule is to start.
   *
   * @param run the run's name
   * @param parameters its parameters
   * @param time its time
   */
  record ScheduledStart(String run, ObjectNode parameters, ScheduledTime time) {}

  /**
   * What the schedule starts at its next time, also if it is disabled or paused.
   *
   * @throws ApiException {@link ErrorCode#SCHEDULE_NOT_FOUND}, or {@link ErrorCode#INVALID_INPUT}
   *     if it has no next time
   */
  ScheduledStart next(Task task, String schedule);
}
