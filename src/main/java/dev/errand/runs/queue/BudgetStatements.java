package dev.errand.runs.queue;

import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlScript;
import dev.errand.base.database.SqlStatement;
import java.util.Collection;

/** The SQL that writes what budgets have spent, with the answers of models or after them. */
public final class BudgetStatements {
  // Everybody locks them in this order, so that two transactions never wait for each other.
  private static final String LOCK =
      """
      SELECT FROM budget_use
      WHERE (budget_id, period) IN (
        SELECT budget_id, period FROM budget_hold
        JOIN unnest(:settled_runs::bigint[], :settled_attempts::int[]) AS settled (run_id, attempt)
          USING (run_id, attempt))
      ORDER BY budget_id, period FOR NO KEY UPDATE
      """;

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
        unknown_tokens = budget_use.unknown_tokens + summed.unknown_tokens
      FROM summed
      WHERE budget_use.budget_id = summed.budget_id AND budget_use.period = summed.period
      """;

  private BudgetStatements() {}

  /** Adds the statements that replace what is reserved by what it cost. */
  public static SqlScript settle(Sql sql, SqlScript script, Collection<Settlement> settled) {
    return script
        .then(of(sql.statement(LOCK), settled))
        .then(
            of(sql.statement(SETTLE), settled)
                .with("settled_usd", "double precision", settled, Settlement::usd)
                .with("settled_tokens", "bigint", settled, Settlement::tokens));
  }

  private static SqlStatement of(SqlStatement statement, Collection<Settlement> settled) {
    return statement
        .with("settled_runs", "bigint", settled, Settlement::runId)
        .with("settled_attempts", "int", settled, Settlement::attempt);
  }
}
