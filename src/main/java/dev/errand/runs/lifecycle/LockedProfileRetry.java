package dev.errand.runs.lifecycle;

import dev.errand.base.database.Outage;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.runs.queue.NewRun;
import dev.errand.runs.task.TaskSnapshot;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/**
 * Decides about a run that was not enqueued although no run of its name exists: its profile was
 * deleted, or is locked by a deletion or a rename, for which the queue does not wait.
 */
@ApplicationScoped
class LockedProfileRetry {
  // About five seconds of pauses in all.
  private static final int MOST_TRIES = 15;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private static final String STATE =
      """
      WITH free AS MATERIALIZED (
        SELECT id FROM profile WHERE id = :profile_id FOR KEY SHARE SKIP LOCKED)
      SELECT EXISTS (SELECT FROM task WHERE id = :task_id) AS is_there,
        EXISTS (SELECT FROM free) AS is_free
      """;

  private final Sql sql;

  LockedProfileRetry(Sql sql) {
    this.sql = sql;
  }

  @RegisterForReflection
  private record State(boolean isThere, boolean isFree) {}

  /**
   * Whether to enqueue a run once more. If its profile is locked, this pauses first, unless the
   * caller has a transaction.
   *
   * @param tries how often it was tried, 1 or more
   * @return false when the profile is not locked and the run would overlap a live one
   * @throws ApiException {@link ErrorCode#TASK_NOT_FOUND} when the task was deleted with its
   *     profile, or {@link ErrorCode#UNAVAILABLE} when the profile stays locked
   */
  boolean isWanted(TaskSnapshot task, NewRun run, int tries) {
    State state =
        sql.statement(STATE)
            .with("profile_id", run.profileId())
            .with("task_id", run.taskId())
            .one(State.class);
    if (!state.isThere) {
      throw new ApiException(
          ErrorCode.TASK_NOT_FOUND,
          "The task %s no longer exists: its profile %s was deleted."
              .formatted(task.name(), task.profile().name()));
    }
    // The lock may have been released a moment ago, so an overlap is reported only at the second
    // attempt.
    if (state.isFree && run.alone() && tries > 1) {
      return false;
    }
    if (!state.isFree || tries > 1) {
      pause(task, tries);
    }
    return true;
  }

  private static void pause(TaskSnapshot task, int tries) {
    if (tries < MOST_TRIES && !Sql.isInTransaction()) {
      try {
        Thread.sleep(Outage.pauseMs(tries));
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    throw ApiException.retryLater(
        ErrorCode.UNAVAILABLE,
        "The profile " + task.profile().name() + " is being deleted or renamed: try again.",
        RETRY_AFTER);
  }
}
