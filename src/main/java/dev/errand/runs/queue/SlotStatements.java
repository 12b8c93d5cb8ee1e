package dev.errand.runs.queue;

/**
 * The SQL of {@link TaskSlots}. A task has as many slots as its {@code concurrency}; each running
 * and each eligible run holds one.
 */
public final class SlotStatements {
  /**
   * Locks the slots of tasks until the end of the transaction. It is a separate statement before
   * those that count the slots, since they must read after the lock was taken. It locks in a fixed
   * order, so that two transactions never wait for each other.
   */
  public static final String LOCK =
      """
      SELECT pg_advisory_xact_lock(1165521476, key) FROM (
        SELECT DISTINCT hashtext(id::text) AS key FROM unnest(:slots_of::uuid[]) AS locked (id)
        ORDER BY key) AS keys
      """;

  // Start-time fair queuing, in which each run counts as one unit of work (Goyal et al., 1996). The
  // column `turn` has a run's start tag: it follows the last one of the profile, or the front of
  // the queue if that is later. It is 0 for a run that is not eligible.
  public static final String NEXT_START_TAG =
      """
      greatest(
        coalesce((SELECT turn FROM run AS front
          WHERE front.status = 'pending' AND front.turn > 0
          ORDER BY front.turn, front.id LIMIT 1) - 1, 0),
        coalesce((SELECT turn FROM run AS last
          WHERE last.profile_id = %1$s.profile_id AND last.status = 'pending'
            AND last.turn <> 0
          ORDER BY last.turn DESC LIMIT 1), 0))
      """;

  // With an equality, the planner may prefer an index of all eligible runs.
  public static final String HELD =
      """
      (SELECT count(*) FROM run AS held WHERE held.profile_id = %1$s.profile_id
         AND held.task_id = %1$s.task_id AND held.status = 'running')
      + (SELECT count(*) FROM run AS held WHERE held.profile_id = %1$s.profile_id
         AND held.task_id = %1$s.task_id AND held.status = 'pending'
         AND held.eligibility BETWEEN 'eligible' AND 'eligible')
      """;

  private static final String TASKS =
      """
      (SELECT task.id AS task_id, task.profile_id, task.concurrency
       FROM unnest(:task_ids::uuid[]) AS wanted (id)
       JOIN LATERAL (SELECT * FROM task WHERE task.id = wanted.id) AS task ON true) AS owner
      """;

  // The rows are found by id alone: with a condition on the status, the planner may prefer an index
  // of all pending runs to the primary key.

  /** A worker takes up a run: it does not wait for persons any more. */
  static final String TAKEN_UP =
      "waited = CASE WHEN waits_since IS NULL THEN waited ELSE waited + (now() - waits_since) END,"
          + " resumptions = CASE WHEN waits_since IS NULL THEN resumptions ELSE resumptions + 1 END,"
          + " waits_since = NULL, waits_budget = NULL, waits_rate = NULL";

  // Up to the room of this process for their users and profiles, runs begin with their slot, as
  // long as it also has room for all eligible runs that wait.
  private static final String FILLED =
      """
      WITH open AS MATERIALIZED (
        SELECT task_id, profile_id, concurrency - (%s) AS free
        FROM %s
        WHERE EXISTS (SELECT FROM run WHERE run.profile_id = owner.profile_id
          AND run.task_id = owner.task_id AND run.status = 'pending'
          AND run.eligibility = 'waiting')),
      next AS MATERIALIZED (
        SELECT oldest.id, open.profile_id,
          row_number() OVER (PARTITION BY open.profile_id ORDER BY oldest.available_at, oldest.id)
            AS number,
          row_number() OVER (ORDER BY oldest.available_at, oldest.id) AS of_all
        FROM open CROSS JOIN LATERAL (
          SELECT id, available_at FROM run
          WHERE profile_id = open.profile_id AND task_id = open.task_id AND status = 'pending'
            AND eligibility = 'waiting'
          ORDER BY available_at, id LIMIT greatest(free, 0)
          FOR NO KEY UPDATE SKIP LOCKED) AS oldest),
      placed AS MATERIALIZED (
        SELECT next.*, of_all <= :room AND number <= coalesce(
            (:limits::int[])[array_position(:limited::uuid[], profile_id)], :room::integer)
          AND profile.account_id <> ALL (:full_users::uuid[])
          AND (SELECT count(*) FROM (
            SELECT FROM run AS front WHERE front.status = 'pending' AND front.turn > 0
            ORDER BY front.turn, front.id LIMIT :spare::integer + 1) AS waiting) <= :spare::integer
          AS begins
        FROM next JOIN profile ON profile.id = next.profile_id),
      filled AS (
        UPDATE run SET eligibility = 'eligible', turn = %s + placed.number,
          status = CASE WHEN begins THEN 'running' ELSE 'pending' END,
          attempt = CASE WHEN begins THEN attempt + 1 ELSE attempt END,
          budget_attempt = CASE WHEN begins THEN attempt + 1 ELSE budget_attempt END,
          lease_until = CASE WHEN begins THEN now() + :lease_ms * interval '1 millisecond' END,
          started_at = CASE WHEN begins THEN coalesce(started_at, now()) ELSE started_at END,
          waited = CASE WHEN begins AND waits_since IS NOT NULL THEN waited + (now() - waits_since) ELSE waited END,
          resumptions = CASE WHEN begins AND waits_since IS NOT NULL THEN resumptions + 1 ELSE resumptions END,
          waits_since = CASE WHEN begins THEN NULL ELSE waits_since END,
          waits_budget = CASE WHEN begins THEN NULL ELSE waits_budget END,
          waits_rate = CASE WHEN begins THEN NULL ELSE waits_rate END,
          modified_at = CASE WHEN begins THEN now() ELSE modified_at END
        FROM placed WHERE run.id = placed.id AND run.eligibility = 'waiting'
          AND run.lease_until IS NULL AND run.finished_at IS NULL
        RETURNING run.*)
      """
          .formatted(HELD.formatted("owner"), TASKS, NEXT_START_TAG.formatted("placed"));

