package dev.errand.runs.history;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.entry.RunEntryCodec;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tool calls of a profile's newest runs, {@value #MOST_RUNS} runs and {@value
 * #MOST_CALLS} calls at most.
 */
@ApplicationScoped
class PastToolCalls {
  static final int MOST_RUNS = 1_000;
  private static final int MOST_CALLS = 10_000;

  // A statement reads the calls of some runs, so that few of them are in memory at once.
  private static final int RUNS_AT_ONCE = 20;
  private static final int CALLS_AT_ONCE = 1_000;
  private static final int LONGEST = 20_000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  // With the OFFSET, the planner looks each up by its key, also without statistics.
  static final String RUNS =
      """
      SELECT newest.id, named.name, task.name AS task, task.shown
      FROM (%s) AS newest
      CROSS JOIN LATERAL (SELECT name FROM run WHERE id = newest.id OFFSET 0) AS named
      CROSS JOIN LATERAL (
        SELECT name, deleted_at IS NULL AS shown FROM task WHERE id = newest.task_id OFFSET 0) AS task
      WHERE newest.created_at >= :since
      ORDER BY -newest.id
      """
          .formatted(RunSearch.OF_PROFILE.formatted(MOST_RUNS));

  // The beginning of an entry tells its kind and its tool, and is read without the rest of it.
  private static final String CALLS =
      """
      SELECT run_id, tool, CASE WHEN octet_length(entry) <= :longest THEN entry END AS entry
      FROM run_entry CROSS JOIN LATERAL (SELECT substring(left(entry, 300) FROM
        '^\\{"msg":"call tool request",.*?"params":\\{"name":"([a-zA-Z0-9_-]+)"') AS tool) AS named
      WHERE run_id = ANY (:ids) AND tool = ANY (:tools)
      ORDER BY -run_id, seq LIMIT %d
      """
          .formatted(CALLS_AT_ONCE);

  private final Sql sql;
  private final RunEntryCodec entries;

  PastToolCalls(Sql sql, RunEntryCodec entries) {
    this.sql = sql;
    this.entries = entries;
  }

  /**
   * A call of a tool.
   *
   * @param tool the tool's name, as the model called it
   * @param requested the call; null where it is too long to be read
   */
  record PastCall(
      String task, String run, String tool, RunEntry.@Nullable ToolCallRequested requested) {}

  /**
   * What was read.
   *
   * @param isComplete whether these are all runs and calls
   */
  record Walked(int runs, int calls, boolean isComplete) {}

  /**
   * A run.
   *
   * @param isShown whether its task is not deleted
   */
  private record NamedRun(long id, String task, String name, boolean isShown) {
    static NamedRun of(Row row) {
      return new NamedRun(row.number("id"), row.text("task"), row.text("name"), row.flag("shown"));
    }
  }

  /**
   * Reads the calls of some tools, newest runs first.
   *
   * @param since the first time of a run
   * @param tools the names of the tools, as models call them
   */
  Walked each(UUID profileId, Instant since, Collection<String> tools, Consumer<PastCall> reader) {
    return sql.onOneConnection(one -> each(one, profileId, since, tools, reader));
  }

  private Walked each(
      Sql one, UUID profileId, Instant since, Collection<String> tools, Consumer<PastCall> reader) {
    List<NamedRun> newest =
        one.statement(RUNS)
            .within(PATIENCE)
            .with("profile_id", profileId)
            .with("after", -Long.MAX_VALUE)
            .with("until", 0L)
            .with("since", since)
            .list(NamedRun::of);
    List<NamedRun> runs = newest.stream().filter(NamedRun::isShown).toList();
    boolean isComplete = newest.size() < MOST_RUNS;
    int calls = 0;
    int walked = 0;
    while (walked < runs.size() && calls < MOST_CALLS) {
      List<NamedRun> some = runs.subList(walked, Math.min(runs.size(), walked + RUNS_AT_ONCE));
      List<PastCall> found = calls(one, some, tools);
      found.forEach(reader);
      isComplete &= found.size() < CALLS_AT_ONCE;
      calls += found.size();
      walked += some.size();
    }
    return new Walked(walked, calls, isComplete && walked == runs.size());
  }

  private List<PastCall> calls(Sql one, List<NamedRun> runs, Collection<String> tools) {
    Map<Long, NamedRun> byId = new HashMap<>();
    runs.forEach(run -> byId.put(run.id, run));
    List<PastCall> calls = new ArrayList<>();
    one.statement(CALLS)
        .within(PATIENCE)
        .with("ids", "bigint", byId.keySet())
        .with("tools", "text", tools)
        .with("longest", LONGEST)
        .each(
            row -> {
              NamedRun run = byId.get(row.number("run_id"));
              if (run != null) {
                calls.add(
                    new PastCall(
                        run.task, run.name, row.text("tool"), requested(row.textOrNull("entry"))));
              }
            });
    return calls;
  }

  private RunEntry.@Nullable ToolCallRequested requested(@Nullable String entry) {
    return entry != null
            && entries.read(entry).entry() instanceof RunEntry.ToolCallRequested requested
        ? requested
        : null;
  }
}
