package dev.errand.automation.notice;

import dev.errand.base.database.Sql;
import dev.errand.runs.event.EventKind;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tasks whose last runs failed, as notices that count failures see them. */
final class FailingTasks {
  // A newer run that counts no more failures begins anew, if a ready run ended since: that one was
  // not seen. Old runs that are removed lower the count, too.
  private static final String ADD =
      """
      INSERT INTO notice_failing AS known (notice_id, task_id, since, failures, run_id)
      VALUES (:notice_id, :task_id, :since, :failures, :run_id)
      ON CONFLICT (notice_id, task_id) DO UPDATE SET (since, failures, told, run_id) = (
        SELECT CASE WHEN anew THEN excluded.since ELSE least(known.since, excluded.since) END,
          CASE WHEN anew THEN excluded.failures
            ELSE greatest(known.failures, excluded.failures) END,
          known.told AND NOT anew, greatest(known.run_id, excluded.run_id)
        FROM (SELECT excluded.run_id > known.run_id AND excluded.failures <= known.failures
          AND coalesce((SELECT finished_at FROM run WHERE run.task_id = excluded.task_id
            AND status = 'ready' AND id > 0 AND -id >= -excluded.run_id
            ORDER BY -id LIMIT 1) > known.since, false) AS anew) AS series)
      RETURNING since, failures, told
      """;

  private static final String TOLD =
      "UPDATE notice_failing SET told = true WHERE notice_id = :notice_id AND task_id = :task_id";

  private static final String REMOVE =
      """
      DELETE FROM notice_failing
      WHERE notice_id = :notice_id AND task_id = :task_id AND run_id <= :run_id
      RETURNING since, failures, told
      """;

  private final Sql within;

  FailingTasks(Sql within) {
    this.within = within;
  }

  /**
   * What is known of a task that fails.
   *
   * @param since when the first of these failures ended
   * @param failures how many there were in a row
   * @param isTold whether {@link EventKind#RUN_ERRORS_IN_A_ROW} was told
   */
  @RegisterForReflection
  record Failing(Instant since, int failures, @Column(name = "told") boolean isTold) {}

  /** Notes another failure. */
  Failing add(UUID noticeId, UUID taskId, OutboxEvent.Failures failures, long runId) {
    return within
        .statement(ADD)
        .with("notice_id", noticeId)
        .with("task_id", taskId)
        .with("since", failures.since())
        .with("failures", failures.number())
        .with("run_id", runId)
        .one(Failing.class);
  }

  void told(UUID noticeId, UUID taskId) {
    within.statement(TOLD).with("notice_id", noticeId).with("task_id", taskId).update();
  }

  /**
   * Notes that a run of the task has not failed; null where the task was not known to fail, or has
   * failed in a newer run.
   */
  @Nullable Failing remove(UUID noticeId, UUID taskId, long runId) {
    return within
        .statement(REMOVE)
        .with("notice_id", noticeId)
        .with("task_id", taskId)
        .with("run_id", runId)
        .first(Failing.class)
        .orElse(null);
  }
}