  /** Gives the free slots of tasks to their runs that have waited longest. */
  public static final String FILL = FILLED + "SELECT id, status FROM filled";

  /** The same, and returns the claims of those that begin. */
  public static final String FILL_AND_BEGIN =
      FILLED
          + """
          SELECT run.id, run.status, run.attempt, run.task_id, run.profile_id,
            profile.account_id AS owner_id, run.name, task.name AS task,
            account.username || '/' || profile.name AS profile, run.assignment, run.servlets,
            run.depth, run.entry_count, run.usage, run.started_at + run.waited AS started_at,
            now() AS claimed_at,
            run.later_tries, run.has_approvals, run.traceparent, %s,
            greatest(run.created_at, run.scheduled_at) AS due_at
          FROM filled AS run
          JOIN task ON task.id = run.task_id
          JOIN profile ON profile.id = run.profile_id
          JOIN account ON account.id = profile.account_id
          """
              .formatted(Claim.IN_SEVERAL_PROFILES.formatted("run"));

  /** Takes slots from the youngest eligible runs of tasks whose concurrency was lowered. */
  public static final String TAKE_BACK =
      """
      WITH over AS MATERIALIZED (
        SELECT task_id, profile_id, (%s) - concurrency AS surplus FROM %s)
      UPDATE run SET eligibility = 'waiting', turn = 0
      WHERE id = ANY (ARRAY(
        SELECT youngest.id FROM over CROSS JOIN LATERAL (
          SELECT id FROM run
          WHERE profile_id = over.profile_id AND task_id = over.task_id AND status = 'pending'
            AND eligibility BETWEEN 'eligible' AND 'eligible'
          ORDER BY available_at DESC, id DESC LIMIT greatest(surplus, 0)
          FOR UPDATE SKIP LOCKED) AS youngest))
      """
          .formatted(HELD.formatted("owner"), TASKS);

  public static final String DUE =
      """
      SELECT DISTINCT task_id FROM (
        SELECT task_id FROM run
        WHERE status = 'pending' AND eligibility = 'later' AND available_at <= now()
        ORDER BY available_at LIMIT :most) AS due
      """;

  /** Makes due runs of tasks wait for a slot. */
  public static final String WAIT =
      """
      UPDATE run SET eligibility = 'waiting'
      WHERE id = ANY (ARRAY(
        SELECT due.id FROM %s CROSS JOIN LATERAL (
          SELECT id FROM run
          WHERE profile_id = owner.profile_id AND task_id = owner.task_id AND status = 'pending'
            AND eligibility = 'later' AND available_at <= now()
          ORDER BY available_at
          FOR UPDATE SKIP LOCKED) AS due))
      """
          .formatted(TASKS);

  /**
   * The tasks whose slots break the rules: a run waits although a slot is free, or more slots are
   * held than there are and one can be taken back. It reads every run that has not ended.
   */
  public static final String WRONG =
      """
      SELECT task.id AS task_id
      FROM (
        SELECT task_id,
          count(*) FILTER (WHERE eligibility = 'eligible') AS eligible,
          count(*) FILTER (WHERE eligibility = 'waiting') AS waiting
        FROM run WHERE status = 'pending' GROUP BY task_id) AS queued
      JOIN task ON task.id = queued.task_id
      LEFT JOIN (
        SELECT task_id, count(*) AS running FROM run WHERE status = 'running' GROUP BY task_id)
        AS held ON held.task_id = queued.task_id
      WHERE waiting > 0 AND eligible + coalesce(running, 0) < concurrency
        OR eligible > 0 AND eligible + coalesce(running, 0) > concurrency
      """;

  private SlotStatements() {}
}
