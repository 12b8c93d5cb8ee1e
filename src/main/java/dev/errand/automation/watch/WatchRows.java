package dev.errand.automation.watch;

import dev.errand.base.database.Sql;
import dev.errand.runs.history.FailuresInARow;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The table of watches. Triggers of the database add its rows, and make them due where the watch of
 * a task begins anew. Its methods take part in the caller's transaction.
 */
@ApplicationScoped
class WatchRows {
  // For the current transaction only, since a pooler gives the connection to others.
  private static final String LIMIT_IDLE_TIME =
      "SELECT set_config('idle_in_transaction_session_timeout', :standstill, true)";

  // A profile that is being deleted is left to the next tick: to wait for the deletion, which waits
  // for the row, would be a deadlock.
  static final String DUE =
      """
      SELECT watch.task_id, watch.condition FROM task_watch AS watch CROSS JOIN LATERAL (
        SELECT profile.id FROM profile
        WHERE profile.id = (SELECT profile_id FROM task WHERE task.id = watch.task_id)
        FOR KEY SHARE SKIP LOCKED) AS kept
      WHERE watch.due_at <= :now
      ORDER BY watch.due_at LIMIT :most FOR NO KEY UPDATE OF watch SKIP LOCKED
      """;

  // When a run was due: as requested, or for the last time that it was retried.
  private static final String LIVE =
      """
      SELECT name, CASE WHEN usage_counted IS NULL THEN greatest(run.created_at, meant_for)
        ELSE coalesce(started_at, available_at) END AS due_at
      FROM run
      WHERE run.profile_id = task.profile_id AND run.status = '%s'
        AND run.task_id = CASE WHEN watch.condition = 'ends_within' THEN task.id END
      """;

  // Each condition reads what it needs alone: a search for no task finds nothing at once. A run
  // that ended in the future did so before the clock was set back. OFFSET keeps the planner, which
  // does not know how many are due, from reading all.
  static final String FACTS =
      """
      SELECT watch.task_id, watch.condition, expected, since, forgiven, missed_at, missed_since,
        sentence, task.settings::json #>> ARRAY['watch', watch.condition] AS wanted,
        task.deleted_at IS NOT NULL AS is_deleted,
        task.enabled AND profile.paused_at IS NULL AND account.disabled_at IS NULL AND NOT (
          watch.condition = 'ready_every'
          AND EXISTS (SELECT FROM schedule WHERE schedule.task_id = task.id)
          AND NOT EXISTS (
            SELECT FROM schedule WHERE schedule.task_id = task.id AND schedule.enabled
              AND schedule.paused_at IS NULL)) AS is_expected,
        ready.ready_at, ready.first_ready_at,
        live.name AS live, live.due_at,
        failed.errors, failed.errors_since, failed.last_error
      FROM unnest(:task_id::uuid[], :condition::text[]) AS due (task_id, condition)
      CROSS JOIN LATERAL (
        SELECT * FROM task_watch
        WHERE task_watch.task_id = due.task_id AND task_watch.condition = due.condition
        OFFSET 0) AS watch
      JOIN task ON task.id = watch.task_id
      JOIN profile ON profile.id = task.profile_id
      JOIN account ON account.id = profile.account_id
      CROSS JOIN LATERAL (
        SELECT max(finished_at) AS ready_at, CASE
            WHEN count(*) FILTER (WHERE finished_at > watch.since) < 100
            THEN min(finished_at) FILTER (WHERE finished_at > watch.since) END AS first_ready_at
        FROM (
          SELECT finished_at FROM run
          WHERE run.task_id
              = CASE WHEN watch.condition = 'ready_every' OR missed_at IS NOT NULL THEN task.id END
            AND run.status = 'ready' AND run.id > 0
          ORDER BY -run.id LIMIT 100) AS newest
        WHERE finished_at <= :now) AS ready
      LEFT JOIN LATERAL (
        SELECT * FROM (
      """
          + LIVE.formatted("pending")
          + " UNION ALL "
          + LIVE.formatted("running")
          + """
          ) AS all_live
            ORDER BY due_at LIMIT 1) AS live ON true
          CROSS JOIN LATERAL (
            SELECT count(*)::integer AS errors, min(finished_at) AS errors_since,
              (array_agg(name ORDER BY id DESC))[1] AS last_error
            FROM (
              SELECT id, name, finished_at FROM (%s) AS in_a_row
              WHERE finished_at >= watch.since
              ORDER BY id DESC LIMIT 100) AS counted) AS failed
          """
              .formatted(
                  FailuresInARow.of(
                      "CASE WHEN watch.condition = 'errors_in_a_row' THEN task.id END", null, 200));

  static final String SAVE =
      """
      UPDATE task_watch AS watch SET expected = now.expected, since = now.since,
        forgiven = now.forgiven, missed_at = now.missed_at, missed_since = now.missed_since,
        sentence = now.sentence, due_at = now.due_at
      FROM unnest(:task_id::uuid[], :condition::text[], :expected::text[],
        :since::text[]::timestamptz[], :forgiven::boolean[], :missed_at::text[]::timestamptz[],
        :missed_since::text[]::timestamptz[], :sentence::text[], :due_at::text[]::timestamptz[])
        AS now (task_id, condition, expected, since, forgiven, missed_at, missed_since, sentence,
          due_at)
      WHERE watch.task_id = now.task_id AND watch.condition = now.condition
      """;

