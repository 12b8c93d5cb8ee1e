package dev.errand.runs.queue;

/**
 * The SQL of {@link RunQueue}: statements that enqueue, claim, extend, release and end runs, and
 * those that measure the queue.
 */
final class RunStatements {
  // The unique index run_alone refuses the second of two runs that may not overlap. It does not
  // hold runs that started while the task allowed overlaps, so the statement looks for those.
  private static final String ADD_WANTED =
      """
      INSERT INTO run (task_id, profile_id, name, parameters, assignment, trigger, depth, alone,
        scheduled_at, meant_for, traceparent, entry_count, servlets)
      SELECT task_id, profile_id, name, parameters, assignment, trigger, depth, alone,
        scheduled_at, scheduled_at, traceparent, 1,
        (SELECT coalesce(json_object_agg(id, address)::text, '{}')
           FROM installation WHERE installation.profile_id = wanted.profile_id)
      FROM wanted
      WHERE NOT (wanted.alone AND EXISTS (
        SELECT FROM run WHERE profile_id = wanted.profile_id AND task_id = wanted.task_id
          AND status = 'pending'
        UNION ALL
        SELECT FROM run WHERE profile_id = wanted.profile_id AND task_id = wanted.task_id
          AND status = 'running')
        OR EXISTS (SELECT FROM run_tombstone AS gone
          WHERE gone.task_id = wanted.task_id AND gone.name = wanted.name))
      ON CONFLICT DO NOTHING
      """;

  private static final String WANTED =
      """
      wanted (task_id, profile_id, name, parameters, assignment, trigger, depth, alone,
        scheduled_at, entry, traceparent)
      """;

  static final String ENQUEUE =
      "WITH "
          + WANTED
          + """
          AS (VALUES (:task_id::uuid, :profile_id::uuid, :name::text, :parameters::text,
            :assignment::text, :trigger::text, :depth::integer, :alone::boolean,
            :scheduled_at::timestamptz, :entry::text, :traceparent::text)),
          enqueued AS (
          """
          + ADD_WANTED
          + """
          RETURNING *),
          begun AS (
            INSERT INTO run_entry (run_id, seq, entry) SELECT id, 0, entry FROM enqueued, wanted)
          SELECT * FROM enqueued
          """;

  static final String ENQUEUE_ALL =
      "WITH "
          + WANTED
          + """
          AS (SELECT * FROM unnest(:task_id::uuid[], :profile_id::uuid[], :name::text[],
            :parameters::text[], :assignment::text[], :trigger::text[], :depth::integer[],
            :alone::boolean[], :scheduled_at::text[]::timestamptz[], :entry::text[],
            :traceparent::text[])),
          enqueued AS (
          """
          + ADD_WANTED
          + """
          RETURNING id, task_id, name),
          begun AS (
            INSERT INTO run_entry (run_id, seq, entry)
            SELECT id, 0, entry FROM enqueued JOIN wanted USING (task_id, name))
          SELECT id, task_id, name FROM enqueued
          """;

  static final String QUEUED =
      """
      SELECT count(*) AS runs FROM (
        SELECT FROM run WHERE profile_id = :profile_id AND status = 'pending'
        LIMIT :bound) AS queued
      """;

  // Goes from one task with pending runs to the next, and reads of each only as many runs as it may
  // start: the cost depends on the number of such tasks, not on the number of pending or ended
  // runs. A profile's running runs count as turns already taken. The rows are locked by id alone:
  // with a condition on the status, the planner may scan all pending runs instead.
  static final String CLAIM_NEXT =
      """
      WITH RECURSIVE waiting AS (
        (SELECT profile_id, task_id FROM run WHERE status = 'pending'
         ORDER BY profile_id, task_id LIMIT 1)
        UNION ALL
        SELECT next.profile_id, next.task_id FROM waiting CROSS JOIN LATERAL (
          SELECT profile_id, task_id FROM run WHERE status = 'pending'
            AND (profile_id, task_id) > (waiting.profile_id, waiting.task_id)
          ORDER BY profile_id, task_id LIMIT 1) AS next),
      held AS MATERIALIZED (
        SELECT profile_id, task_id, count(*) AS runs FROM run WHERE status = 'running'
        GROUP BY profile_id, task_id),
      candidate AS MATERIALIZED (
        SELECT oldest.id, oldest.available_at, waiting.profile_id
        FROM waiting JOIN task ON task.id = waiting.task_id
        CROSS JOIN LATERAL (
          SELECT coalesce(sum(runs), 0)::integer AS runs FROM held
          WHERE held.task_id = waiting.task_id) AS of_task
        CROSS JOIN LATERAL (
          SELECT id, available_at FROM run
          WHERE profile_id = waiting.profile_id AND task_id = waiting.task_id
            AND status = 'pending' AND available_at <= now()
          ORDER BY available_at, id
          LIMIT greatest(0, least(:most, task.concurrency - of_task.runs))) AS oldest),
      turn AS (
        SELECT id, available_at,
          row_number() OVER (PARTITION BY profile_id ORDER BY available_at, id)
            + (SELECT coalesce(sum(runs), 0) FROM held
               WHERE held.profile_id = candidate.profile_id) AS number
        FROM candidate),
      next AS MATERIALIZED (
        SELECT id, status FROM run
        WHERE id = ANY (ARRAY(SELECT id FROM turn ORDER BY number, available_at, id LIMIT :most))
        FOR UPDATE SKIP LOCKED)
      UPDATE run SET status = 'running', attempt = attempt + 1,
        lease_until = now() + :lease_ms * interval '1 millisecond',
        started_at = coalesce(started_at, now()), modified_at = now()
      FROM next WHERE run.id = next.id AND next.status = 'pending'
      RETURNING run.id, run.attempt
      """;

