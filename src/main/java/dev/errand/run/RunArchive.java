package dev.errand.run;

import dev.errand.error.ApiException;
import dev.errand.error.ErrorCode;
import dev.errand.task.Task;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** Reads runs and their entries. */
@ApplicationScoped
public class RunArchive {
  private static final String ONE = "SELECT * FROM run WHERE task_id = ? AND name = ?";

  private static final String BY_ID = "SELECT * FROM run WHERE id = ?";

  private static final String NEWEST =
      "SELECT * FROM run WHERE task_id = ? ORDER BY id DESC LIMIT ?";

  private static final String ENTRIES =
      "SELECT run_id, entry FROM run_entry WHERE run_id = ANY (?) ORDER BY run_id, seq";

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
   * @throws ApiException {@link ErrorCode#RUN_NOT_FOUND}
   */
  public Run require(Task task, String name) {
    return find(task.id, name)
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

  /** The task's runs, newest first. */
  public List<Run> newest(UUID taskId, int most) {
    return RunSql.with(
        database,
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(NEWEST)) {
            select.setObject(1, taskId);
            select.setInt(2, most);
            try (ResultSet rows = select.executeQuery()) {
              List<Run> runs = new ArrayList<>();
              while (rows.next()) {
                runs.add(RunSql.run(rows));
              }
              return runs;
            }
          }
        });
  }

  /** The entries of a run in order, each a JSON object. */
  public List<String> entries(long runId) {
    return entries(List.of(runId)).getOrDefault(runId, List.of());
  }

  /** The entries of several runs, by run. */
  public Map<Long, List<String>> entries(List<Long> runIds) {
    return RunSql.with(
        database,
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(ENTRIES)) {
            select.setArray(1, connection.createArrayOf("bigint", runIds.toArray()));
            try (ResultSet rows = select.executeQuery()) {
              Map<Long, List<String>> entries = new LinkedHashMap<>();
              while (rows.next()) {
                entries
                    .computeIfAbsent(rows.getLong("run_id"), id -> new ArrayList<>())
                    .add(rows.getString("entry"));
              }
              return entries;
            }
          }
        });
  }

  /** Entries as one JSON array. */
  public static String array(List<String> entries) {
    return entries.stream().collect(Collectors.joining(",", "[", "]"));
  }
}
