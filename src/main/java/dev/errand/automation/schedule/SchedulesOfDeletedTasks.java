package dev.errand.automation.schedule;

import dev.errand.runs.task.TaskDeletion;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Deletes the schedules of a task that is deleted. */
@ApplicationScoped
class SchedulesOfDeletedTasks {
  private static final int BEFORE_RUNS_ARE_ENDED = 100;

  private final ScheduleRows rows;

  SchedulesOfDeletedTasks(ScheduleRows rows) {
    this.rows = rows;
  }

  // Before the task's live runs are read: by then a tick that was firing one of its schedules has
  // ended, and the run that it started is among them.
  void on(@Observes @Priority(BEFORE_RUNS_ARE_ENDED) TaskDeletion deletion) {
    boolean _ = rows.takeTurn(deletion.taskId());
    rows.deleteAll(deletion.taskId());
  }
}
