package dev.errand.automation.schedule;

final class ScheduleStatements {
  static final String TURN =
      "SELECT FROM task WHERE id = :task_id AND deleted_at IS NULL FOR NO KEY UPDATE";

  static final String ONE = "SELECT * FROM schedule WHERE task_id = :task_id AND name = :name";

  static final String ONE_TO_CHANGE = ONE + " FOR NO KEY UPDATE";

  static final String BY_ID_TO_CHANGE = "SELECT * FROM schedule WHERE id = :id FOR NO KEY UPDATE";

  static final String OF_TASK =
      "SELECT * FROM schedule WHERE task_id = :task_id AND name > :after ORDER BY name LIMIT :most";

  // The second condition allows the use of the index of tasks.
  static final String OF_PROFILE =
      """
      SELECT schedule.*, task.name AS task
      FROM task JOIN schedule ON schedule.task_id = task.id
      WHERE task.profile_id = :profile_id AND task.deleted_at IS NULL
        AND task.name >= :task AND (task.name, schedule.name) > (:task, :after)
      ORDER BY task.name, schedule.name LIMIT :most
      """;

  static final String COMING =
      """
      SELECT task.name AS task, schedule.name AS schedule, schedule.due_at
      FROM task JOIN schedule ON schedule.task_id = task.id
      WHERE task.profile_id = :profile_id AND task.deleted_at IS NULL AND schedule.due_at IS NOT NULL
      ORDER BY schedule.due_at, task.name, schedule.name LIMIT :most
      """;

  static final String COUNT = "SELECT count(*) AS schedules FROM schedule WHERE task_id = :task_id";

  // For the current transaction only, since a pooler gives the connection to others.
  static final String LIMIT_IDLE_TIME =
      "SELECT set_config('idle_in_transaction_session_timeout', :standstill, true)";

  // A schedule whose profile is being deleted or renamed is left to the next tick: to wait for the
  // deletion, which waits for the schedule, would be a deadlock. Such schedules are skipped, so
  // that any number of them does not hide those of other profiles. The rows are found one by one,
  // so that the planner needs no statistics.
  static final String DUE =
      """
      SELECT schedule.* FROM schedule CROSS JOIN LATERAL (
        SELECT profile.id FROM profile
        WHERE profile.id = (SELECT profile_id FROM task WHERE task.id = schedule.task_id)
        FOR KEY SHARE SKIP LOCKED) AS kept
      WHERE schedule.due_at <= :now
      ORDER BY schedule.due_at LIMIT :most FOR NO KEY UPDATE OF schedule SKIP LOCKED
      """;

  static final String ADD =
      """
      INSERT INTO schedule (cron, every_seconds, at, timezone, parameters, enabled, missed,
        jitter_seconds, start_at, end_at, modified_at, next_time, due_at, failures, open_runs,
        paused_at, paused_reason, fires, task_id, name, depth, created_at, id)
      VALUES (:cron, :every_seconds, :at, :timezone, :parameters, :enabled, :missed,
        :jitter_seconds, :start_at, :end_at, :modified_at, :next_time, :due_at, :failures, :open_runs,
        :paused_at, :paused_reason, :fires, :task_id, :name, :depth, :created_at, :id)
      """;

  static final String REPLACE =
      """
      UPDATE schedule SET cron = :cron, every_seconds = :every_seconds, at = :at,
        timezone = :timezone, parameters = :parameters, enabled = :enabled, missed = :missed,
        jitter_seconds = :jitter_seconds, start_at = :start_at, end_at = :end_at,
        modified_at = :modified_at, next_time = :next_time, due_at = :due_at,
        failures = :failures, open_runs = :open_runs, paused_at = :paused_at,
        paused_reason = :paused_reason, fires = :fires, depth = :depth
      WHERE id = :id
      """;

  static final String STAND =
      """
      UPDATE schedule SET next_time = now.next_time, due_at = now.due_at, failures = now.failures,
        open_runs = now.open_runs, paused_at = now.paused_at, paused_reason = now.paused_reason,
        fires = now.fires
      FROM unnest(:id::uuid[], :next_time::text[]::timestamptz[], :due_at::text[]::timestamptz[],
        :failures::integer[], :open_runs::text[], :paused_at::text[]::timestamptz[],
        :paused_reason::text[], :fires::bigint[])
        AS now (id, next_time, due_at, failures, open_runs, paused_at, paused_reason, fires)
      WHERE schedule.id = now.id
      """;

  static final String DELETE =
      "DELETE FROM schedule WHERE task_id = :task_id AND name = :name RETURNING id";

  static final String DELETE_ALL = "DELETE FROM schedule WHERE task_id = :task_id";

  static final String ADD_FIRES =
      """
      INSERT INTO schedule_fire (schedule_id, number, scheduled_for, decided_at, verdict, detail,
        run_name)
      SELECT * FROM unnest(:schedule_id::uuid[], :number::bigint[],
        :scheduled_for::text[]::timestamptz[], :decided_at::text[]::timestamptz[], :verdict::text[],
        :detail::text[], :run_name::text[])
      """;

  static final String FORGET_FIRES =
      """
      DELETE FROM schedule_fire
      USING unnest(:schedule_id::uuid[], :number::bigint[]) AS last (schedule_id, number)
      WHERE schedule_fire.schedule_id = last.schedule_id AND schedule_fire.number <= last.number
      """;

  static final String FIRES =
      "SELECT * FROM schedule_fire WHERE schedule_id = :schedule_id ORDER BY number DESC";

  // All stored fires of each schedule are read, by the key, since these are few.
  static final String FIRES_BETWEEN =
      """
      SELECT fire.* FROM unnest(:schedule_id::uuid[]) AS wanted (id) CROSS JOIN LATERAL (
        SELECT * FROM schedule_fire WHERE schedule_id = wanted.id
        ORDER BY number DESC LIMIT %d) AS fire
      WHERE scheduled_for >= :from AND scheduled_for < :until
      ORDER BY scheduled_for, schedule_id, number
      """
          .formatted(FireRows.HISTORY);

  static final String LAST_FIRE = FIRES + " LIMIT 1";

  static final String LAST_FIRES =
      """
      SELECT schedule_fire.* FROM schedule_fire
      JOIN unnest(:schedule_id::uuid[], :number::bigint[]) AS last (schedule_id, number)
      USING (schedule_id, number)
      """;

  private ScheduleStatements() {}
}
