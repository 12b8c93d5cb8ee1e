package dev.errand.runs.history;

import dev.errand.base.database.Sql;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.entry.RunEntryCodec;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Column;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tool calls of a profile's newest runs, {@value #MOST_RUNS} runs and {@value
 * #MOST_CALLS} calls at most.
 */
@ApplicationScoped
public class PastToolCalls {
  static final int MOST_RUNS = 1_000;
  private static final int MOST_CALLS = 10_000;

  // A statement reads some calls of some runs, so that few of them are in memory at once.
  private static final int RUNS_AT_ONCE = 20;
  private static final int CALLS_AT_ONCE = 1_000;
  private static final int MOST_BYTES = 1024 * 1024;
  private static final int LONGEST = 20_000;
  private static final int NONE = -1;
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

  // The beginning of an entry tells its kind and its tool, and is read without the rest of it. The
  // entries of a page are few in bytes, too.
  private static final String CALLS =
      """
      SELECT run_id, seq, tool, entry FROM (
        SELECT run_id, seq, tool, entry,
          sum(coalesce(octet_length(entry), 0)) OVER (ORDER BY -run_id, seq)
            - coalesce(octet_length(entry), 0) AS before
        FROM (
          SELECT run_id, seq, tool, CASE WHEN octet_length(entry) <= :longest THEN entry END AS entry
          FROM run_entry CROSS JOIN LATERAL (SELECT substring(left(entry, 300) FROM
            '^\\{"msg":"call tool request",.*?"params":\\{"name":"([a-zA-Z0-9_-]+)"') AS tool) AS named
          WHERE run_id = ANY (:ids) AND (run_id <> :run OR seq > :seq) AND tool = ANY (:tools)
          ORDER BY -run_id, seq LIMIT %d) AS next) AS page
      WHERE before < :most_bytes ORDER BY -run_id, seq
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
   * @param runs how many runs have been read with its own
   * @param tool the tool's name, as the model called it
   * @param entry its stored entry; null where it is too long to be read
   */
  public record PastCall(int runs, String task, String run, String tool, @Nullable String entry) {}

  /**
   * A run.
   *
   * @param isShown whether its task is not deleted
   */
  @RegisterForReflection
  private record NamedRun(
      long id, String task, String name, @Column(name = "shown") boolean isShown) {}

  /**
   * The calls of some tools, newest runs first. No connection to the database is held between two
   * pages.
   *
   * @param since the first time of a run
   * @param tools the names of the tools, as models call them
   */
  public Walk walk(UUID profileId, Instant since, Collection<String> tools) {
    return new Walk(
        sql.statement(RUNS)
            .within(PATIENCE)
            .with("profile_id", profileId)
            .with("after", -Long.MAX_VALUE)
            .with("until", 0L)
            .with("since", since)
            .list(NamedRun.class),
        List.copyOf(tools));
  }

  /** What a call requested; empty where it is too long to be read. */
  public Optional<RunEntry.ToolCallRequested> requested(PastCall call) {
    String entry = call.entry();
    return entry != null
            && entries.read(entry).entry() instanceof RunEntry.ToolCallRequested requested
        ? Optional.of(requested)
        : Optional.empty();
  }

  /** A walk through calls. */
  public final class Walk {
    private final List<NamedRun> runs;
    private final List<String> tools;
    private final boolean areAll;

    // The first run of the next page, and the last entry that was read of it.
    private int next;
    private int seq = NONE;
    private int calls;

    private Walk(List<NamedRun> newest, List<String> tools) {
      this.runs = newest.stream().filter(NamedRun::isShown).toList();
      this.tools = tools;
      this.areAll = newest.size() < MOST_RUNS;
    }

    /** How many runs were read, the last one perhaps in part. */
    public int runs() {
      return seq == NONE ? next : next + 1;
    }

    /** Whether there is nothing more to read. */
    public boolean isOver() {
      return next == runs.size() || calls >= MOST_CALLS;
    }

    /** Whether all runs and calls were read. */
    public boolean isComplete() {
      return areAll && next == runs.size();
    }

    /** The next calls; none where the next runs have none. */
    public List<PastCall> page() {
      List<NamedRun> some = runs.subList(next, Math.min(runs.size(), next + RUNS_AT_ONCE));
      Map<Long, Integer> places = new HashMap<>();
      some.forEach(run -> places.put(run.id, places.size()));
      List<PastCall> page = new ArrayList<>();
      int[] last = {0, NONE};
      long[] characters = {0};
      sql.statement(CALLS)
          .within(PATIENCE)
          .with("ids", "bigint", places.keySet())
          .with("run", some.getFirst().id)
          .with("seq", seq)
          .with("tools", "text", tools)
          .with("longest", LONGEST)
          .with("most_bytes", MOST_BYTES)
          .each(
              row -> {
                int place = Objects.requireNonNull(places.get(row.number("run_id")));
                NamedRun run = some.get(place);
                String entry = row.textOrNull("entry");
                page.add(
                    new PastCall(next + place + 1, run.task, run.name, row.text("tool"), entry));
                characters[0] += entry == null ? 0 : entry.length();
                last[0] = place;
                last[1] = row.integer("seq");
              });
      // A character has three bytes at most.
      boolean isLast = page.size() < CALLS_AT_ONCE && characters[0] < MOST_BYTES / 3;
      next += isLast ? some.size() : last[0];
      seq = isLast ? NONE : last[1];
      calls += page.size();
      return page;
    }
  }
}
