package dev.errand.runs.budget;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.NameRule;
import dev.errand.base.http.Tagged;
import dev.errand.identity.account.Users;
import dev.errand.identity.profile.ProfileStore;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stores the budgets of users and profiles. */
@ApplicationScoped
class BudgetStore {
  // The present period is that of the database's clock, as it is where runs spend.
  private static final String ALL =
      """
      SELECT budget.id, budget.name, budget.period, budget.usd, budget.tokens,
        budget.task, budget.on_exhausted, budget.created_at, budget.modified_at, budget.etag,
        trim_scale(coalesce(used.spent_usd, 0)) AS spent_usd,
        coalesce(used.spent_tokens, 0) AS spent_tokens,
        trim_scale(coalesce(used.unknown_usd, 0)) AS unknown_usd,
        coalesce(used.unknown_tokens, 0) AS unknown_tokens,
        trim_scale(coalesce(used.reserved_usd, 0)) AS reserved_usd,
        coalesce(used.reserved_tokens, 0) AS reserved_tokens,
        (present.began + present.length) AT TIME ZONE 'UTC' AS resets_at
      FROM budget
      CROSS JOIN LATERAL (
        SELECT date_trunc(nullif(budget.period, 'run'), now() AT TIME ZONE 'UTC') AS began,
          ('1 ' || nullif(budget.period, 'run'))::interval AS length) AS present
      LEFT JOIN budget_use AS used ON used.budget_id = budget.id
        AND used.period = to_char(present.began, 'YYYY-MM-DD')
      """;

  private static final String SHOWN = ALL + "WHERE budget.%s = :owner\n";

  private static final String NEAREST =
      """
      SELECT shown.*, account.username || '/' || profile.name AS owner
      FROM (%s
        WHERE budget.period <> 'run' AND (budget.account_id = :caller OR budget.profile_id IN (
          SELECT id FROM profile WHERE account_id = :caller
          UNION SELECT profile_id FROM profile_member WHERE account_id = :caller
          LIMIT :profiles))) AS shown
      JOIN budget ON budget.id = shown.id
      LEFT JOIN profile ON profile.id = budget.profile_id
      LEFT JOIN account ON account.id = profile.account_id
      ORDER BY greatest(
        shown.spent_usd / shown.usd::numeric, shown.spent_tokens / shown.tokens::numeric) DESC,
        shown.name, shown.id
      LIMIT 1
      """
          .formatted(ALL);

  // Everybody locks them in this order.
  private static final String LOCK_USES =
      "SELECT FROM budget_use WHERE budget_id = :id ORDER BY period FOR UPDATE";

  // Of a run that was taken up again, what was counted at its former end is in the days already.
  private static final String SEED =
      """
      WITH present AS (
        SELECT date_trunc(:unit, now() AT TIME ZONE 'UTC')::date AS day),
      counting AS MATERIALIZED (SELECT id FROM profile WHERE %1$s = :owner),
      used AS (
        SELECT usage_day.total_tokens AS tokens, usage_day.cost_usd AS usd
        FROM counting JOIN usage_day ON usage_day.profile_id = counting.id
        JOIN task ON task.id = usage_day.task_id, present
        WHERE usage_day.day >= present.day AND (:task::text IS NULL OR task.name = :task)
        UNION ALL
        SELECT %2$s
        FROM usage_tally AS ended JOIN counting ON counting.id = ended.profile_id
        JOIN task ON task.id = ended.task_id, present,
          jsonb_to_record(ended.usage::jsonb) AS known(total_tokens bigint, cost_usd numeric),
          jsonb_to_record(coalesce(ended.counted, '{}')::jsonb)
            AS before(total_tokens bigint, cost_usd numeric)
        WHERE ended.day >= present.day AND (:task::text IS NULL OR task.name = :task)
        UNION ALL
        SELECT %2$s
        FROM (
          SELECT run.* FROM counting JOIN run ON run.profile_id = counting.id
          WHERE run.status = 'pending'
          UNION ALL
          SELECT run.* FROM counting JOIN run ON run.profile_id = counting.id
          WHERE run.status = 'running') AS live
        JOIN task ON task.id = live.task_id,
          jsonb_to_record(live.usage::jsonb) AS known(total_tokens bigint, cost_usd numeric),
          jsonb_to_record(coalesce(live.usage_counted, '{}')::jsonb)
            AS before(total_tokens bigint, cost_usd numeric)
        WHERE :task::text IS NULL OR task.name = :task OR EXISTS (
          SELECT FROM unnest(live.profiles_above, live.tasks_above) AS above (profile_id, task)
          WHERE above.task = :task AND coalesce(above.profile_id, live.profile_id) = live.profile_id)),
      unknown AS (
        SELECT coalesce(sum(unknown_usd), 0) AS usd,
          coalesce(sum(unknown_tokens), 0)::bigint AS tokens
        FROM budget_use
        WHERE budget_id = :id AND :keeps_unknown AND period LIKE '____-__-__'
          AND period >= to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-01'))
      INSERT INTO budget_use (budget_id, period, spent_usd, spent_tokens, unknown_usd, unknown_tokens)
      SELECT :id, to_char(present.day, 'YYYY-MM-DD'),
        greatest(coalesce(sum(used.usd), 0), 0) + max(unknown.usd),
        least(greatest(coalesce(sum(used.tokens), 0), 0) + max(unknown.tokens),
          9000000000000000000)::bigint,
        max(unknown.usd), max(unknown.tokens)
      FROM present CROSS JOIN unknown LEFT JOIN used ON true GROUP BY present.day
      ON CONFLICT (budget_id, period) DO UPDATE SET spent_usd = EXCLUDED.spent_usd,
        spent_tokens = EXCLUDED.spent_tokens, unknown_usd = EXCLUDED.unknown_usd,
        unknown_tokens = EXCLUDED.unknown_tokens, warned_at = NULL, exceeded_at = NULL
      """;

