package dev.errand.runs.queue;

/** The SQL of {@link RunWrites}; each statement writes any number of runs. */
public final class WriteStatements {
  // The unique index run_alone refuses the second of two runs that may not overlap. The index does
  // not contain runs that started while the task allowed overlaps, so the statement looks for
  // those. A run gets a slot only while none of its task waits for one. Runs start at once up to
  // the room of this process for their users and profiles, as long as it also has room for all
  // eligible runs that wait: they are inserted as already claimed. It locks the profiles before it
  // inserts, and adds nothing to one that is being deleted or renamed: were it to wait for the
  // deletion, which waits for the rows that a batch has locked, the two would deadlock.
  public static final String ENQUEUE =
      """
      WITH wanted AS (
        SELECT * FROM unnest(:task_id::uuid[], :profile_id::uuid[], :name::text[],
          :parameters::text[], :assignment::text[], :trigger::text[], :depth::integer[],
          :alone::boolean[], :scheduled_at::text[]::timestamptz[], :entry::text[],
          :traceparent::text[], :parent::bigint[]) WITH ORDINALITY AS given (task_id, profile_id,
          name, parameters, assignment, trigger, depth, alone, scheduled_at, entry, traceparent,
          parent, number)),
      reachable AS MATERIALIZED (
        SELECT profile.id, profile.account_id
        FROM (SELECT DISTINCT profile_id FROM wanted) AS into_one
        JOIN profile ON profile.id = into_one.profile_id
        FOR KEY SHARE OF profile SKIP LOCKED),
      allowed AS MATERIALIZED (
        SELECT * FROM wanted
        WHERE profile_id IN (SELECT id FROM reachable) AND NOT (wanted.alone AND EXISTS (
          SELECT FROM run WHERE profile_id = wanted.profile_id AND task_id = wanted.task_id
            AND status = 'pending'
          UNION ALL
          SELECT FROM run WHERE profile_id = wanted.profile_id AND task_id = wanted.task_id
            AND status = 'running')
          OR EXISTS (SELECT FROM run_tombstone AS gone
            WHERE gone.task_id = wanted.task_id AND gone.name = wanted.name))),
      owner AS (
        SELECT DISTINCT task_id, profile_id FROM allowed WHERE :slots::boolean),
      open AS MATERIALIZED (
        SELECT owner.task_id,
          CASE WHEN EXISTS (SELECT FROM run WHERE run.profile_id = owner.profile_id
              AND run.task_id = owner.task_id AND run.status = 'pending'
              AND run.eligibility = 'waiting') THEN 0
            ELSE (SELECT concurrency FROM task WHERE task.id = owner.task_id) - (%s) END AS free
        FROM owner),
      slotted AS (
        SELECT allowed.*,
          row_number() OVER (PARTITION BY allowed.task_id ORDER BY number)
            <= coalesce(open.free, 0) AS eligible
        FROM allowed LEFT JOIN open USING (task_id)),
      placed AS (
        SELECT slotted.*,
          count(*) FILTER (WHERE eligible) OVER (PARTITION BY profile_id ORDER BY number)
            AS of_profile
        FROM slotted),
      fitting AS (
        SELECT placed.*, eligible
          AND of_profile <= coalesce(
            (:limits::int[])[array_position(:limited::uuid[], profile_id)], :room::integer)
          AND reachable.account_id <> ALL (:full_users::uuid[]) AS fits
        FROM placed JOIN reachable ON reachable.id = profile_id),
      ordered AS (
        SELECT fitting.*, fits AND count(*) FILTER (WHERE fits) OVER (ORDER BY number) <= :room AND (
          SELECT count(*) FROM (
            SELECT FROM run AS front WHERE front.status = 'pending' AND front.turn > 0
            ORDER BY front.turn, front.id LIMIT :spare::integer + 1) AS waiting) <= :spare::integer AS begins
        FROM fitting),
      enqueued AS (
        INSERT INTO run (task_id, profile_id, name, parameters, assignment, trigger, depth, alone,
          scheduled_at, meant_for, traceparent, entry_count, servlets, eligibility, turn, status,
          attempt, budget_attempt, lease_until, started_at, root_id, tasks_above,
          profiles_above)
        SELECT task_id, profile_id, name, parameters, assignment, trigger, depth, alone,
          scheduled_at, scheduled_at, traceparent, 1,
          (SELECT coalesce(json_object_agg(id, address)::text, '{}')
             FROM installation WHERE installation.profile_id = ordered.profile_id),
          CASE WHEN eligible THEN 'eligible' ELSE 'waiting' END,
          CASE WHEN eligible THEN %s + of_profile ELSE 0 END,
          CASE WHEN begins THEN 'running' ELSE 'pending' END,
          CASE WHEN begins THEN 1 ELSE 0 END,
          CASE WHEN begins THEN 1 END,
          CASE WHEN begins THEN now() + :lease_ms * interval '1 millisecond' END,
          CASE WHEN begins THEN now() END,
          (SELECT coalesce(parent.root_id, parent.id) FROM run AS parent
           WHERE parent.id = ordered.parent),
          (SELECT array_append(coalesce(parent.tasks_above, '{}'), task.name)
           FROM run AS parent JOIN task ON task.id = parent.task_id
           WHERE parent.id = ordered.parent),
          (SELECT array_append(coalesce(parent.profiles_above, '{}'), parent.profile_id)
           FROM run AS parent JOIN task ON task.id = parent.task_id
           WHERE parent.id = ordered.parent)
        FROM ordered ORDER BY number
        ON CONFLICT DO NOTHING
        RETURNING *),
      begun AS (
        INSERT INTO run_entry (run_id, seq, entry)
        SELECT id, 0, entry FROM enqueued JOIN wanted USING (task_id, name))
      SELECT enqueued.*, NULL::integer AS output_bytes, %s, wanted.number, now() AS claimed_at,
        (SELECT account_id FROM reachable WHERE id = enqueued.profile_id) AS owner_id,
        greatest(enqueued.created_at, enqueued.scheduled_at) AS due_at,
        (SELECT task.name FROM task
         WHERE task.id = enqueued.task_id AND enqueued.status = 'running') AS task,
        (SELECT account.username || '/' || profile.name
         FROM profile JOIN account ON account.id = profile.account_id
         WHERE profile.id = enqueued.profile_id AND enqueued.status = 'running') AS profile
      FROM enqueued JOIN wanted USING (task_id, name)
      """
          .formatted(
              SlotStatements.HELD.formatted("owner"),
              SlotStatements.NEXT_START_TAG.formatted("ordered"),
              Claim.IN_SEVERAL_PROFILES.formatted("enqueued"));

