package dev.errand.runs.budget;

/** The SQL of {@link BudgetLedger}. */
final class LedgerStatements {
  static final String HAS_BUDGET =
      """
      SELECT has_budget(:profile::uuid)
        OR EXISTS (
          SELECT FROM run, unnest(run.profiles_above) AS above WHERE run.id = :run AND has_budget(above))
        AS has
      """;

  // Whether the attempt still has the run, as long as others can't take it meanwhile.
  static final String HELD =
      """
      SELECT id FROM run WHERE id = :held_run AND attempt = :held_attempt AND lease_until IS NOT NULL
      FOR SHARE
      """;

  // The budgets that count a run: those of its profile and of the profile's owner, and the same of
  // each run above it. Those of a run count all of its tree.
  private static final String COUNTING =
      """
      (SELECT DISTINCT ON (budget.id) budget.*, member.profile_id <> run.profile_id AS above,
         CASE budget.period
           WHEN 'run' THEN coalesce(run.root_id, run.id)::text
           WHEN 'day' THEN to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD')
           ELSE to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-01') END AS slot
       FROM run CROSS JOIN LATERAL (
         SELECT run.profile_id, :%2$s::text AS task
         UNION SELECT coalesce(profile_id, run.profile_id), task
         FROM unnest(run.profiles_above, run.tasks_above) AS above (profile_id, task)) AS member
       JOIN profile ON profile.id = member.profile_id
       JOIN budget ON budget.profile_id = profile.id OR budget.account_id = profile.account_id
       WHERE run.id = :%1$s AND (budget.task IS NULL OR budget.task = member.task)
       ORDER BY budget.id, above)
      """;

  static final String OPEN =
      """
      INSERT INTO budget_use (budget_id, period)
      SELECT id, slot FROM %s AS counting
      WHERE NOT EXISTS (
        SELECT FROM budget_use WHERE budget_id = counting.id AND budget_use.period = slot)
      ORDER BY id, slot
      ON CONFLICT DO NOTHING
      """
          .formatted(COUNTING.formatted("open_run", "open_task"));

  // In the order of everybody who locks several.
  static final String LOCK =
      """
      SELECT FROM budget_use
      WHERE (budget_id, period) IN (SELECT id, slot FROM %s AS counting)
      ORDER BY budget_id, period FOR NO KEY UPDATE
      """
          .formatted(COUNTING.formatted("lock_run", "lock_task"));

  // What is left allows answers of some length; the shortest of these is reserved, unless it is too
  // short, or what others have reserved makes it shorter than what they leave may allow: then it
  // waits for their answers. A limit in dollars needs a price. A budget that was made or counted
  // anew after the lock
  // is not open: the request is asked for again.
  static final String RESERVE =
      """
      WITH state AS MATERIALIZED (
        SELECT counting.id, slot, counting.name, account_id IS NOT NULL AS of_user, above,
          counting.period AS kind, usd, counting.tokens, on_exhausted, modified_at,
          usd - spent_usd::double precision AS left_usd,
          usd - (spent_usd + reserved_usd)::double precision AS free_usd,
          counting.tokens - spent_tokens AS left_tokens,
          counting.tokens - spent_tokens - reserved_tokens AS free_tokens,
          budget_id IS NOT NULL AS is_open
        FROM %s AS counting LEFT JOIN budget_use ON budget_id = id AND budget_use.period = slot),
      asked AS (
        SELECT :prompt_usd::double precision AS prompt_usd,
          :answer_usd::double precision AS answer_usd, :prompt_tokens::bigint AS prompt_tokens,
          :most::integer AS most, :least::integer AS least),
      room AS (
        SELECT state.*,
          greatest(-1, least(asked.most, CASE WHEN NOT is_open THEN -1 END,
            CASE WHEN usd IS NULL THEN asked.most WHEN prompt_usd IS NULL THEN -1
              WHEN free_usd < prompt_usd THEN -1 WHEN answer_usd = 0 THEN asked.most
              ELSE floor((free_usd - prompt_usd) / answer_usd) END,
            CASE WHEN tokens IS NULL THEN asked.most ELSE free_tokens - prompt_tokens END)) AS fits,
          greatest(-1, least(asked.most,
            CASE WHEN usd IS NULL THEN asked.most WHEN prompt_usd IS NULL THEN -1
              WHEN left_usd < prompt_usd THEN -1 WHEN answer_usd = 0 THEN asked.most
              ELSE floor((left_usd - prompt_usd) / answer_usd) END,
            CASE WHEN tokens IS NULL THEN asked.most ELSE left_tokens - prompt_tokens END)) AS would
        FROM state, asked),
      granted AS MATERIALIZED (
        SELECT min(fits)::integer AS answer FROM room, asked
        HAVING count(*) > 0 AND min(fits) >= min(asked.least) AND min(fits) >= min(would)),
      cost AS (
        SELECT answer, coalesce(prompt_usd + answer * answer_usd, 0)::numeric AS usd,
          prompt_tokens + answer AS tokens
        FROM granted, asked),
      reserved AS (
        UPDATE budget_use SET reserved_usd = reserved_usd + cost.usd,
          reserved_tokens = reserved_tokens + cost.tokens
        FROM room, cost
        WHERE budget_use.budget_id = room.id AND budget_use.period = room.slot
        RETURNING budget_use.budget_id, budget_use.period, cost.usd, cost.tokens),
      held AS (
        INSERT INTO budget_hold (run_id, attempt, budget_id, period, usd, tokens)
        SELECT :run, :attempt, budget_id, period, usd, tokens FROM reserved)
      SELECT id, slot, name, of_user, above, kind, usd, tokens, on_exhausted, modified_at, left_usd,
        left_tokens, fits::integer AS fits, would::integer AS would,
        (SELECT answer FROM granted) AS granted,
        CASE kind
          WHEN 'day' THEN date_trunc('day', now() AT TIME ZONE 'UTC') + interval '1 day'
          WHEN 'month' THEN date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month'
        END AT TIME ZONE 'UTC' AS resets_at
      FROM room ORDER BY would, fits, of_user, name
      """
          .formatted(COUNTING.formatted("run", "task"));

  static final String HELD_BEFORE =
      "SELECT DISTINCT attempt FROM budget_hold WHERE run_id = :run AND attempt < :attempt";

  static final String LOST =
      """
      SELECT DISTINCT held.run_id, held.attempt FROM budget_hold AS held
      WHERE held.held_at < now() - interval '10 seconds' AND NOT EXISTS (
        SELECT FROM run WHERE run.id = held.run_id AND run.attempt = held.attempt
          AND run.lease_until IS NOT NULL)
      LIMIT :most
      """;

  static final String WAITING =
      """
      SELECT count(*) AS runs FROM run
      WHERE status = 'pending' AND eligibility = 'later' AND waits_budget IS NOT NULL
      """;

  private LedgerStatements() {}
}
