package dev.errand.runs.budget;

import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.base.error.ApiException;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.budget.BudgetStore.Stored;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds on which days, and by which runs, that was spent which a budget counts. */
@ApplicationScoped
public class BudgetHistory {
  /** Of how many of the newest runs the most expensive are found. */
  public static final int RUNS_READ = 500;

  private static final int RUNS_SHOWN = 10;

  // Of the profiles of a user, the oldest.
  private static final int PROFILES = 50;

  // Each end of a run is either in its day or not added to it yet.
  private static final String DAYS =
      """
      WITH counting AS MATERIALIZED (SELECT id FROM profile WHERE %s = :owner)
      SELECT used.day, sum(used.usd) AS usd, sum(used.tokens)::bigint AS tokens
      FROM (
        SELECT usage_day.task_id, usage_day.day, usage_day.cost_usd AS usd,
          usage_day.total_tokens AS tokens
        FROM counting JOIN usage_day ON usage_day.profile_id = counting.id
        WHERE usage_day.day >= :from
        UNION ALL
        SELECT ended.task_id, ended.day, known.cost_usd - coalesce(before.cost_usd, 0),
          coalesce(known.total_tokens, 0) - coalesce(before.total_tokens, 0)
        FROM usage_tally AS ended JOIN counting ON counting.id = ended.profile_id,
          jsonb_to_record(ended.usage::jsonb) AS known(total_tokens bigint, cost_usd numeric),
          jsonb_to_record(coalesce(ended.counted, '{}')::jsonb)
            AS before(total_tokens bigint, cost_usd numeric)
        WHERE ended.day >= :from) AS used
      JOIN task ON task.id = used.task_id
      WHERE :task::text IS NULL OR task.name = :task
      GROUP BY used.day ORDER BY used.day
      """;

  private static final String NEWEST_OF_ALL =
      """
      SELECT run.id, run.root_id, run.task_id, run.profile_id, run.name, run.created_at, run.usage
      FROM (
        SELECT id FROM profile WHERE %s = :owner ORDER BY created_at, id LIMIT :profiles) AS counting
      CROSS JOIN LATERAL (
        SELECT * FROM run WHERE run.profile_id = counting.id ORDER BY -id LIMIT :read) AS run
      ORDER BY -run.id LIMIT :read""";

  private static final String NEWEST_OF_TASK =
      """
      SELECT run.id, run.root_id, run.task_id, run.profile_id, run.name, run.created_at, run.usage
      FROM task CROSS JOIN unnest(ARRAY['ready', 'error', 'running', 'pending']) AS known(status)
      CROSS JOIN LATERAL (
        SELECT * FROM run
        WHERE run.task_id = task.id AND run.status = known.status AND run.id > 0
        ORDER BY -id LIMIT :read) AS run
      WHERE task.profile_id = :owner AND task.name = :task AND task.deleted_at IS NULL
      ORDER BY -run.id LIMIT :read""";

  // What a tree has spent stands under the run that began it; without that, under none, it is what
  // those of its runs have used that were read.
  private static final String RUNS =
      """
      WITH newest AS MATERIALIZED (%s),
      tree AS (
        SELECT coalesce(newest.root_id, newest.id) AS root, min(newest.id) AS id,
          sum(used.cost_usd) AS usd, coalesce(sum(used.total_tokens), 0)::bigint AS tokens
        FROM newest,
          jsonb_to_record(newest.usage::jsonb) AS used(total_tokens bigint, cost_usd numeric)
        GROUP BY coalesce(newest.root_id, newest.id)),
      spent AS (
        SELECT tree.id, trim_scale(coalesce(budget_use.spent_usd, tree.usd)) AS usd,
          coalesce(budget_use.spent_tokens, tree.tokens) AS tokens
        FROM tree
        LEFT JOIN budget_use ON budget_use.budget_id = :id AND budget_use.period = tree.root::text)
      SELECT account.username || '/' || profile.name AS profile, task.name AS task,
        newest.name AS run, newest.created_at, spent.usd, spent.tokens
      FROM spent JOIN newest ON newest.id = spent.id JOIN task ON task.id = newest.task_id
      JOIN profile ON profile.id = newest.profile_id JOIN account ON account.id = profile.account_id
      WHERE spent.usd > 0 OR spent.tokens > 0
      ORDER BY greatest(coalesce(spent.usd, 0) / :usd::numeric, spent.tokens / :tokens::numeric)
        DESC, spent.id DESC
      LIMIT :shown
      """;

