package dev.errand.runs.queue;

import dev.errand.base.database.Sql;
import dev.errand.runs.entry.RunCause;
import dev.errand.runs.entry.RunCauseCodec;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the statuses of many runs, of any tasks, in one query. */
@ApplicationScoped
public class RunStatuses {
  // The two expressions are those of the index run_by_hand, which holds few runs.
  public static final String BY_HAND =
      """
      SELECT found.* FROM unnest(:task_ids::uuid[], :schedules::text[]) AS wanted (task_id, schedule)
      CROSS JOIN LATERAL (
        SELECT task_id, wanted.schedule, name, created_at, trigger, status, error_code, warnings,
          NULL::timestamptz AS next_try
        FROM run WHERE run.task_id = wanted.task_id
          AND position('@manual-' IN name) > 0 AND split_part(name, '@', 1) = wanted.schedule
        ORDER BY -id LIMIT :most) AS found
      WHERE created_at >= :from AND created_at < :until
      ORDER BY created_at DESC
      """;

  private final Sql sql;

  private final RunCauseCodec causes;

  RunStatuses(Sql sql, RunCauseCodec causes) {
    this.sql = sql;
    this.causes = causes;
  }

  @RegisterForReflection
  public record RunKey(UUID taskId, String name) {}

  /** What names a schedule in the names of its runs. */
  @RegisterForReflection
  public record ScheduleKey(UUID taskId, String schedule) {}

  /**
   * A run of a schedule that was started at once, by a person or a program.
   *
   * @param schedule the schedule of its name, which may be another one than that of now
   */
  public record RunByHand(
      ScheduleKey schedule, String name, Instant createdAt, RunCause cause, RunOutcome outcome) {}

  /**
   * The status of a run.
   *
   * @param errorCode why it failed; null where it did not
   * @param warnings the codes of the warnings among its entries, each once
   * @param nextTry the time of its next try, while it waits for that; null where it does not
   */
  @RegisterForReflection
  public record RunOutcome(
      RunStatus status,
      @Nullable String errorCode,
      List<String> warnings,
      @Nullable Instant nextTry) {}

  /**
   * The runs of schedules that were started by hand in a span, the newest first.
   *
   * @param most how many of the newest of each schedule are looked at
   * @param until the time after the last one
   */
  public List<RunByHand> byHand(
      Collection<ScheduleKey> schedules, Instant from, Instant until, int most) {
    return schedules.isEmpty()
        ? List.of()
        : sql.statement(BY_HAND)
            .with("task_ids", "uuid", schedules, ScheduleKey::taskId)
            .with("schedules", "text", schedules, ScheduleKey::schedule)
            .with("most", most)
            .with("from", from)
            .with("until", until)
            .list(
                row ->
                    new RunByHand(
                        row.as(ScheduleKey.class),
                        row.text("name"),
                        row.time("created_at"),
                        causes.read(row.text("trigger")),
                        row.as(RunOutcome.class)));
  }

  /** The outcome of each run; a run that does not exist is left out. */
  public Map<RunKey, RunOutcome> of(Collection<RunKey> runs) {
    if (runs.isEmpty()) {
      return Map.of();
    }
    Map<RunKey, RunOutcome> outcomes = new HashMap<>();
    sql.statement(RunStatements.OUTCOMES)
        .with("task_ids", "uuid", runs, RunKey::taskId)
        .with("names", "text", runs, RunKey::name)
        .each(row -> outcomes.put(row.as(RunKey.class), row.as(RunOutcome.class)));
    return outcomes;
  }
}
