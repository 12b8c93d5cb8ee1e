package dev.errand.runs.run.archive;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.runs.queue.record.RunEntries;
import dev.errand.runs.queue.record.RunStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Reads runs for watchers: pages of entries, and statuses. */
@ApplicationScoped
public class RunPages {
  private static final int MOST_ENTRIES = 100;
  private static final int MOST_BYTES = 256 * 1024;

  private final Sql sql;

  public RunPages(Sql sql) {
    this.sql = sql;
  }

  /**
   * The state of a run.
   *
   * @param status its status
   * @param count how many entries the run has
   */
  public record State(RunStatus status, int count) {}

  /** A page of a run's entries from that number on; empty if the run was removed. */
  public Optional<RunPage> page(long runId, int from) {
    List<String> entries = new ArrayList<>();
    AtomicReference<@Nullable State> state = new AtomicReference<>();
    sql.statement(ArchiveStatements.PAGE)
        .with("from", from)
        .with("most_entries", MOST_ENTRIES)
        .with("most_bytes", MOST_BYTES)
        .with("id", runId)
        .each(
            row -> {
              state.setPlain(state(row));
              String entry = row.textOrNull("entry");
              if (entry != null) {
                entries.add(RunEntries.shown(entry));
              }
            });
    State of = state.getPlain();
    return of == null
        ? Optional.empty()
        : Optional.of(new RunPage(from, entries, of.status(), of.count()));
  }

  /** The state of a run; empty if the run was removed. */
  public Optional<State> state(long runId) {
    return Optional.ofNullable(states(sql, List.of(runId)).get(runId));
  }

  /** The states of runs, by run id; runs that were removed are left out. */
  public static Map<Long, State> states(Sql sql, Collection<Long> runIds) {
    Map<Long, State> states = new HashMap<>();
    sql.statement(ArchiveStatements.STATES)
        .with("ids", "bigint", runIds)
        .each(row -> states.put(row.number("id"), state(row)));
    return states;
  }

  private static State state(Row row) {
    return new State(RunStatus.of(row.text("status")), row.integer("entry_count"));
  }
}
