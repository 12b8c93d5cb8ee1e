package dev.errand.run;

/** Every statement that moves a run from one status to another. */
final class RunStatements {
  static final String ENQUEUE =
      """
      WITH enqueued AS (
        INSERT INTO run (task_id, profile_id, name, parameters, assignment, trigger, depth, entry_count,
          servlets)
        VALUES (?, ?, ?, ?, ?, ?, ?, 1,
          (SELECT coalesce(json_object_agg(id, address)::text, '{}')
             FROM installation WHERE profile_id = ?))
        ON CONFLICT (task_id, name) DO NOTHING
        RETURNING id)
      INSERT INTO run_entry (run_id, seq, entry) SELECT id, 0, ? FROM enqueued RETURNING run_id
      """;

  // The inner query is materialised so that it is run once: as a plain sub-query the planner may
  // run it again for each row, and lock more than the limit.
  static final String CLAIM =
      """
      WITH next AS MATERIALIZED (
        SELECT id FROM run
        WHERE status = 'pending' AND available_at <= now()
        ORDER BY available_at, id
        LIMIT ?
        FOR UPDATE SKIP LOCKED)
      UPDATE run SET status = 'running', attempt = attempt + 1,
        lease_until = now() + ? * interval '1 millisecond',
        started_at = coalesce(started_at, now()), modified_at = now()
      FROM next WHERE run.id = next.id
      RETURNING run.id, attempt, task_id, profile_id, name, assignment, servlets, usage, started_at
      """;

  // The row counts its entries: whoever updates it has the next number, whatever else waits for the
  // row, and one statement is one round trip and one commit.
  static final String APPEND =
      """
      WITH held AS (
        UPDATE run SET usage = coalesce(?, usage), entry_count = entry_count + ?,
          modified_at = now()
        WHERE id = ? AND status = 'running' AND attempt = ?
        RETURNING id, entry_count)
      INSERT INTO run_entry (run_id, seq, entry)
      SELECT held.id, held.entry_count - ? + added.number - 1, added.entry
      FROM held, unnest(?::text[]) WITH ORDINALITY AS added(entry, number)
      """;

  static final String FINISH =
      """
      WITH held AS (
        UPDATE run SET status = ?, usage = coalesce(?, usage), output = ?, error_code = ?, error_message = ?,
          lease_until = NULL, finished_at = now(), modified_at = now(),
          entry_count = entry_count + ?
        WHERE id = ? AND status = 'running' AND attempt = ?
        RETURNING id, entry_count)
      INSERT INTO run_entry (run_id, seq, entry)
      SELECT held.id, held.entry_count - ? + added.number - 1, added.entry
      FROM held, unnest(?::text[]) WITH ORDINALITY AS added(entry, number)
      """;

  static final String RELEASE =
      """
      UPDATE run SET status = 'pending', lease_until = NULL, available_at = now(),
        modified_at = now()
      WHERE id = ? AND status = 'running' AND attempt = ?
      """;

  static final String POSTPONE =
      """
      WITH held AS (
        UPDATE run SET status = 'pending', lease_until = NULL,
          available_at = now() + ? * interval '1 millisecond',
          scheduled_at = now() + ? * interval '1 millisecond',
          usage = ?, entry_count = entry_count + ?, modified_at = now()
        WHERE id = ? AND status = 'running' AND attempt = ?
        RETURNING id, entry_count)
      INSERT INTO run_entry (run_id, seq, entry)
      SELECT held.id, held.entry_count - ? + added.number - 1, added.entry
      FROM held, unnest(?::text[]) WITH ORDINALITY AS added(entry, number)
      """;

  static final String EXTEND =
      """
      UPDATE run SET lease_until = now() + ? * interval '1 millisecond'
      FROM unnest(?::bigint[], ?::int[]) AS held(id, attempt)
      WHERE run.id = held.id AND run.attempt = held.attempt AND run.status = 'running'
      RETURNING run.id, run.attempt
      """;

  static final String RESCUE =
      """
      WITH lost AS MATERIALIZED (
        SELECT id FROM run WHERE status = 'running' AND lease_until < now()
        ORDER BY lease_until LIMIT ? FOR UPDATE SKIP LOCKED)
      UPDATE run SET status = 'pending', lease_until = NULL, available_at = now(),
        modified_at = now()
      FROM lost WHERE run.id = lost.id
      RETURNING run.id
      """;

  static final String LIVE =
      "SELECT count(*) FROM run WHERE task_id = ? AND status IN ('pending', 'running')";

  static final String END_ALL =
      """
      WITH ended AS (
        UPDATE run SET status = 'error', error_code = ?, error_message = ?, lease_until = NULL,
          finished_at = now(), modified_at = now(), entry_count = entry_count + 1
        WHERE task_id = ? AND status IN ('pending', 'running')
        RETURNING id, entry_count)
      INSERT INTO run_entry (run_id, seq, entry) SELECT id, entry_count - 1, ? FROM ended
      """;

  private RunStatements() {}
}