  // One claim at a time, so that its counts of running runs stay true until it commits. The lock is
  // a statement of its own, in the same round trip and transaction: the claim's snapshot must be
  // taken after the lock is held.
  static final String CLAIM = "SELECT pg_advisory_xact_lock(111542219664996);" + CLAIM_NEXT;

  // The statements below test lease_until, not the status, to see whether a run is held: with the
  // status, the planner may prefer the index of all running runs to the primary key.

  // Not part of the claim: a transaction stays open while its result is sent, and a process that
  // stalls while it receives a large result would keep all others from claiming.
  static final String CLAIMED =
      """
      SELECT run.id, run.attempt, run.task_id, run.profile_id, run.name, task.name AS task,
        account.username || '/' || profile.name AS profile, run.assignment, run.servlets,
        run.entry_count, run.usage, run.started_at, run.traceparent
      FROM unnest(:ids::bigint[], :attempts::int[]) AS held (id, attempt)
      JOIN run USING (id, attempt)
      JOIN task ON task.id = run.task_id
      JOIN profile ON profile.id = run.profile_id
      JOIN account ON account.id = profile.account_id
      WHERE run.lease_until IS NOT NULL
      """;

  // The row counts its entries, so the count gives the next number, and a statement that is
  // repeated because the connection broke before the answer came finds another count. One statement
  // is one round trip and one commit. Only changed usage counts as progress: a line that a tool
  // logs may be written again by each attempt.
  static final String APPEND =
      """
      WITH held AS (
        UPDATE run SET usage = coalesce(added.usage, run.usage),
          losses = CASE WHEN added.usage IS DISTINCT FROM run.usage AND added.usage IS NOT NULL
            THEN 0 ELSE losses END,
          entry_count = entry_count + :count, modified_at = now()
        FROM (VALUES (:usage::text)) AS added (usage)
        WHERE id = :id AND lease_until IS NOT NULL AND attempt = :attempt
          AND entry_count = :after
        RETURNING id, entry_count)
      INSERT INTO run_entry (run_id, seq, entry)
      SELECT held.id, held.entry_count - :count + added.number - 1, added.entry
      FROM held, unnest(:entries::text[]) WITH ORDINALITY AS added(entry, number)
      """;

  static final String ENTRY_COUNT =
      """
      SELECT entry_count FROM run
      WHERE id = :id AND lease_until IS NOT NULL AND attempt = :attempt
      """;

  static final String FINISH =
      """
      WITH held AS (
        UPDATE run SET status = :status, usage = coalesce(:usage, usage), output = :output,
          finish_reason = :finish_reason, error_code = :error_code,
          error_message = :error_message,
          lease_until = NULL, finished_at = now(), modified_at = now(),
          entry_count = entry_count + :count
        WHERE id = :id AND lease_until IS NOT NULL AND attempt = :attempt
        RETURNING id, entry_count)
      INSERT INTO run_entry (run_id, seq, entry)
      SELECT held.id, held.entry_count - :count + added.number - 1, added.entry
      FROM held, unnest(:entries::text[]) WITH ORDINALITY AS added(entry, number)
      """;

  // It keeps its place in the order.
  static final String RELEASE =
      """
      UPDATE run SET status = 'pending', lease_until = NULL, modified_at = now()
      FROM unnest(:ids::bigint[], :attempts::int[]) AS held (id, attempt)
      WHERE run.id = held.id AND run.attempt = held.attempt AND run.lease_until IS NOT NULL
      RETURNING run.id
      """;

  static final String POSTPONE =
      """
      WITH held AS (
        UPDATE run SET status = 'pending', lease_until = NULL,
          available_at = now() + :delay_ms * interval '1 millisecond',
          scheduled_at = now() + :delay_ms * interval '1 millisecond',
          usage = :usage, losses = 0, entry_count = entry_count + :count, modified_at = now()
        WHERE id = :id AND lease_until IS NOT NULL AND attempt = :attempt
        RETURNING id, entry_count)
      INSERT INTO run_entry (run_id, seq, entry)
      SELECT held.id, held.entry_count - :count + added.number - 1, added.entry
      FROM held, unnest(:entries::text[]) WITH ORDINALITY AS added(entry, number)
      """;

  static final String EXTEND =
      """
      UPDATE run SET lease_until = now() + :lease_ms * interval '1 millisecond'
      FROM unnest(:ids::bigint[], :attempts::int[]) AS held (id, attempt)
      WHERE run.id = held.id AND run.attempt = held.attempt AND run.lease_until IS NOT NULL
      RETURNING run.id, run.attempt
      """;

  static final String STILL_HELD =
      """
      SELECT run.id, run.attempt
      FROM unnest(:ids::bigint[], :attempts::int[]) AS held (id, attempt)
      JOIN run USING (id, attempt)
      WHERE lease_until IS NOT NULL
      """;

  static final String OUTCOMES =
      """
      SELECT task_id, name, status, error_code
      FROM unnest(:task_ids::uuid[], :names::text[]) AS wanted (task_id, name)
      JOIN run USING (task_id, name)
      """;

  // The partial indexes that this query reads hold no ended runs.
  static final String DEPTH =
      """
      SELECT pending.runs AS pending, running.runs AS running, pending.age_ms
      FROM
        (SELECT count(*) AS runs,
           coalesce(extract(epoch FROM now()
             - min(available_at) FILTER (WHERE available_at <= now())) * 1000, 0)::bigint AS age_ms
         FROM run WHERE status = 'pending') AS pending,
        (SELECT count(*) AS runs FROM run WHERE status = 'running') AS running
      """;

  static final String NOTIFY = "SELECT pg_notify(:channel, :news)";

  private RunStatements() {}
}