  // The warnings of a run with those of the given value, which most writes have none of.
  static final String ADD_WARNINGS =
      "warnings = CASE WHEN %1$s IS NULL THEN run.warnings ELSE with_warnings(run.warnings, %1$s) END";

  // Adds the entries of the runs in "held".
  private static final String ADD_ENTRIES =
      """
      written AS (
        INSERT INTO run_entry (run_id, seq, entry)
        SELECT held.id, held.entries_before + added.number, added.entry
        FROM unnest(:%1$s_entry_ids::bigint[], :%1$s_entry_attempts::int[],
          :%1$s_entry_numbers::int[], :%1$s_entries::text[])
          AS added (id, attempt, number, entry)
        JOIN held USING (id, attempt))
      SELECT id, attempt FROM held
      """;

  // The row counts its entries, so the count gives the next number, and a statement that is
  // repeated because the connection broke before the answer came finds another count. Only changed
  // usage counts as progress: a line that a tool logs may be written again by each attempt. It
  // tests lease_until, not the status, to see whether a run is held: with the status, the planner
  // may prefer the index of all running runs to the primary key. That ids and attempts are positive
  // is always true; it makes the planner expect one row of the arrays. Without it, the planner
  // expects ten from arrays that it does not know, takes the plan for any values to be dearer than
  // one for the values of a single run, and so makes a new plan for each such statement.
  public static final String APPEND =
      """
      WITH held AS (
        UPDATE run SET usage = coalesce(added.usage, run.usage),
          losses = CASE WHEN added.usage IS DISTINCT FROM run.usage AND added.usage IS NOT NULL
            THEN 0 ELSE losses END,
          entry_count = entry_count + added.number, modified_at = now(), %s
        FROM unnest(:append_ids::bigint[], :append_attempts::int[], :append_after::int[],
          :append_counts::int[], :append_usages::text[], :append_warnings::text[])
          AS added (id, attempt, entries_before, number, usage, warnings)
        WHERE added.id > 0 AND added.attempt > 0
          AND run.id = added.id AND run.lease_until IS NOT NULL AND run.attempt = added.attempt
          AND run.entry_count = added.entries_before
        RETURNING run.id, run.attempt, added.entries_before),
      """
              .formatted(ADD_WARNINGS.formatted("added.warnings"))
          + ADD_ENTRIES.formatted("append");

  // It states that ids and attempts are positive for the same reason as APPEND.
  public static final String FINISH =
      """
      WITH held AS (
        UPDATE run SET status = ended.status, usage = coalesce(ended.usage, run.usage),
          output = ended.output, has_result = ended.has_result, finish_reason = ended.finish_reason,
          error_code = ended.error_code, error_message = ended.error_message,
          lease_until = NULL, finished_at = now(), modified_at = now(),
          entry_count = entry_count + ended.number, %s
        FROM unnest(:finish_ids::bigint[], :finish_attempts::int[], :finish_counts::int[],
          :finish_statuses::text[], :finish_usages::text[], :finish_outputs::text[], :finish_results::boolean[],
          :finish_reasons::text[], :finish_codes::text[], :finish_messages::text[], :finish_warnings::text[])
          AS ended (id, attempt, number, status, usage, output, has_result, finish_reason, error_code,
            error_message, warnings)
        WHERE ended.id > 0 AND ended.attempt > 0
          AND run.id = ended.id AND run.lease_until IS NOT NULL AND run.attempt = ended.attempt
        RETURNING run.id, run.attempt, run.entry_count - ended.number AS entries_before),
      """
              .formatted(ADD_WARNINGS.formatted("ended.warnings"))
          + ADD_ENTRIES.formatted("finish");

  /**
   * Locks runs in the order of their ids, as all statements that lock several do: in another order,
   * two of them could wait for each other.
   */
  public static final String LOCK_RUNS =
      """
      SELECT FROM run WHERE id = ANY (:locked_ids::bigint[]) ORDER BY id FOR NO KEY UPDATE
      """;

  private WriteStatements() {}
}
