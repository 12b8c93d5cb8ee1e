package dev.errand.runs.history;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds what this month has cost so far in the profiles that a user sees as one of their members.
 */
@ApplicationScoped
public class MonthlyCosts {
  private static final int PROFILES = 50;
  private static final int ROWS = 20_000;

  // A row of a day stands for a task, so that their number is bounded, too.
  private static final String OF_CALLER =
      """
      WITH seen AS MATERIALIZED (
        SELECT profile.id, account.username || '/' || profile.name AS slug
        FROM (
          SELECT id FROM profile WHERE account_id = :caller
          UNION SELECT profile_id FROM profile_member WHERE account_id = :caller) AS each
        JOIN profile ON profile.id = each.id JOIN account ON account.id = profile.account_id
        ORDER BY profile.account_id = :caller DESC, account.username, profile.name
        LIMIT :profiles),
      used AS MATERIALIZED (
        SELECT * FROM (
          SELECT seen.slug, counted.cost_usd AS usd
          FROM seen CROSS JOIN LATERAL (
            SELECT cost_usd FROM usage_day
            WHERE usage_day.profile_id = seen.id AND usage_day.day >= :from
            LIMIT :rows) AS counted
          UNION ALL
          SELECT seen.slug, known.cost_usd - coalesce(before.cost_usd, 0)
          FROM usage_tally AS ended JOIN seen ON seen.id = ended.profile_id,
            jsonb_to_record(ended.usage::jsonb) AS known(cost_usd numeric),
            jsonb_to_record(coalesce(ended.counted, '{}')::jsonb) AS before(cost_usd numeric)
          WHERE ended.day >= :from) AS every
        LIMIT :rows)
      SELECT slug AS profile, sum(usd) AS usd, sum(sum(usd)) OVER () AS all_usd,
        count(*) OVER () AS profiles, (SELECT count(*) >= :rows FROM used) AS is_cut
      FROM used GROUP BY slug ORDER BY sum(usd) DESC NULLS LAST, slug LIMIT :shown
      """;

  private final Sql sql;
  private final Clock clock;

  MonthlyCosts(Sql sql, Clock clock) {
    this.sql = sql;
    this.clock = clock;
  }

  /**
   * What a profile has cost this month, in UTC, by runs that have ended.
   *
   * @param profile the profile, as {@code user/name}
   * @param usd null where no price is known
   * @param allUsd the same of all profiles, those that are not listed, too
   * @param profiles how many of them had runs this month
   * @param isCut whether there is more than was read, so that the sums are too small
   */
  @RegisterForReflection
  public record MonthlyCost(
      String profile,
      @Nullable BigDecimal usd,
      @Nullable BigDecimal allUsd,
      int profiles,
      boolean isCut) {}

  /**
   * The most expensive of the caller's first 50 profiles, own ones before those that are shared.
   *
   * @param shown how many at most
   * @throws ApiException {@link ErrorCode#SCOPE_MISSING}
   */
  public List<MonthlyCost> of(Caller caller, int shown) {
    caller.requireUnlimited(Scope.READ);
    return sql.statement(OF_CALLER)
        .with("caller", caller.id())
        .with("from", LocalDate.now(clock).withDayOfMonth(1))
        .with("profiles", PROFILES)
        .with("rows", ROWS)
        .with("shown", shown)
        .list(MonthlyCost.class);
  }
}
