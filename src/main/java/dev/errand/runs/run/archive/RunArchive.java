package dev.errand.runs.run.archive;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.runs.queue.RunSql;
import dev.errand.runs.queue.record.Run;
import dev.errand.runs.queue.record.RunEntries;
import dev.errand.runs.queue.record.RunStatus;
import dev.errand.runs.task.Task;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** Reads runs and their entries. */
@ApplicationScoped
public class RunArchive {
  private static final String ONE = "SELECT * FROM run WHERE task_id = ? AND name = ?";

  private static final String ONE_OR_GONE =
      """
      SELECT run.*, gone.removed_at FROM (SELECT ?::uuid AS task_id, ?::text AS name) AS asked
        LEFT JOIN run USING (task_id, name) LEFT JOIN run_tombstone AS gone USING (task_id, name)
      """;

  private static final String TAKEN =
      """
      SELECT EXISTS (SELECT FROM run WHERE task_id = ? AND name = ?)
        OR EXISTS (SELECT FROM run_tombstone WHERE task_id = ? AND name = ?)
      """;

  private static final String BY_ID = "SELECT * FROM run WHERE id = ?";

  // The limits are numbers in the text: for a parameter the planner would expect a tenth of the
  // table.
  static final String LIST =
      """
      SELECT page.* FROM unnest(?::text[]) AS wanted(status) CROSS JOIN LATERAL (
        SELECT id, task_id, name, status, parameters, output, finish_reason, error_code, error_message,
          trigger, attempt, depth, usage, entry_count, created_at, modified_at, scheduled_at, meant_for, started_at,
          finished_at
        FROM run WHERE task_id = ? AND run.status = wanted.status AND -id > ?
        ORDER BY -id LIMIT %1$d) AS page
      ORDER BY -page.id LIMIT %1$d
      """;

  private static final String SIZES =
      """
      SELECT run_id, sum(octet_length(entry)) FROM run_entry WHERE run_id = ANY (?) GROUP BY run_id
      """;

  private static final String ENTRIES =
      "SELECT run_id, seq, entry FROM run_entry WHERE run_id = ANY (?) ORDER BY run_id, seq";

  private final DataSource database;

  RunArchive(DataSource database) {
    this.database = database;
  }

