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

/** Reads of runs what their watchers want to know: some entries at a time, and how they stand. */
@ApplicationScoped
public class RunPages {
  private static final int MOST_ENTRIES = 100;
  private static final int MOST_BYTES = 256 * 1024;

  private final Sql sql;

  public RunPages(Sql sql) {
    this.sql = sql;
  }

  /**
   * How a run stands.
   *
   * @param status its status
   * @param count how many entries it has
   */
  public record State(RunStatus status, int count) {}

  /** The entries of a run from that number on, as many as a page has; empty where it is gone. */
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

  /** How a run stands; empty where it is gone. */
  public Optional<State> state(long runId) {
    return Optional.ofNullable(states(sql, List.of(runId)).get(runId));
  }

  /** How runs stand, by run; what is gone is not in it. */
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