  private static final String USED =
      """
      coalesce(known.total_tokens, 0) - coalesce(before.total_tokens, 0),
          coalesce(known.cost_usd, 0) - coalesce(before.cost_usd, 0)""";

  private static final String SEED_OF_PROFILE = SEED.formatted("id", USED);

  private static final String SEED_OF_USER = SEED.formatted("account_id", USED);

  // Each run has its own, which begins with what it has reserved.
  private static final String OPEN_RUNS =
      """
      INSERT INTO budget_use (budget_id, period)
      SELECT DISTINCT :id::uuid, coalesce(run.root_id, run.id)::text
      FROM budget_hold JOIN run ON run.id = budget_hold.run_id
      WHERE budget_hold.budget_id = :id
      ON CONFLICT DO NOTHING
      """;

  // Requests that wait for their answers stay reserved, and are counted in the new period.
  private static final String MOVE_HOLDS =
      """
      UPDATE budget_hold SET period = %s
      FROM run WHERE run.id = budget_hold.run_id AND budget_hold.budget_id = :id
      """;

  private static final String PRESENT =
      "to_char(date_trunc(:unit, now() AT TIME ZONE 'UTC'), 'YYYY-MM-DD')";

  private static final String OF_RUN = "coalesce(run.root_id, run.id)::text";

  private static final String RESERVE =
      """
      UPDATE budget_use SET reserved_usd = held.usd, reserved_tokens = held.tokens
      FROM budget_use AS each CROSS JOIN LATERAL (
        SELECT coalesce(sum(usd), 0) AS usd, coalesce(sum(tokens), 0) AS tokens FROM budget_hold
        WHERE budget_id = each.budget_id AND period = each.period) AS held
      WHERE each.budget_id = :id AND budget_use.budget_id = each.budget_id
        AND budget_use.period = each.period
      """;

  // Those of the former period, which no request is held in any more.
  private static final String DROP =
      """
      DELETE FROM budget_use WHERE budget_id = :id AND period <> %s
      """
          .formatted(PRESENT);

  // What is told once in a period is told again where a higher limit is reached, too.
  private static final String TELL_AGAIN =
      """
      UPDATE budget_use SET exceeded_at = NULL,
        warned_at = CASE WHEN spent_usd >= 0.8 * :usd::numeric OR spent_tokens >= 0.8 * :tokens::bigint
          THEN warned_at END
      WHERE budget_id = :id AND (warned_at IS NOT NULL OR exceeded_at IS NOT NULL)
      """;

  private static final String DROP_UNHELD =
      """
      DELETE FROM budget_use WHERE budget_id = :id AND NOT EXISTS (
        SELECT FROM budget_hold WHERE budget_hold.budget_id = budget_use.budget_id
          AND budget_hold.period = budget_use.period)
      """;

  private static final int PROFILES = 50;

  private final Sql sql;
  private final Clock clock;
  private final BudgetConfig config;

  BudgetStore(Sql sql, Clock clock, BudgetConfig config) {
    this.sql = sql;
    this.clock = clock;
    this.config = config;
  }

  /** A stored budget, with what its present period has spent and reserved. */
  @RegisterForReflection
  record Stored(
      UUID id,
      String name,
      BudgetSettings settings,
      BigDecimal spentUsd,
      long spentTokens,
      BigDecimal reservedUsd,
      long reservedTokens,
      BigDecimal unknownUsd,
      long unknownTokens,
      @Nullable Instant resetsAt,
      Instant createdAt,
      Instant modifiedAt,
      long etag) {

    BudgetView view() {
      return new BudgetView(
          name,
          settings,
          amount(spentUsd, spentTokens),
          amount(reservedUsd, reservedTokens),
          amount(unknownUsd, unknownTokens),
          resetsAt,
          createdAt,
          modifiedAt,
          etag);
    }

    private @Nullable BudgetAmount amount(BigDecimal usd, long tokens) {
      return settings.isOfRun() ? null : new BudgetAmount(usd, tokens);
    }
  }

