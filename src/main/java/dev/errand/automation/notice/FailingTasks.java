package dev.errand.automation.notice;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tasks whose last runs failed, as notices that count failures see them. */
final class FailingTasks {
  private static final String ADD =
      """
      INSERT INTO notice_failing AS known (notice_id, task_id, since, failures)
      VALUES (:notice_id, :task_id, :at, :failures)
      ON CONFLICT (notice_id, task_id) DO UPDATE
        SET failures = greatest(known.failures, excluded.failures)
      RETURNING since, failures, told
      """;

  private static final String TOLD =
      "UPDATE notice_failing SET told = true WHERE notice_id = :notice_id AND task_id = :task_id";

  private static final String REMOVE =
      """
      DELETE FROM notice_failing WHERE notice_id = :notice_id AND task_id = :task_id
      RETURNING since, failures, told
      """;

  private final Sql within;

  FailingTasks(Sql within) {
    this.within = within;
  }

  /**
   * What is known of a task that fails.
   *
   * @param since when the first failure ended that the notice knows of
   * @param failures how many there were in a row
   * @param isTold whether {@link NoticeEvent#RUN_ERRORS_IN_A_ROW} was told
   */
  record Failing(Instant since, int failures, boolean isTold) {
    static Failing of(Row row) {
      return new Failing(row.time("since"), row.integer("failures"), row.flag("told"));
    }
  }

  /** Notes another failure. */
  Failing add(UUID noticeId, UUID taskId, Instant at, int failures) {
    return within
        .statement(ADD)
        .with("notice_id", noticeId)
        .with("task_id", taskId)
        .with("at", at)
        .with("failures", failures)
        .one(Failing::of);
  }

  void told(UUID noticeId, UUID taskId) {
    within.statement(TOLD).with("notice_id", noticeId).with("task_id", taskId).update();
  }

  /** Notes that the task has not failed; null where it was not known to fail. */
  @Nullable Failing remove(UUID noticeId, UUID taskId) {
    return within
        .statement(REMOVE)
        .with("notice_id", noticeId)
        .with("task_id", taskId)
        .first(Failing::of)
        .orElse(null);
  }
}