  /** The task's run of that name. */
  public Optional<Run> find(UUID taskId, String name) {
    if (name.indexOf('\0') >= 0) {
      // The database has no text with NUL in it.
      return Optional.empty();
    }
    return RunSql.with(
        database,
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(ONE)) {
            select.setObject(1, taskId);
            select.setString(2, name);
            try (ResultSet row = select.executeQuery()) {
              return row.next() ? Optional.of(RunSql.run(row)) : Optional.empty();
            }
          }
        });
  }

  /**
   * The task's run of that name.
   *
   * @throws ApiException {@link ErrorCode#RUN_GONE} when it was removed, and no run takes its name
   */
  public Optional<Run> known(Task task, String name) {
    if (name.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    return RunSql.with(
        database,
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(ONE_OR_GONE)) {
            select.setObject(1, task.id);
            select.setString(2, name);
            try (ResultSet row = select.executeQuery()) {
              row.next();
              if (row.getObject("id") != null) {
                return Optional.of(RunSql.run(row));
              }
              if (row.getObject("removed_at") != null) {
                throw new ApiException(
                    ErrorCode.RUN_GONE,
                    "The run "
                        + name
                        + " of the task "
                        + task.name
                        + " ended long ago and was removed. Its name is kept: use another one.");
              }
              return Optional.empty();
            }
          }
        });
  }

  /**
   * The task's run of that name.
   *
   * @throws ApiException {@link ErrorCode#RUN_NOT_FOUND}, or {@link ErrorCode#RUN_GONE}
   */
  public Run require(Task task, String name) {
    return known(task, name)
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.RUN_NOT_FOUND,
                    "The task " + task.name + " has no run " + name + "."));
  }

  /** The run of that number. */
  public Optional<Run> find(long runId) {
    return RunSql.with(
        database,
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(BY_ID)) {
            select.setLong(1, runId);
            try (ResultSet row = select.executeQuery()) {
              return row.next() ? Optional.of(RunSql.run(row)) : Optional.empty();
            }
          }
        });
  }

  /**
   * Some of a task's runs.
   *
   * @param runs the runs, newest first
   * @param hasMore whether there are more after them
   */
  public record Listing(List<Run> runs, boolean hasMore) {}

  /**
   * The task's runs, newest first.
   *
   * @param statuses how they stand
   * @param before only runs with a lower number
   * @param most how many at most
   * @param mostBytes how many bytes their entries may have together; the first run is listed with
   *     however many
   */
  public Listing list(UUID taskId, Set<RunStatus> statuses, long before, int most, long mostBytes) {
    return RunSql.with(
        database,
        connection -> {
          List<Run> runs = new ArrayList<>();
          try (PreparedStatement select = connection.prepareStatement(LIST.formatted(most + 1))) {
            select.setArray(
                1,
                connection.createArrayOf("text", statuses.stream().map(RunStatus::code).toArray()));
            select.setObject(2, taskId);
            select.setLong(3, -before);
            try (ResultSet rows = select.executeQuery()) {
              while (rows.next()) {
                runs.add(RunSql.run(rows));
              }
            }
          }
          int fitting = Math.min(most, runs.size());
          if (mostBytes < Long.MAX_VALUE) {
            fitting = fitting(runs.subList(0, fitting), sizes(connection, runs), mostBytes);
          }
          return new Listing(List.copyOf(runs.subList(0, fitting)), fitting < runs.size());
        });
  }

  /** The task's newest runs, however they stand. */
  public List<Run> newest(UUID taskId, int most) {
    return list(taskId, EnumSet.allOf(RunStatus.class), Long.MAX_VALUE, most, Long.MAX_VALUE)
        .runs();
  }

  /** Whether no run of the task can take that name any more: one has it, or had it. */
  public boolean isTaken(UUID taskId, String name) {
    return RunSql.with(
        database,
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(TAKEN)) {
            for (int first : List.of(1, 3)) {
              select.setObject(first, taskId);
              select.setString(first + 1, name);
            }
            try (ResultSet row = select.executeQuery()) {
              return row.next() && row.getBoolean(1);
            }
          }
        });
  }

  private static int fitting(List<Run> runs, Map<Long, Long> sizes, long mostBytes) {
    long bytes = 0;
    int fitting = 0;
    for (Run run : runs) {
      bytes += sizes.getOrDefault(run.id(), 0L);
      if (fitting > 0 && bytes > mostBytes) {
        break;
      }
      fitting++;
    }
    return fitting;
  }

  private static Map<Long, Long> sizes(Connection connection, List<Run> runs) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(SIZES)) {
      select.setArray(1, connection.createArrayOf("bigint", runs.stream().map(Run::id).toArray()));
      try (ResultSet rows = select.executeQuery()) {
        Map<Long, Long> sizes = new HashMap<>();
        while (rows.next()) {
          sizes.put(rows.getLong(1), rows.getLong(2));
        }
        return sizes;
      }
    }
  }

  /** All entries of a run in order, each a JSON object. */
  public List<String> entries(long runId) {
    return entries(Map.of(runId, Integer.MAX_VALUE)).getOrDefault(runId, List.of());
  }

  /** The entries that the run had when it was read. */
  public List<String> entries(Run run) {
    return entries(List.of(run)).getOrDefault(run.id(), List.of());
  }

  /** The entries that each of several runs had when it was read, by run. */
  public Map<Long, List<String>> entries(List<Run> runs) {
    return entries(runs.stream().collect(Collectors.toMap(Run::id, Run::entryCount)));
  }

  // What was added since would tell of another state than the run does. Entries are only added.
  private Map<Long, List<String>> entries(Map<Long, Integer> counts) {
    return RunSql.with(
        database,
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(ENTRIES)) {
            select.setArray(1, connection.createArrayOf("bigint", counts.keySet().toArray()));
            try (ResultSet rows = select.executeQuery()) {
              Map<Long, List<String>> entries = new LinkedHashMap<>();
              while (rows.next()) {
                long id = rows.getLong("run_id");
                if (rows.getInt("seq") < counts.getOrDefault(id, 0)) {
                  entries
                      .computeIfAbsent(id, run -> new ArrayList<>())
                      .add(rows.getString("entry"));
                }
              }
              return entries;
            }
          }
        });
  }

  /** Entries as one JSON array, as a run shows them. */
  public static String array(List<String> entries) {
    return entries.stream().map(RunEntries::shown).collect(Collectors.joining(",", "[", "]"));
  }
}