  /**
   * Of the budgets of a user and of the user's profiles the one of a day or month that is nearest
   * to its limit.
   */
  Optional<OwnedBudget> nearest(UUID user) {
    return sql
        .statement(NEAREST)
        .with("caller", user)
        .with("profiles", PROFILES)
        .list(row -> new OwnedBudget(row.as(Stored.class).view(), row.textOrNull("owner")))
        .stream()
        .findFirst();
  }

  /** The budgets of an owner, by name. */
  List<Stored> list(BudgetOwner owner) {
    return sql.statement(SHOWN.formatted(owner.column()) + "ORDER BY budget.name")
        .with("owner", owner.id())
        .list(Stored.class);
  }

  Optional<Stored> find(BudgetOwner owner, String name) {
    return sql.statement(SHOWN.formatted(owner.column()) + "AND budget.name = :name")
        .with("owner", owner.id())
        .by("name", name)
        .first(Stored.class);
  }

  /**
   * The budget of that name.
   *
   * @throws ApiException {@link ErrorCode#BUDGET_NOT_FOUND}
   */
  Stored require(BudgetOwner owner, String name) {
    return find(owner, name)
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.BUDGET_NOT_FOUND,
                    "There is no budget " + name + " of " + owner.slug() + "."));
  }

  /** Makes changes that count an owner's budgets wait for each other. */
  @Transactional(Transactional.TxType.MANDATORY)
  void lock(BudgetOwner owner) {
    if (owner.isProfile()) {
      boolean _ = ProfileStore.isLocked(sql, owner.id());
    } else {
      Users.lock(sql, owner.id());
    }
  }

  /**
   * Creates a budget, or replaces everything of it, while its owner is locked. What it counts in
   * its present period is counted anew where its period or task is another one than before.
   *
   * @throws ApiException when the request is not valid, or {@link ErrorCode#TOO_MANY_BUDGETS}
   */
  @Transactional(Transactional.TxType.MANDATORY)
  void put(BudgetOwner owner, String name, BudgetSettings wanted) {
    InvalidFields wrong = new InvalidFields();
    wrong.add(() -> NameRule.PLAIN.check("name", "of a budget is", name));
    wrong.add(wanted::check);
    if (!owner.isProfile() && wanted.task() != null) {
      wrong.add(
          ApiException.invalid("task", "is only for the budget of a profile: leave it out here"));
    }
    wrong.refuse();
    Instant now = clock.instant();
    Budget known = Budget.toChange(owner, name).orElse(null);
    if (known == null) {
      checkNumber(owner);
    }
    BudgetSettings before = known == null ? null : known.settings;
    Budget budget = known == null ? Budget.named(owner, name, now) : known;
    budget.settings = wanted;
    budget.modifiedAt = now;
    budget.etag = Tagged.fresh();
    budget.persistAndFlush();
    if (before == null || !before.countsAs(wanted)) {
      count(
          owner,
          budget.id,
          wanted,
          before != null && (wanted.task() == null || wanted.task().equals(before.task())));
    } else if (wanted.raises(before)) {
      // What is told meanwhile is told of the lower limit.
      sql.statement(LOCK_USES).with("id", budget.id).run();
      sql.statement(TELL_AGAIN)
          .with("id", budget.id)
          .with("usd", wanted.usd())
          .with("tokens", wanted.tokens())
          .update();
    }
  }

  // Requests whose answers are lost are in no usage: those of the month stay counted.
  private void count(BudgetOwner owner, UUID id, BudgetSettings settings, boolean keepsUnknown) {
    sql.statement(LOCK_USES).with("id", id).run();
    if (settings.isOfRun()) {
      // Those of runs may be called like the days of before, so that they can't be kept apart.
      sql.statement(OPEN_RUNS).with("id", id).update();
      sql.statement(MOVE_HOLDS.formatted(OF_RUN)).with("id", id).update();
      sql.statement(DROP_UNHELD).with("id", id).update();
    } else {
      sql.statement(owner.isProfile() ? SEED_OF_PROFILE : SEED_OF_USER)
          .with("unit", settings.period())
          .with("owner", owner.id())
          .with("task", settings.task())
          .with("id", id)
          .with("keeps_unknown", keepsUnknown)
          .update();
      sql.statement(MOVE_HOLDS.formatted(PRESENT))
          .with("id", id)
          .with("unit", settings.period())
          .update();
      sql.statement(DROP).with("id", id).with("unit", settings.period()).update();
    }
    sql.statement(RESERVE).with("id", id).update();
  }

  private void checkNumber(BudgetOwner owner) {
    if (Budget.countOf(owner) >= config.most()) {
      throw new ApiException(
          ErrorCode.TOO_MANY_BUDGETS,
          "%s has %s budgets, the limit set by errand.budgets.most: delete some."
              .formatted(owner.slug(), config.most()));
    }
  }

  /** Deletes a budget with what it has counted. */
  @Transactional(Transactional.TxType.MANDATORY)
  void delete(Stored budget) {
    Budget.delete("id", budget.id());
  }
}
