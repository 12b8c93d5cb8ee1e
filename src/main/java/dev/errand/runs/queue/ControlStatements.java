package dev.errand.runs.queue;

/** The SQL of {@link RunControl}: cancel, rescue, cut off and retry runs. */
final class ControlStatements {
  // Ends or re-queues the runs in "lost"; entries_added counts the entries that the caller inserts.
  private static final String LOSE =
      """
      UPDATE run SET losses = losses + 1, lease_until = NULL, modified_at = now(),
        status = CASE WHEN hopeless THEN 'error' ELSE 'pending' END, eligibility = 'eligible',
        turn = greatest(turn, 1),
        available_at = CASE WHEN hopeless THEN available_at ELSE now() END,
        error_code = CASE WHEN hopeless THEN :error_code END,
        error_message = CASE WHEN hopeless THEN :error_message END,
        finished_at = CASE WHEN hopeless THEN now() END,
        entry_count = entry_count + entries_added + CASE WHEN hopeless THEN 1 ELSE 0 END
      FROM lost WHERE run.id = lost.id
      RETURNING run.id, run.task_id, hopeless, entry_count
      """;

  static final String RESCUE =
      """
      WITH lost AS MATERIALIZED (
        SELECT id, losses >= :losses AS hopeless, 0 AS entries_added FROM run
        WHERE status = 'running' AND lease_until < now()
        ORDER BY lease_until LIMIT :most FOR UPDATE SKIP LOCKED),
      rescued AS (
      """
          + LOSE
          + """
          ),
          ended AS (
            INSERT INTO run_entry (run_id, seq, entry)
            SELECT id, entry_count - 1, :last_entry FROM rescued WHERE hopeless)
          SELECT id, task_id, hopeless FROM rescued
          """;

  static final String CUT_OFF =
      """
      WITH lost AS MATERIALIZED (
        SELECT id, losses >= :losses AS hopeless, 1 AS entries_added FROM run
        WHERE id = :id AND lease_until IS NOT NULL AND attempt = :attempt FOR UPDATE),
      cut AS (
      """
          + LOSE
          + """
          ),
          ended AS (
            INSERT INTO run_entry (run_id, seq, entry)
            SELECT id, entry_count - CASE WHEN hopeless THEN 2 ELSE 1 END, :entry FROM cut
            UNION ALL
            SELECT id, entry_count - 1, :last_entry FROM cut WHERE hopeless)
          SELECT hopeless FROM cut
          """;

  static final String LIVE =
      """
      SELECT
        (SELECT count(*) FROM run WHERE profile_id = task.profile_id AND task_id = task.id
           AND status = 'pending')
        + (SELECT count(*) FROM run WHERE profile_id = task.profile_id AND task_id = task.id
           AND status = 'running') AS runs
      FROM task WHERE id = :task_id
      """;

  static final String CANCEL =
      """
      WITH ended AS (
        UPDATE run SET status = 'error', error_code = :error_code,
          error_message = :error_message, lease_until = NULL, finished_at = now(),
          modified_at = now(), entry_count = entry_count + 1
        WHERE task_id = :task_id AND name = :name AND status IN ('pending', 'running')
        RETURNING id, entry_count)
      INSERT INTO run_entry (run_id, seq, entry)
      SELECT id, entry_count - 1, :last_entry FROM ended
      RETURNING run_id AS id
      """;

  // Rows are locked in the order of their ids, as by all statements that lock several.
  private static final String END_LIVE =
      """
      WITH ended AS (
        UPDATE run SET status = 'error', error_code = :error_code,
          error_message = :error_message, lease_until = NULL, finished_at = now(),
          modified_at = now(), entry_count = entry_count + 1
        WHERE id = ANY (ARRAY(
            SELECT locked.id FROM run AS locked WHERE locked.id = ANY (ARRAY(
              %1$s AND live.status = 'pending'
              UNION ALL
              %1$s AND live.status = 'running'))
            ORDER BY locked.id FOR NO KEY UPDATE))
          AND status IN ('pending', 'running')
        RETURNING id, entry_count)
      INSERT INTO run_entry (run_id, seq, entry)
      SELECT id, entry_count - 1, :last_entry FROM ended
      RETURNING run_id AS id
      """;

  static final String END_ALL =
      END_LIVE.formatted(
          """
          SELECT live.id FROM task JOIN run AS live
            ON live.profile_id = task.profile_id AND live.task_id = task.id
          WHERE task.id = :task_id""");

  /** In one statement, so that the runs of all their tasks are locked in one order. */
  static final String END_ALL_OF_PROFILES =
      END_LIVE.formatted(
          """
          SELECT live.id FROM unnest(:profile_ids::uuid[]) AS ending (id) JOIN run AS live
            ON live.profile_id = ending.id
          WHERE true""");

  /** Keeps the profile from being deleted until the end of the transaction. */
  static final String KEEP_PROFILE = "SELECT id FROM profile WHERE id = :profile_id FOR KEY SHARE";

  // Entries are only ever added: those of the first end stay, and entry numbers do not change.
  static final String RETRY =
      """
      WITH again AS (
        UPDATE run SET status = 'pending', eligibility = 'waiting', turn = 0, assignment = :assignment, alone = wanted.alone,
          losses = 0, error_code = NULL, error_message = NULL, available_at = now(), scheduled_at = NULL,
          started_at = NULL, finished_at = NULL, modified_at = now(), entry_count = entry_count + 1
        FROM (VALUES (:alone::boolean)) AS wanted (alone)
        WHERE run.id = :id AND status = 'error' AND NOT (wanted.alone AND EXISTS (
          SELECT FROM run AS live WHERE live.profile_id = run.profile_id
            AND live.task_id = run.task_id AND live.status = 'pending'
          UNION ALL
          SELECT FROM run AS live WHERE live.profile_id = run.profile_id
            AND live.task_id = run.task_id AND live.status = 'running'))
        RETURNING run.id, entry_count)
      INSERT INTO run_entry (run_id, seq, entry) SELECT id, entry_count - 1, :entry FROM again
      RETURNING run_id AS id
      """;

  static final String ASSIGNMENT = "SELECT assignment FROM run WHERE id = :id";

  private ControlStatements() {}
}
