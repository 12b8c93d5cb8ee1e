package dev.errand.runs.queue;

import dev.errand.base.database.Sql;
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
  private final Sql sql;

  RunStatuses(Sql sql) {
    this.sql = sql;
  }

  public record RunKey(UUID taskId, String name) {}

  /**
   * The status of a run.
   *
   * @param errorCode why it failed; null where it did not
   * @param warnings the codes of the warnings among its entries, each once
   * @param nextTry the time of its next try, while it waits for that; null where it does not
   */
  public record RunOutcome(
      RunStatus status,
      @Nullable String errorCode,
      List<String> warnings,
      @Nullable Instant nextTry) {}

  /** The outcome of each run; a run that does not exist is left out. */
  public Map<RunKey, RunOutcome> of(Collection<RunKey> runs) {
    if (runs.isEmpty()) {
      return Map.of();
    }
    Map<RunKey, RunOutcome> outcomes = new HashMap<>();
    sql.statement(RunStatements.OUTCOMES)
        .with("task_ids", "uuid", runs, RunKey::taskId)
        .with("names", "text", runs, RunKey::name)
        .each(
            row ->
                outcomes.put(
                    new RunKey(row.id("task_id"), row.text("name")),
                    new RunOutcome(
                        RunStatus.of(row.text("status")),
                        row.textOrNull("error_code"),
                        row.texts("warnings"),
                        row.timeOrNull("next_try"))));
    return outcomes;
  }
}
