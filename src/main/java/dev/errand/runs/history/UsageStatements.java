package dev.errand.runs.history;

/** The SQL of {@link UsageStore}. */
public final class UsageStatements {
  private static final String COLUMNS =
      """
      runs_ready, runs_error, prompt_tokens, completion_tokens, cached_tokens,
            reasoning_tokens, total_tokens, steps, tool_calls, model_ms, tool_ms, cost_usd""";

  private static final String SUMS =
      """
      sum(runs_ready) AS runs_ready, sum(runs_error) AS runs_error,
            sum(prompt_tokens) AS prompt_tokens, sum(completion_tokens) AS completion_tokens,
            sum(cached_tokens) AS cached_tokens, sum(reasoning_tokens) AS reasoning_tokens,
            sum(total_tokens) AS total_tokens, sum(steps) AS steps, sum(tool_calls) AS tool_calls,
            sum(model_ms) AS model_ms, sum(tool_ms) AS tool_ms, sum(cost_usd) AS cost_usd""";

  private static final String FIELDS =
      """
      prompt_tokens bigint, completion_tokens bigint, cached_tokens bigint,
              reasoning_tokens bigint, total_tokens bigint, steps bigint, tool_calls bigint,
              model_ms bigint, tool_ms bigint, cost_usd numeric""";

  // A retried run was counted at its former end: only the difference is added.
  private static final String TALLIED =
      """
      SELECT profile_id, task_id, day, (status = 'ready')::int AS runs_ready,
            (status = 'error')::int AS runs_error,
            coalesce(used.prompt_tokens, 0) - coalesce(before.prompt_tokens, 0) AS prompt_tokens,
            coalesce(used.completion_tokens, 0) - coalesce(before.completion_tokens, 0)
              AS completion_tokens,
            coalesce(used.cached_tokens, 0) - coalesce(before.cached_tokens, 0) AS cached_tokens,
            coalesce(used.reasoning_tokens, 0) - coalesce(before.reasoning_tokens, 0)
              AS reasoning_tokens,
            coalesce(used.total_tokens, 0) - coalesce(before.total_tokens, 0) AS total_tokens,
            coalesce(used.steps, 0) - coalesce(before.steps, 0) AS steps,
            coalesce(used.tool_calls, 0) - coalesce(before.tool_calls, 0) AS tool_calls,
            coalesce(used.model_ms, 0) - coalesce(before.model_ms, 0) AS model_ms,
            coalesce(used.tool_ms, 0) - coalesce(before.tool_ms, 0) AS tool_ms,
            used.cost_usd - coalesce(before.cost_usd, 0) AS cost_usd
          FROM %%s AS tally,
            jsonb_to_record(usage::jsonb) AS used(%1$s),
            jsonb_to_record(coalesce(counted, '{}')::jsonb) AS before(%1$s)"""
          .formatted(FIELDS);

  // In one statement, so that each tally is counted once: either by itself or in its day. A
  // deletion of a profile locks the profile before its days. This does so, too, and leaves the
  // tallies of a profile that is being deleted or renamed to the next pass: waiting could be a
  // deadlock. Tallies of deleted profiles are dropped.
  public static final String ADD_UP =
      """
      WITH batch AS MATERIALIZED (
        SELECT ctid AS place, profile_id FROM usage_tally LIMIT :most),
      owners AS MATERIALIZED (
        SELECT owner.profile_id, kept.id IS NULL
            AND (SELECT id FROM profile WHERE profile.id = owner.profile_id) IS NOT NULL AS is_locked
        FROM (SELECT DISTINCT profile_id FROM batch) AS owner
        LEFT JOIN LATERAL (
          SELECT id FROM profile WHERE profile.id = owner.profile_id
          FOR KEY SHARE SKIP LOCKED) AS kept ON true),
      taken AS (
        DELETE FROM usage_tally WHERE ctid = ANY (ARRAY(
          SELECT place FROM batch WHERE profile_id IN (
            SELECT profile_id FROM owners WHERE NOT is_locked)))
        RETURNING *),
      tallied AS (%s),
      added AS (
        INSERT INTO usage_day AS known (profile_id, task_id, day, %s)
        SELECT tallied.profile_id, task_id, day, %s
        FROM tallied JOIN task ON task.id = tallied.task_id
        GROUP BY tallied.profile_id, task_id, day
        ON CONFLICT (task_id, day) DO UPDATE SET
          runs_ready = known.runs_ready + EXCLUDED.runs_ready,
          runs_error = known.runs_error + EXCLUDED.runs_error,
          prompt_tokens = known.prompt_tokens + EXCLUDED.prompt_tokens,
          completion_tokens = known.completion_tokens + EXCLUDED.completion_tokens,
          cached_tokens = known.cached_tokens + EXCLUDED.cached_tokens,
          reasoning_tokens = known.reasoning_tokens + EXCLUDED.reasoning_tokens,
          total_tokens = known.total_tokens + EXCLUDED.total_tokens,
          steps = known.steps + EXCLUDED.steps,
          tool_calls = known.tool_calls + EXCLUDED.tool_calls,
          model_ms = known.model_ms + EXCLUDED.model_ms,
          tool_ms = known.tool_ms + EXCLUDED.tool_ms,
          cost_usd =
            coalesce(known.cost_usd + EXCLUDED.cost_usd, known.cost_usd, EXCLUDED.cost_usd))
      SELECT count(*) AS added FROM taken
      """
          .formatted(TALLIED.formatted("taken"), COLUMNS, SUMS);

  /** The usage of a profile or a task: a row for each day, and one for each task. */
  static final String OF_PROFILE = of("profile_id");

  static final String OF_TASK = of("task_id");

  /** The same with a row for each task and day. */
  static final String LINES_OF_PROFILE = lines("profile_id");

  static final String LINES_OF_TASK = lines("task_id");

  private UsageStatements() {}

  private static String of(String owner) {
    return """
        WITH used AS (%s),
        summed AS (
          SELECT day, task_id, %s
          FROM used GROUP BY GROUPING SETS ((day), (task_id)))
        SELECT summed.*, task.name, task.deleted_at IS NOT NULL AS deleted
        FROM summed LEFT JOIN task ON task.id = summed.task_id
        ORDER BY day, name, task_id
        """
        .formatted(used(owner), SUMS);
  }

  private static String lines(String owner) {
    return """
        WITH used AS (%s),
        summed AS (SELECT day, task_id, %s FROM used GROUP BY day, task_id)
        SELECT summed.*, task.name, task.deleted_at IS NOT NULL AS deleted
        FROM summed JOIN task ON task.id = summed.task_id
        ORDER BY day, name, task_id
        """
        .formatted(used(owner), SUMS);
  }

  private static String used(String owner) {
    return """
        SELECT profile_id, task_id, day, %1$s
          FROM usage_day WHERE %2$s = :owner AND day BETWEEN :from AND :to
          UNION ALL
          %3$s
          WHERE %2$s = :owner AND day BETWEEN :from AND :to"""
        .formatted(COLUMNS, owner, TALLIED.formatted("usage_tally"));
  }
}
