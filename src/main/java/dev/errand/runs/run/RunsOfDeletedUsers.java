package dev.errand.runs.run;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.user.UserDeletion;
import dev.errand.runs.queue.RunControl;
import dev.errand.runs.queue.record.RunEnd;
import dev.errand.runs.queue.record.RunEntries;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.UUID;

/** Observes the deletion of a user: ends their live runs, or refuses the deletion without force. */
@ApplicationScoped
class RunsOfDeletedUsers {
  private static final String CODE = "user_deleted";

  private static final String TASKS_WITH_LIVE_RUNS =
      """
      SELECT DISTINCT run.task_id FROM profile JOIN run ON run.profile_id = profile.id
      WHERE profile.account_id = :account_id AND run.status IN ('pending', 'running')
      """;

  private final Sql sql;
  private final RunControl runs;
  private final RunEntries entries;

  RunsOfDeletedUsers(Sql sql, RunControl runs, RunEntries entries) {
    this.sql = sql;
    this.runs = runs;
    this.entries = entries;
  }

  void on(@Observes UserDeletion deletion) {
    List<UUID> live =
        sql.statement(TASKS_WITH_LIVE_RUNS)
            .with("account_id", deletion.userId())
            .list(row -> row.id("task_id"));
    if (live.isEmpty()) {
      return;
    }
    if (!deletion.force()) {
      throw new ApiException(
          ErrorCode.USER_HAS_LIVE_RUNS,
          "%d tasks of %s have runs that have not ended: wait for them, or delete the user with"
                  .formatted(live.size(), deletion.username())
              + " ?force=true, which ends them.");
    }
    RunEnd end =
        RunEnd.failed(entries, CODE, "The task's owner was deleted while the run was live.");
    live.forEach(task -> runs.endAll(task, end));
  }
}
