package dev.errand.runs.history;

import dev.errand.base.database.Sql;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Stores the usage of runs by task and by the day of their end. A database trigger writes a tally
 * for each end of a run; tallies are added to their day periodically, and queries read both.
 */
@ApplicationScoped
public class UsageStore {
  private static final String COLUMNS =
      """
      runs_ready, runs_error, prompt_tokens, completion_tokens, cached_tokens, cache_write_tokens,
            reasoning_tokens, total_tokens, steps, tool_calls, tool_errors, model_ms, tool_ms,
            cost_usd""";

  private static final String SUMS =
      """
      sum(runs_ready) AS runs_ready, sum(runs_error) AS runs_error,
            sum(prompt_tokens) AS prompt_tokens, sum(completion_tokens) AS completion_tokens,
            sum(cached_tokens) AS cached_tokens, sum(cache_write_tokens) AS cache_write_tokens,
            sum(reasoning_tokens) AS reasoning_tokens,
            sum(total_tokens) AS total_tokens, sum(steps) AS steps, sum(tool_calls) AS tool_calls,
            sum(tool_errors) AS tool_errors, sum(model_ms) AS model_ms, sum(tool_ms) AS tool_ms,
            sum(cost_usd) AS cost_usd""";

  private static final String FIELDS =
      """
      prompt_tokens bigint, completion_tokens bigint, cached_tokens bigint,
              cache_write_tokens bigint, reasoning_tokens bigint, total_tokens bigint, steps bigint, tool_calls bigint,
              tool_errors bigint, model_ms bigint, tool_ms bigint, cost_usd numeric""";

  // A retried run was counted at its former end: only the difference is added.
  private static final String TALLIED =
      """
      SELECT profile_id, task_id, day, (status = 'ready')::int AS runs_ready,
            (status = 'error')::int AS runs_error,
            coalesce(used.prompt_tokens, 0) - coalesce(before.prompt_tokens, 0) AS prompt_tokens,
            coalesce(used.completion_tokens, 0) - coalesce(before.completion_tokens, 0)
              AS completion_tokens,
            coalesce(used.cached_tokens, 0) - coalesce(before.cached_tokens, 0) AS cached_tokens,
            coalesce(used.cache_write_tokens, 0) - coalesce(before.cache_write_tokens, 0)
              AS cache_write_tokens,
            coalesce(used.reasoning_tokens, 0) - coalesce(before.reasoning_tokens, 0)
              AS reasoning_tokens,
            coalesce(used.total_tokens, 0) - coalesce(before.total_tokens, 0) AS total_tokens,
            coalesce(used.steps, 0) - coalesce(before.steps, 0) AS steps,
            coalesce(used.tool_calls, 0) - coalesce(before.tool_calls, 0) AS tool_calls,
            coalesce(used.tool_errors, 0) - coalesce(before.tool_errors, 0) AS tool_errors,
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
          cache_write_tokens = known.cache_write_tokens + EXCLUDED.cache_write_tokens,
          reasoning_tokens = known.reasoning_tokens + EXCLUDED.reasoning_tokens,
          total_tokens = known.total_tokens + EXCLUDED.total_tokens,
          steps = known.steps + EXCLUDED.steps,
          tool_calls = known.tool_calls + EXCLUDED.tool_calls,
          tool_errors = known.tool_errors + EXCLUDED.tool_errors,
          model_ms = known.model_ms + EXCLUDED.model_ms,
          tool_ms = known.tool_ms + EXCLUDED.tool_ms,
          cost_usd =
            coalesce(known.cost_usd + EXCLUDED.cost_usd, known.cost_usd, EXCLUDED.cost_usd))
      SELECT count(*) AS added FROM taken
      """
          .formatted(TALLIED.formatted("taken"), COLUMNS, SUMS);

  /** The usage of a profile or a task: a row for each day, and one for each task. */
  private static final String OF_PROFILE = of("profile_id");

  private static final String OF_TASK = of("task_id");

  /** The same with a row for each task and day. */
  private static final String LINES_OF_PROFILE = lines("profile_id");

  private static final String LINES_OF_TASK = lines("task_id");

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

  private static final int ADDED_AT_ONCE = 2000;
  private static final int MOST_BATCHES = 100;
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final String LOCK = "usage tallies";

  private final Sql sql;

  UsageStore(Sql sql) {
    this.sql = sql;
  }

  /**
   * The usage in a span of days.
   *
   * @param days the usage by day; days on which no run ended are left out
   * @param tasks the usage by task, sorted by name
   */
  public record Used(SortedMap<LocalDate, UsageSum> days, List<OfTask> tasks) {}

  /**
   * The usage of one task.
   *
   * @param deleted whether it was deleted; its name may be another task's now
   */
  @RegisterForReflection
  public record OfTask(String name, boolean deleted, UsageSum used) {}

  /** The usage of a profile's tasks between two days in UTC, both included. */
  public Used ofProfile(UUID profileId, LocalDate from, LocalDate to) {
    return used(OF_PROFILE, profileId, from, to);
  }

  /** The usage of a task between two days in UTC, both included. */
  public Used ofTask(UUID taskId, LocalDate from, LocalDate to) {
    return used(OF_TASK, taskId, from, to);
  }

  /** The usage of a profile's tasks by day, the first day first. */
  public List<UsageLine> linesOfProfile(UUID profileId, LocalDate from, LocalDate to) {
    return lines(LINES_OF_PROFILE, profileId, from, to);
  }

  /** The usage of a task by day, the first day first. */
  public List<UsageLine> linesOfTask(UUID taskId, LocalDate from, LocalDate to) {
    return lines(LINES_OF_TASK, taskId, from, to);
  }

  private List<UsageLine> lines(String statement, UUID owner, LocalDate from, LocalDate to) {
    return sql.statement(statement)
        .with("owner", owner)
        .with("from", from)
        .with("to", to)
        .list(UsageLine.class);
  }

  /**
   * Adds tallies to their days, in batches. Does nothing while another process does it.
   *
   * @return how many tallies were added
   */
  public int addUp() {
    return addUp(LONGEST);
  }

  /** Adds tallies to their days, within a time limit. */
  public int addUp(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    int added = 0;
    for (int batch = 0; batch < MOST_BATCHES && System.nanoTime() < end; batch++) {
      int size = sql.inTurn(LOCK, UsageStore::addSome, 0);
      added += size;
      if (size < ADDED_AT_ONCE) {
        break;
      }
    }
    return added;
  }

  private static int addSome(Sql own) {
    return own.statement(ADD_UP).with("most", ADDED_AT_ONCE).one(row -> row.integer("added"));
  }

  private Used used(String statement, UUID owner, LocalDate from, LocalDate to) {
    SortedMap<LocalDate, UsageSum> days = new TreeMap<>();
    List<OfTask> tasks = new ArrayList<>();
    sql.statement(statement)
        .with("owner", owner)
        .with("from", from)
        .with("to", to)
        .each(
            row -> {
              LocalDate day = row.dayOrNull("day");
              if (day == null) {
                tasks.add(row.as(OfTask.class));
              } else {
                days.put(day, row.as(UsageSum.class));
              }
            });
    return new Used(days, tasks);
  }
}
