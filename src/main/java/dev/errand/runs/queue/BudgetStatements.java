package dev.errand.runs.queue;

import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlScript;
import dev.errand.base.database.SqlStatement;
import dev.errand.runs.queue.Settlement.ExceededBudget;
import java.util.Collection;
import java.util.List;

/** The SQL that writes what budgets have spent, with the answers of models or after them. */
public final class BudgetStatements {
  // Everybody locks them in this order, so that two transactions never wait for each other.
  private static final String LOCK =
      """
      SELECT FROM budget_use
      WHERE (budget_id, period) IN (
        SELECT budget_id, period FROM budget_hold
        JOIN unnest(:settled_runs::bigint[], :settled_attempts::int[]) AS settled (run_id, attempt)
          USING (run_id, attempt)
        UNION ALL
        SELECT * FROM unnest(:exceeded_budgets::uuid[], :exceeded_periods::text[]))
      ORDER BY budget_id, period FOR NO KEY UPDATE
      """;

  // That 80 % of a limit is spent, and that it is used up, is said once; a trigger tells it.
  private static final String SETTLE =
      """
      WITH settled AS (
        DELETE FROM budget_hold
        USING unnest(:settled_runs::bigint[], :settled_attempts::int[],
          :settled_usd::double precision[], :settled_tokens::bigint[])
          AS answered (run_id, attempt, usd, tokens)
        WHERE budget_hold.run_id = answered.run_id AND budget_hold.attempt = answered.attempt
        RETURNING budget_hold.budget_id, budget_hold.period, budget_hold.usd AS held_usd,
          budget_hold.tokens AS held_tokens, answered.usd::numeric AS usd, answered.tokens),
      summed AS (
        SELECT budget_id, period, sum(held_usd) AS held_usd, sum(held_tokens) AS held_tokens,
          sum(coalesce(usd, held_usd)) AS usd, sum(coalesce(tokens, held_tokens)) AS tokens,
          coalesce(sum(held_usd) FILTER (WHERE usd IS NULL), 0) AS unknown_usd,
          coalesce(sum(held_tokens) FILTER (WHERE tokens IS NULL), 0) AS unknown_tokens
        FROM settled GROUP BY budget_id, period)
      UPDATE budget_use SET
        reserved_usd = reserved_usd - summed.held_usd,
        reserved_tokens = reserved_tokens - summed.held_tokens,
        spent_usd = spent_usd + summed.usd, spent_tokens = spent_tokens + summed.tokens,
        unknown_usd = budget_use.unknown_usd + summed.unknown_usd,
        unknown_tokens = budget_use.unknown_tokens + summed.unknown_tokens,
        warned_at = CASE
          WHEN budget_use.warned_at IS NOT NULL THEN budget_use.warned_at
          WHEN spent_usd + summed.usd >= 0.8 * budget.usd::numeric
            OR spent_tokens + summed.tokens >= 0.8 * budget.tokens THEN now() END
      FROM summed JOIN budget ON budget.id = summed.budget_id
      WHERE budget_use.budget_id = summed.budget_id AND budget_use.period = summed.period
      """;

  // Not where it was changed since: it may have room again.
  private static final String EXCEED =
      """
      UPDATE budget_use SET exceeded_at = now()
      FROM unnest(:exceeded_budgets::uuid[], :exceeded_periods::text[],
        :exceeded_seen::timestamptz[]) AS told (budget_id, period, seen)
      JOIN budget ON budget.id = told.budget_id AND budget.modified_at = told.seen
      WHERE budget_use.budget_id = told.budget_id AND budget_use.period = told.period
        AND exceeded_at IS NULL
      """;

  private BudgetStatements() {}

  /** Adds the statements that replace what is reserved by what it cost. */
  public static SqlScript settle(Sql sql, SqlScript script, Collection<Settlement> settled) {
    List<ExceededBudget> exceeded =
        settled.stream().flatMap(each -> each.exceeded().stream()).distinct().toList();
    script
        .then(exceeded(of(sql.statement(LOCK), settled), exceeded))
        .then(
            of(sql.statement(SETTLE), settled)
                .with("settled_usd", "double precision", settled, Settlement::usd)
                .with("settled_tokens", "bigint", settled, Settlement::tokens));
    return exceeded.isEmpty()
        ? script
        : script.then(
            exceeded(sql.statement(EXCEED), exceeded)
                .with("exceeded_seen", "timestamptz", exceeded, ExceededBudget::seen));
  }

  private static SqlStatement exceeded(SqlStatement statement, List<ExceededBudget> exceeded) {
    return statement
        .with("exceeded_budgets", "uuid", exceeded, ExceededBudget::budget)
        .with("exceeded_periods", "text", exceeded, ExceededBudget::period);
  }

  private static SqlStatement of(SqlStatement statement, Collection<Settlement> settled) {
    return statement
        .with("settled_runs", "bigint", settled, Settlement::runId)
        .with("settled_attempts", "int", settled, Settlement::attempt);
  }
}
