package dev.errand.runs.queue;

/**
 * The SQL of {@link RunQueue}: statements that enqueue, claim, extend, release and end runs, and
 * those that measure the queue.
 */
final class RunStatements {
  static final String QUEUED =
      """
      SELECT count(*) AS runs FROM (
        SELECT FROM run WHERE profile_id = :profile_id AND status = 'pending'
          AND eligibility <> 'approval'
        LIMIT :bound) AS queued
      """;

  // The runs with the lowest start tags (column `turn`) determine how many runs each profile gets
  // now; of each profile, the oldest runs are claimed. If those are others, because they got their
  // slots later, the two exchange start tags.
  private static String taking(String tickets) {
    return """
        oldest AS MATERIALIZED (
          SELECT eldest.id, eldest.profile_id, eldest.turn
          FROM (SELECT profile_id, count(*) AS runs FROM %1$s GROUP BY profile_id) AS share
          CROSS JOIN LATERAL (
            SELECT id, profile_id, turn FROM run
            WHERE profile_id = share.profile_id AND status = 'pending' AND eligibility = 'eligible'
            ORDER BY available_at, id LIMIT share.runs FOR UPDATE SKIP LOCKED) AS eldest),
        left_over AS MATERIALIZED (
          SELECT id, profile_id, row_number() OVER (PARTITION BY profile_id ORDER BY id) AS number
          FROM ticket WHERE id NOT IN (SELECT id FROM oldest)),
        freed AS MATERIALIZED (
          SELECT turn, profile_id, row_number() OVER (PARTITION BY profile_id ORDER BY turn) AS number
          FROM oldest WHERE id NOT IN (SELECT id FROM ticket)),
        exchanged AS (
          UPDATE run SET turn = freed.turn
          FROM left_over JOIN freed USING (profile_id, number) WHERE run.id = left_over.id),
        chosen AS MATERIALIZED (
          SELECT id FROM oldest
          UNION ALL
          SELECT id FROM left_over LEFT JOIN freed USING (profile_id, number)
          WHERE freed.turn IS NULL),
        claimed AS (
          UPDATE run SET status = 'running', attempt = attempt + 1, budget_attempt = attempt + 1,
            lease_until = now() + :lease_ms * interval '1 millisecond',
            started_at = coalesce(started_at, now()), modified_at = now(), %2$s
          FROM chosen WHERE run.id = chosen.id
          RETURNING run.*)
        SELECT run.id, run.attempt, run.task_id, run.profile_id, profile.account_id AS owner_id,
          run.name, task.name AS task, account.username || '/' || profile.name AS profile,
          run.assignment, run.servlets, run.depth, run.entry_count, run.usage, run.started_at + run.waited AS started_at,
          now() AS claimed_at,
          run.later_tries, run.has_approvals, run.traceparent, %3$s,
          greatest(run.created_at, run.scheduled_at) AS due_at
        FROM claimed AS run
        JOIN task ON task.id = run.task_id
        JOIN profile ON profile.id = run.profile_id
        JOIN account ON account.id = profile.account_id
        """
        .formatted(tickets, SlotStatements.TAKEN_UP, Claim.IN_SEVERAL_PROFILES.formatted("run"));
  }

  static final String CLAIM =
      """
      WITH ticket AS MATERIALIZED (
        SELECT id, profile_id, turn FROM run
        WHERE status = 'pending' AND turn > 0
        ORDER BY turn, id LIMIT :most FOR UPDATE SKIP LOCKED),
      """
          + taking("ticket");

  private static final String NEXT_PROFILE =
      """
      coalesce(
        (SELECT profile_id FROM run WHERE status = 'pending' AND turn <> 0 AND profile_id > %1$s
         ORDER BY profile_id LIMIT 1),
        (SELECT profile_id FROM run WHERE status = 'pending' AND turn <> 0
         ORDER BY profile_id LIMIT 1))
      """;

