package dev.errand.runs.history;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.limit.BoundedPages.Part;
import dev.errand.base.limit.BoundedPages.Rows;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunStatus;
import dev.errand.runs.task.TaskSnapshot;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads runs and their entries from the database. */
@ApplicationScoped
public class RunArchive {
  private final Sql sql;

  RunArchive(Sql sql) {
    this.sql = sql;
  }

  public Optional<Run> find(UUID taskId, String name) {
    if (name.indexOf('\0') >= 0) {
      // PostgreSQL's text can't contain NUL.
      return Optional.empty();
    }
    return sql.statement(ArchiveStatements.ONE)
        .with("task_id", taskId)
        .with("name", name)
        .first(Run::of);
  }

  /**
   * Finds the task's run of that name.
   *
   * @throws ApiException {@link ErrorCode#RUN_GONE} when it was removed; its name stays reserved
   */
  public Optional<Run> known(TaskSnapshot task, String name) {
    if (name.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    return sql.statement(ArchiveStatements.ONE_OR_GONE)
        .with("task_id", task.id())
        .with("name", name)
        .one(row -> found(row, task, name, Run::of));
  }

  /**
   * Finds the task's run of that name, as far as it fits.
   *
   * @param isWhole whether a long output is whole, and not cut
   * @throws ApiException {@link ErrorCode#RUN_GONE} as {@link #known(TaskSnapshot, String)}
   */
  public Part<Optional<Run>, Integer> known(
      TaskSnapshot task, String name, boolean isWhole, long mostBytes) {
    Rows<Optional<Run>> found = new Rows<>();
    if (name.indexOf('\0') < 0) {
      sql.statement(ArchiveStatements.oneOrGone(ListedRuns.of(isWhole)))
          .with("task_id", task.id())
          .with("name", name)
          .with("most_bytes", mostBytes)
          .each(row -> found.add(row, each -> found(each, task, name, Run::listed)));
    }
    return new Part<>(found, null);
  }

  private static Optional<Run> found(
      Row row, TaskSnapshot task, String name, Function<Row, Run> reader) {
    if (row.numberOrNull("id") != null) {
      return Optional.of(reader.apply(row));
    }
    if (row.timeOrNull("removed_at") != null) {
      throw new ApiException(
          ErrorCode.RUN_GONE,
          ("The run %s of the task %s ended long ago and was deleted. Its name stays"
                  + " reserved: use another one.")
              .formatted(name, task.name()));
    }
    return Optional.empty();
  }

  /**
   * Finds the task's run of that name, which must exist.
   *
   * @throws ApiException {@link ErrorCode#RUN_NOT_FOUND}, or {@link ErrorCode#RUN_GONE}
   */
  public Run require(TaskSnapshot task, String name) {
    return known(task, name).orElseThrow(() -> notFound(task, name));
  }

  /** The error of a run that there is not. */
  public static ApiException notFound(TaskSnapshot task, String name) {
    return new ApiException(
        ErrorCode.RUN_NOT_FOUND, "The task " + task.name() + " has no run " + name + ".");
  }

  public Optional<Run> find(long runId) {
    return sql.statement(ArchiveStatements.BY_ID).with("id", runId).first(Run::of);
  }

  /**
   * Some of a task's runs, newest first, as far as they fit into a number of bytes.
   *
   * @param areWhole whether long outputs are whole, and not cut
   */
  public Part<Run, Long> list(
      UUID taskId,
      Set<RunStatus> statuses,
      long before,
      int most,
      boolean areWhole,
      long mostBytes) {
    Rows<Run> runs = new Rows<>();
    sql.statement(ArchiveStatements.list(most + 1, ListedRuns.of(areWhole)))
        .with("statuses", "text", statuses, RunStatus::code)
        .with("task_id", taskId)
        .with("before", -before)
        .with("most_bytes", mostBytes)
        .each(row -> runs.add(row, Run::listed));
    return new Part<>(runs, runs.endAfter(most) ? runs.items().getLast().id() : null);
  }

  /** Whether a run of the task has or had that name, so that no other run can get it. */
  public boolean isTaken(UUID taskId, String name) {
    return sql.statement(ArchiveStatements.TAKEN)
        .with("task_id", taskId)
        .with("name", name)
        .one(row -> row.flag("taken"));
  }

  /**
   * How many runs, beginning with the first, have entries that fit; at least one.
   *
   * @param bytes the bytes of their entries
   */
  public record Fitting(int runs, long bytes) {}

  /**
   * How many runs, beginning with the first, have entries that fit into a number of bytes.
   *
   * @param runIds their ids; an unknown one has no entries
   */
  public Fitting fitting(List<Long> runIds, long mostBytes) {
    return sql.statement(ArchiveStatements.FITTING)
        .with("ids", "bigint", runIds)
        .with("most_bytes", mostBytes)
        .one(row -> new Fitting(row.integer("runs"), row.number("bytes")));
  }

  /** The settings that were fixed when a run started, as JSON. */
  public String assignment(long runId) {
    return sql.statement(ArchiveStatements.ASSIGNMENT)
        .with("id", runId)
        .one(row -> row.text("assignment"));
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

  // Leaves out entries that were added after the run was read: they would not match its status.
  // Entries are only ever added.
  private Map<Long, List<String>> entries(Map<Long, Integer> counts) {
    Map<Long, List<String>> entries = new LinkedHashMap<>();
    sql.statement(ArchiveStatements.ENTRIES)
        .with("ids", "bigint", counts.keySet())
        .each(
            row -> {
              long id = row.number("run_id");
              if (row.integer("seq") < counts.getOrDefault(id, 0)) {
                entries.computeIfAbsent(id, run -> new ArrayList<>()).add(row.text("entry"));
              }
            });
    return entries;
  }

  /** The entries as one JSON array, as clients see it. */
  public static String array(List<String> entries) {
    return entries.stream().map(RunEntryCodec::shown).collect(Collectors.joining(",", "[", "]"));
  }
}
