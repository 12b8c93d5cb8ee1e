package dev.errand.runs.history;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.task.TaskAccess;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Finds what the newest runs of a task have cost. */
@ApplicationScoped
public class RunCosts {
  /** How many runs it looks at. */
  public static final int MOST = 100;

  // The newest of each status are at the beginning of its index.
  private static final String OF_TASK =
      """
      SELECT count(*) AS runs, count(cost.usd) AS priced,
        percentile_disc(0.5) WITHIN GROUP (ORDER BY cost.usd) AS median_usd,
        max(cost.usd) AS most_usd
      FROM (
        SELECT id FROM (
          (SELECT id FROM run WHERE task_id = :task_id AND status = 'ready' AND id > 0
           ORDER BY -id LIMIT :most)
          UNION ALL
          (SELECT id FROM run WHERE task_id = :task_id AND status = 'error' AND id > 0
           ORDER BY -id LIMIT :most)) AS ended
        ORDER BY -id LIMIT :most) AS newest
      CROSS JOIN LATERAL (
        SELECT (run.usage::jsonb ->> 'cost_usd')::numeric AS usd FROM run
        WHERE run.id = newest.id OFFSET 0) AS cost
      """;

  private final TaskAccess tasks;
  private final Sql sql;

  RunCosts(TaskAccess tasks, Sql sql) {
    this.tasks = tasks;
    this.sql = sql;
  }

  /**
   * What runs of a task cost.
   *
   * @param runs how many of its newest runs have ended, {@link #MOST} at most
   * @param priced of how many of these the cost is known
   * @param medianUsd what half of these cost at most; null where none is known
   * @param mostUsd what the most expensive of these cost; null where none is known
   */
  @RegisterForReflection
  public record RunCost(
      int runs, int priced, @Nullable BigDecimal medianUsd, @Nullable BigDecimal mostUsd) {}

  /**
   * What the newest ended runs of a task have cost, however they ended.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} or {@link ErrorCode#TASK_NOT_FOUND}
   */
  public RunCost of(Caller caller, ProfileSlug profile, String task) {
    return sql.statement(OF_TASK)
        .with("task_id", tasks.require(caller, profile, task, Right.SEE_RUNS).id())
        .with("most", MOST)
        .one(row -> row.as(RunCost.class));
  }
}