  // Somebody who may have no more could have all the runs with the lowest start tags, thousands of
  // them. This reads none of these: it goes from profile to profile, as far as to a number of
  // profiles that may have a run, and compares the start tags of those. It begins anywhere, so that
  // none is left out for ever where there are more. OFFSET keeps the planner from copying the
  // search for the next one. The tickets are locked before they are counted, since the update would
  // hide them; one that another claim has locked counts, too, as its profile has other runs.
  static final String CLAIM_OF_SOME =
      """
      WITH RECURSIVE passed AS MATERIALIZED (
        SELECT id FROM profile WHERE account_id = ANY (:full_users::uuid[])),
      queued (profile_id, first, room, number) AS (
        SELECT next.id, next.id, %3$s, 0 FROM (SELECT %1$s OFFSET 0) AS next (id)
        UNION ALL
        SELECT next.id, first, %3$s, number + CASE WHEN room > 0 THEN 1 ELSE 0 END
        FROM queued CROSS JOIN LATERAL (SELECT %2$s OFFSET 0) AS next (id)
        WHERE next.id <> first AND number < :profiles),
      wanted AS MATERIALIZED (
        SELECT front.id, queued.profile_id
        FROM queued CROSS JOIN LATERAL (
          SELECT id, turn FROM run
          WHERE profile_id = queued.profile_id AND status = 'pending' AND turn <> 0
          ORDER BY turn LIMIT queued.room) AS front
        ORDER BY front.turn, front.id LIMIT :most),
      ticket AS MATERIALIZED (
        SELECT run.id, run.profile_id, run.turn FROM run
        WHERE id = ANY (ARRAY(SELECT id FROM wanted)) AND turn > 0 AND lease_until IS NULL
          AND finished_at IS NULL
        FOR UPDATE SKIP LOCKED),
      counted AS MATERIALIZED (SELECT wanted.profile_id FROM wanted LEFT JOIN ticket USING (id)),
      """
              .formatted(
                  NEXT_PROFILE.formatted(":from::uuid"),
                  NEXT_PROFILE.formatted("queued.profile_id"),
                  """
                  CASE WHEN next.id IN (SELECT id FROM passed) THEN 0 ELSE least(:most::integer,
                    coalesce((:limits::int[])[array_position(:limited::uuid[], next.id)], :most))
                  END""")
          + taking("counted");

  static final String ANY_ELIGIBLE =
      "SELECT id FROM run WHERE status = 'pending' AND turn > 0 ORDER BY turn, id LIMIT 1";

  // The statements below test lease_until, not the status, to see whether a run is held: with the
  // status, the planner may prefer the index of all running runs to the primary key.

  static final String ENTRY_COUNT =
      """
      SELECT entry_count FROM run
      WHERE id = :id AND lease_until IS NOT NULL AND attempt = :attempt
      """;

  // Statements that lock several runs do so in the order of their ids: in another order, two of
  // them could wait for each other.

  // It keeps its slot and its place in the order.
  static final String RELEASE =
      """
      WITH locked AS MATERIALIZED (
        SELECT run.id FROM unnest(:ids::bigint[], :attempts::int[]) AS held (id, attempt)
        JOIN run ON run.id = held.id AND run.attempt = held.attempt
        WHERE run.lease_until IS NOT NULL
        ORDER BY run.id FOR NO KEY UPDATE OF run)
      UPDATE run SET status = 'pending', eligibility = 'eligible', turn = greatest(turn, 1),
        lease_until = NULL, modified_at = now()
      FROM locked WHERE run.id = locked.id
      RETURNING run.id
      """;

  // A later try begins anew: the time limit counts from its claim.
  static final String POSTPONE =
      """
      WITH held AS (
        UPDATE run SET status = 'pending', eligibility = 'later', turn = 0, lease_until = NULL,
          available_at = now() + :delay_ms * interval '1 millisecond',
          scheduled_at = now() + :delay_ms * interval '1 millisecond',
          started_at = CASE WHEN :anew::boolean THEN NULL ELSE started_at END,
          waited = CASE WHEN :anew THEN interval '0' ELSE waited END,
          later_tries = later_tries + CASE WHEN :anew THEN 1 ELSE 0 END,
          usage = :usage, losses = 0, entry_count = entry_count + :count, modified_at = now(), %s
        WHERE id = :id AND lease_until IS NOT NULL AND attempt = :attempt
        RETURNING id, entry_count)
      INSERT INTO run_entry (run_id, seq, entry)
      SELECT held.id, held.entry_count - :count + added.number - 1, added.entry
      FROM held, unnest(:entries::text[]) WITH ORDINALITY AS added(entry, number)
      """
          .formatted(WriteStatements.ADD_WARNINGS.formatted(":warnings::text"));

