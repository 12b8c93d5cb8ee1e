package dev.errand.runs.lifecycle;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.profile.ProfileDeletion;
import dev.errand.identity.user.UserDeletion;
import dev.errand.models.port.RunError;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.queue.RunControl;
import dev.errand.runs.queue.RunEnd;
import dev.errand.runs.task.TaskDeletion;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.UUID;

/**
 * Observes the deletion of a task, of a profile, or of a user with all profiles: ends the live
 * runs, or refuses the deletion without force.
 */
@ApplicationScoped
class RunsOfDeletedTasks {
  private static final String OF_USER = "SELECT id FROM profile WHERE account_id = :account_id";

  private static final String TASKS_WITH_LIVE_RUNS =
      """
      SELECT count(*) AS tasks FROM (
        SELECT run.task_id FROM unnest(:profile_ids::uuid[]) AS ending (id)
        JOIN run ON run.profile_id = ending.id AND run.status = 'pending'
        UNION
        SELECT run.task_id FROM unnest(:profile_ids::uuid[]) AS ending (id)
        JOIN run ON run.profile_id = ending.id AND run.status = 'running') AS live
      """;

  private final Sql sql;
  private final RunControl runs;
  private final RunEntryCodec entries;

  RunsOfDeletedTasks(Sql sql, RunControl runs, RunEntryCodec entries) {
    this.sql = sql;
    this.runs = runs;
    this.entries = entries;
  }

  void on(@Observes TaskDeletion deletion) {
    long live = runs.live(deletion.taskId());
    if (live == 0) {
      return;
    }
    if (!deletion.force()) {
      throw new ApiException(
          ErrorCode.TASK_HAS_LIVE_RUNS,
          ("The task %s has %s runs that have not ended: wait for them, or delete it with"
                  + " ?force=true, which ends them.")
              .formatted(deletion.name(), live));
    }
    runs.endAll(
        deletion.taskId(),
        RunEnd.failed(
            entries, RunError.TASK_DELETED, "The task was deleted while the run was live."));
  }

  void on(@Observes UserDeletion deletion) {
    List<UUID> profiles =
        sql.statement(OF_USER).with("account_id", deletion.userId()).list(row -> row.id("id"));
    long live = tasksWithLiveRuns(profiles);
    if (live > 0 && !deletion.force()) {
      throw new ApiException(
          ErrorCode.USER_HAS_LIVE_RUNS, refusal(live, deletion.username(), "user"));
    }
    end(profiles, "The task's owner was deleted while the run was live.");
  }

  void on(@Observes ProfileDeletion deletion) {
    List<UUID> profile = List.of(deletion.profileId());
    long live = tasksWithLiveRuns(profile);
    if (live > 0 && !deletion.force()) {
      throw new ApiException(
          ErrorCode.PROFILE_HAS_LIVE_RUNS, refusal(live, deletion.slug().toString(), "profile"));
    }
    end(profile, "The task's profile was deleted while the run was live.");
  }

  private long tasksWithLiveRuns(List<UUID> profiles) {
    return sql.statement(TASKS_WITH_LIVE_RUNS)
        .with("profile_ids", "uuid", profiles)
        .one(row -> row.number("tasks"));
  }

  private static String refusal(long tasks, String of, String kind) {
    return "%d tasks of %s have runs that have not ended: wait for them, or delete the %s with"
            .formatted(tasks, of, kind)
        + " ?force=true, which ends them.";
  }

  private void end(List<UUID> profiles, String sentence) {
    runs.endAllOf(profiles, RunEnd.failed(entries, RunError.TASK_DELETED, sentence));
  }
}