  private static final String REMOVE =
      """
      DELETE FROM task_watch AS watch
      USING unnest(:task_id::uuid[], :condition::text[]) AS gone (task_id, condition)
      WHERE watch.task_id = gone.task_id AND watch.condition = gone.condition
      """;

  // It waits for no row: another process looks at those that are locked, and its clock was set,
  // too.
  private static final String FORGIVE =
      """
      UPDATE task_watch AS watch SET due_at = :now,
        since = CASE WHEN watch.forgiven OR watch.since IS NULL THEN watch.since ELSE :now END,
        forgiven = true
      FROM (
        SELECT task_id, condition FROM task_watch
        WHERE condition <> 'errors_in_a_row' FOR NO KEY UPDATE SKIP LOCKED) AS free
      WHERE watch.task_id = free.task_id AND watch.condition = free.condition
      """;

  // No look leaves a later time: the clock was set back since then.
  private static final String BRING_BACK =
      """
      UPDATE task_watch AS watch SET due_at = :now
      FROM (
        SELECT task_id, condition FROM task_watch
        WHERE due_at > :latest FOR NO KEY UPDATE SKIP LOCKED) AS free
      WHERE watch.task_id = free.task_id AND watch.condition = free.condition
      """;

  private static final String PUT_OFF =
      "UPDATE task_watch SET due_at = :due_at WHERE task_id = :task_id AND condition = :condition";

  private static final String VIEW =
      """
      SELECT task.name AS task, watch.condition, missed_since, sentence,
        task.settings::json #>> ARRAY['watch', watch.condition] AS expected
      FROM task JOIN task_watch AS watch ON watch.task_id = task.id
      WHERE task.settings::json #> ARRAY['watch', watch.condition] IS NOT NULL AND
      """;

  private static final String OF_TASK =
      VIEW
          + """
           task.id = :task_id
          ORDER BY array_position(
            ARRAY['ready_every', 'ends_within', 'errors_in_a_row'], watch.condition)
          """;

  private static final String MISSED_OF_PROFILE =
      VIEW
          + """
           task.profile_id = :profile_id AND task.deleted_at IS NULL AND missed_at IS NOT NULL
          ORDER BY missed_since, task.name, watch.condition LIMIT :most
          """;

  private static final String COUNT_MISSED =
      "SELECT count(*) AS missed FROM task_watch WHERE missed_at IS NOT NULL";

  private static final Duration LONGEST_LOOK = Duration.ofSeconds(3);

  private final Sql sql;

  WatchRows(Sql sql) {
    this.sql = sql;
  }

  /** A condition that is due, locked, with what is found about it. */
  @RegisterForReflection
  record Due(WatchState state, WatchFacts facts) {}

  /** A condition as a look leaves it, and when it is looked at next. */
  @RegisterForReflection
  record Left(WatchState state, Instant dueAt) {}

  /** Which condition of which task, also one that only another version knows. */
  @RegisterForReflection
  record Key(UUID taskId, String condition) {
    @Override
    public String toString() {
      return condition + " of the task " + taskId;
    }
  }

  /**
   * Locks conditions that are due and that no other process has locked, the most overdue first.
   *
   * @param taken receives the locked ones, even if they can't be read
   * @param standstill after this time without a statement the database ends the transaction, so
   *     that a frozen process does not keep them locked
   */
  List<Due> takeDue(Instant now, int most, List<Key> taken, Duration standstill) {
    sql.script()
        .then(sql.statement(LIMIT_IDLE_TIME).with("standstill", standstill.toMillis() + "ms"))
        .then(
            sql.statement(DUE).with("now", now).with("most", most),
            row -> taken.add(row.as(Key.class)))
        .run();
    if (taken.isEmpty()) {
      return List.of();
    }
    return sql.statement(FACTS).withAll(Key.class, taken).with("now", now).list(Due.class);
  }

  void save(List<Left> left) {
    if (left.isEmpty()) {
      return;
    }
    sql.statement(SAVE).withAll(Left.class, left).update();
  }

  /** Leaves a condition alone until a time. */
  void putOff(Key key, Instant dueAt) {
    sql.statement(PUT_OFF)
        .with("task_id", key.taskId)
        .with("condition", key.condition)
        .with("due_at", dueAt)
        .update();
  }

  void remove(List<WatchState> gone) {
    if (!gone.isEmpty()) {
      sql.statement(REMOVE).withAll(WatchState.class, gone).update();
    }
  }

  /**
   * Begins all periods anew that run, after the clock was set forward; those only once that were
   * not met since the last time.
   */
  void forgive(Instant now) {
    sql.statement(FORGIVE).with("now", now).update();
  }

  /** Makes due what would be looked at only after a time. */
  void bringBack(Instant latest, Instant now) {
    sql.statement(BRING_BACK).with("latest", latest).with("now", now).update();
  }

  /** A condition that is missed, with the name of its task. */
  @RegisterForReflection
  record MissedOf(String task, TaskWatchView watch) {}

  /** What is expected of a task. */
  List<TaskWatchView> of(UUID taskId) {
    return sql.statement(OF_TASK).with("task_id", taskId).list(TaskWatchView.class);
  }

  /** What is missed in a profile, the oldest first. */
  List<MissedOf> missedOf(UUID profileId, int most) {
    return sql.statement(MISSED_OF_PROFILE)
        .with("profile_id", profileId)
        .with("most", most)
        .list(MissedOf.class);
  }

  int countMissed() {
    return sql.statement(COUNT_MISSED).within(LONGEST_LOOK).one(row -> row.integer("missed"));
  }
}