  private static final String DAYS_OF_PROFILE = DAYS.formatted("id");
  private static final String DAYS_OF_USER = DAYS.formatted("account_id");
  private static final String RUNS_OF_PROFILE = RUNS.formatted(NEWEST_OF_ALL.formatted("id"));
  private static final String RUNS_OF_USER = RUNS.formatted(NEWEST_OF_ALL.formatted("account_id"));
  private static final String RUNS_OF_TASK = RUNS.formatted(NEWEST_OF_TASK);

  private final BudgetOwners owners;
  private final BudgetStore store;
  private final Sql sql;

  BudgetHistory(BudgetOwners owners, BudgetStore store, Sql sql) {
    this.owners = owners;
    this.store = store;
    this.sql = sql;
  }

  /**
   * What the runs have used that ended on a day in UTC.
   *
   * @param usd null where no price was known
   */
  @RegisterForReflection
  public record SpentDay(LocalDate day, @Nullable BigDecimal usd, long tokens) {}

  /**
   * A run with all runs that it started, as far as the budget counts them.
   *
   * @param profile its profile, as {@code user/name}
   * @param usd null where no price was known
   */
  @RegisterForReflection
  public record CostlyRun(
      String profile,
      String task,
      String run,
      Instant createdAt,
      @Nullable BigDecimal usd,
      long tokens) {}

  /**
   * The days of a budget of a profile on which runs ended, the first day first.
   *
   * @throws ApiException as {@link BudgetService#get}
   */
  public List<SpentDay> days(Caller caller, ProfileSlug profile, String name, LocalDate from) {
    return days(owners.ofProfile(caller, profile, Right.SEE), name, from);
  }

  /**
   * The same of a budget of a user.
   *
   * @throws ApiException as {@link BudgetService#getOfUser}
   */
  public List<SpentDay> daysOfUser(Caller caller, String user, String name, LocalDate from) {
    return days(owners.ofShownUser(caller, user), name, from);
  }

  private List<SpentDay> days(BudgetOwner owner, String name, LocalDate from) {
    return sql.statement(owner.isProfile() ? DAYS_OF_PROFILE : DAYS_OF_USER)
        .with("owner", owner.id())
        .with("task", store.require(owner, name).settings().task())
        .with("from", from)
        .list(SpentDay.class);
  }

  /**
   * The most expensive of the newest runs that a budget of a profile counts, the most expensive
   * first.
   *
   * @throws ApiException as {@link BudgetService#get}
   */
  public List<CostlyRun> runs(Caller caller, ProfileSlug profile, String name) {
    return runs(owners.ofProfile(caller, profile, Right.SEE_RUNS), name);
  }

  /**
   * The same of a budget of a user; none for admins, who may not see the runs of the user.
   *
   * @throws ApiException as {@link BudgetService#getOfUser}
   */
  public List<CostlyRun> runsOfUser(Caller caller, String user, String name) {
    BudgetOwner owner = owners.ofShownUser(caller, user);
    return caller.is(user) ? runs(owner, name) : List.of();
  }

  private List<CostlyRun> runs(BudgetOwner owner, String name) {
    Stored budget = store.require(owner, name);
    BudgetSettings settings = budget.settings();
    boolean isOfAll = settings.task() == null;
    String ofAll = owner.isProfile() ? RUNS_OF_PROFILE : RUNS_OF_USER;
    SqlStatement statement =
        sql.statement(isOfAll ? ofAll : RUNS_OF_TASK)
            .with("owner", owner.id())
            .with("id", budget.id())
            .with("usd", settings.usd())
            .with("tokens", settings.tokens())
            .with("read", RUNS_READ)
            .with("shown", RUNS_SHOWN);
    return (isOfAll
            ? statement.with("profiles", PROFILES)
            : statement.with("task", settings.task()))
        .list(CostlyRun.class);
  }
}
