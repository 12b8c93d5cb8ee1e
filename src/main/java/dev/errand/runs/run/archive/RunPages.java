package dev.errand.runs.run.archive;

import dev.errand.runs.queue.RunSql;
import dev.errand.runs.queue.record.RunEntries;
import dev.errand.runs.queue.record.RunStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/** Reads of runs what their watchers want to know: some entries at a time, and how they stand. */
@ApplicationScoped
public class RunPages {
  private static final int MOST_ENTRIES = 100;
  private static final int MOST_BYTES = 256 * 1024;

  // One statement sees one state: an ended run has all the entries that it counts. The first entry
  // is in the page, however large it is.
  private static final String PAGE =
      """
      SELECT run.status, run.entry_count, page.entry
      FROM run LEFT JOIN LATERAL (
        SELECT seq, entry, sum(octet_length(entry)) OVER (ORDER BY seq) - octet_length(entry) AS before
        FROM (SELECT seq, entry FROM run_entry WHERE run_id = run.id AND seq >= ?
          ORDER BY seq LIMIT ?) AS next) AS page ON page.before < ?
      WHERE run.id = ?
      ORDER BY page.seq
      """;

  private static final String STATES = "SELECT id, status, entry_count FROM run WHERE id = ANY (?)";

  private final DataSource database;

  public RunPages(DataSource database) {
    this.database = database;
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
    return RunSql.with(
        database,
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(PAGE)) {
            select.setInt(1, from);
            select.setInt(2, MOST_ENTRIES);
            select.setInt(3, MOST_BYTES);
            select.setLong(4, runId);
            try (ResultSet rows = select.executeQuery()) {
              if (!rows.next()) {
                return Optional.empty();
              }
              RunStatus status = RunStatus.of(rows.getString("status"));
              int count = rows.getInt("entry_count");
              List<String> entries = new ArrayList<>();
              do {
                String entry = rows.getString("entry");
                if (entry != null) {
                  entries.add(RunEntries.shown(entry));
                }
              } while (rows.next());
              return Optional.of(new RunPage(from, entries, status, count));
            }
          }
        });
  }

  /** How a run stands; empty where it is gone. */
  public Optional<State> state(long runId) {
    return RunSql.with(
        database, connection -> Optional.ofNullable(states(connection, List.of(runId)).get(runId)));
  }

  /** How runs stand, by run; what is gone is not in it. */
  public Map<Long, State> states(Connection connection, Collection<Long> runIds)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(STATES)) {
      select.setArray(1, connection.createArrayOf("bigint", runIds.toArray()));
      try (ResultSet rows = select.executeQuery()) {
        Map<Long, State> states = new HashMap<>();
        while (rows.next()) {
          states.put(
              rows.getLong("id"),
              new State(RunStatus.of(rows.getString("status")), rows.getInt("entry_count")));
        }
        return states;
      }
    }
  }
}