  // A decision locks the run first, so this statement, which follows the lock, sees it.
  static final String AWAIT_APPROVALS =
      """
      UPDATE run SET status = 'pending', turn = 0, lease_until = NULL, losses = 0, usage = :usage,
        eligibility = CASE WHEN decided THEN 'waiting' ELSE 'approval' END,
        available_at = CASE WHEN decided THEN now() ELSE 'infinity' END,
        waits_since = now(), waits_for = CASE WHEN NOT decided THEN :approvals::text[] END,
        waits_until = CASE WHEN NOT decided THEN :until::timestamptz END,
        waits_reason = CASE WHEN NOT decided THEN :reason::text END, modified_at = now()
      FROM (SELECT EXISTS (SELECT FROM approval WHERE id = ANY (:approvals::text[]::uuid[])
        AND status <> 'open') AS decided) AS meanwhile
      WHERE run.id = :id AND lease_until IS NOT NULL AND attempt = :attempt
      """;

  // A budget that is changed meanwhile has no waiting run to wake, so its row is locked before.
  static final String AWAIT_BUDGET =
      """
      WITH same AS MATERIALIZED (
        SELECT id, name FROM budget
        WHERE id = :budget::uuid AND modified_at = :seen::timestamptz
        FOR SHARE)
      UPDATE run SET status = 'pending', turn = 0, lease_until = NULL, losses = 0, usage = :usage,
        eligibility = 'later',
        available_at = CASE WHEN EXISTS (SELECT FROM same) THEN :until::timestamptz ELSE now() END,
        waits_budget = (SELECT id FROM same), waits_reason = (SELECT name FROM same),
        waits_since = now(), waits_until = :until, modified_at = now()
      WHERE id = :id AND lease_until IS NOT NULL AND attempt = :attempt
      """;

  // Not counted as progress: a run that ends its process each time is given up in the end.
  static final String RESERVE =
      """
      UPDATE run SET usage = :usage
      WHERE id = :id AND attempt = :attempt AND lease_until IS NOT NULL
      """;

  // It is called, and asks again if that were lost.
  static final String AWAIT_RATE =
      """
      UPDATE run SET status = 'pending', turn = 0, lease_until = NULL, losses = 0, usage = :usage,
        eligibility = 'later', available_at = now() + interval '10 minutes', waits_rate = true,
        waits_since = now(), waits_until = :until, modified_at = now()
      WHERE id = :id AND lease_until IS NOT NULL AND attempt = :attempt
      """;

  static final String EXTEND =
      """
      WITH locked AS MATERIALIZED (
        SELECT run.id FROM unnest(:ids::bigint[], :attempts::int[]) AS held (id, attempt)
        JOIN run ON run.id = held.id AND run.attempt = held.attempt
        WHERE run.lease_until IS NOT NULL
        ORDER BY run.id FOR NO KEY UPDATE OF run)
      UPDATE run SET lease_until = now() + :lease_ms * interval '1 millisecond'
      FROM locked WHERE run.id = locked.id
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
      SELECT task_id, name, status, error_code, warnings,
        CASE WHEN status = 'pending' AND later_tries > 0 AND started_at IS NULL THEN scheduled_at END
          AS next_try
      FROM unnest(:task_ids::uuid[], :names::text[]) AS wanted (task_id, name)
      JOIN run USING (task_id, name)
      """;

  // The partial indexes that this query reads hold no ended runs.
  static final String DEPTH =
      """
      SELECT pending.runs AS pending, running.runs AS running, pending.age_ms,
        (SELECT runs FROM queue_load) AS load
      FROM
        (SELECT count(*) AS runs,
           coalesce(extract(epoch FROM now()
             - min(available_at) FILTER (
               WHERE available_at <= now() AND eligibility <> 'waiting')) * 1000, 0)::bigint AS age_ms
         FROM run WHERE status = 'pending') AS pending,
        (SELECT count(*) AS runs FROM run WHERE status = 'running') AS running
      """;

  static final String NOTIFY = "SELECT pg_notify(:channel, :news)";

  private RunStatements() {}
}
