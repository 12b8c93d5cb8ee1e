package dev.errand.runs.run;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.profile.ProfileDeletion;
import dev.errand.identity.user.UserDeletion;
import dev.errand.runs.queue.RunControl;
import dev.errand.runs.queue.record.RunEnd;
import dev.errand.runs.queue.record.RunEntries;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.UUID;

/**
 * Observes the deletion of a profile, or of a user with all of theirs: ends the live runs, or
 * refuses the deletion without force.
 */
@ApplicationScoped
class RunsOfDeletedProfiles {
  private static final String OF_USER =
      """
      SELECT DISTINCT run.task_id FROM profile JOIN run ON run.profile_id = profile.id
      WHERE profile.account_id = :id AND run.status IN ('pending', 'running')
      """;

  private static final String OF_PROFILE =
      """
      SELECT DISTINCT run.task_id FROM run
      WHERE run.profile_id = :id AND run.status IN ('pending', 'running')
      """;

  private final Sql sql;
  private final RunControl runs;
  private final RunEntries entries;

  RunsOfDeletedProfiles(Sql sql, RunControl runs, RunEntries entries) {
    this.sql = sql;
    this.runs = runs;
    this.entries = entries;
  }

  void on(@Observes UserDeletion deletion) {
    List<UUID> live = tasksWithLiveRuns(OF_USER, deletion.userId());
    if (!live.isEmpty() && !deletion.force()) {
      throw new ApiException(
          ErrorCode.USER_HAS_LIVE_RUNS, refusal(live.size(), deletion.username(), "user"));
    }
    end(live, "user_deleted", "The task's owner was deleted while the run was live.");
  }

  void on(@Observes ProfileDeletion deletion) {
    List<UUID> live = tasksWithLiveRuns(OF_PROFILE, deletion.profileId());
    if (!live.isEmpty() && !deletion.force()) {
      throw new ApiException(
          ErrorCode.PROFILE_HAS_LIVE_RUNS,
          refusal(live.size(), deletion.slug().toString(), "profile"));
    }
    end(live, "profile_deleted", "The task's profile was deleted while the run was live.");
  }

  private List<UUID> tasksWithLiveRuns(String statement, UUID id) {
    return sql.statement(statement).with("id", id).list(row -> row.id("task_id"));
  }

  private static String refusal(int tasks, String of, String kind) {
    return "%d tasks of %s have runs that have not ended: wait for them, or delete the %s with"
            .formatted(tasks, of, kind)
        + " ?force=true, which ends them.";
  }

  private void end(List<UUID> tasks, String code, String message) {
    tasks.forEach(task -> runs.endAll(task, RunEnd.failed(entries, code, message)));
  }
}
