package dev.errand.runs.history;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.limit.BoundedPages.Part;
import dev.errand.base.limit.BoundedPages.Rows;
import dev.errand.base.turn.WorkOwner;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunStatus;
import dev.errand.runs.task.TaskSnapshot;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Reads runs and their entries from the database. */
@ApplicationScoped
public class RunArchive {
  private final Sql sql;
  private final EntryReader reader;

  RunArchive(Sql sql, EntryReader reader) {
    this.sql = sql;
    this.reader = reader;
  }

  /** Finds the task's run of that name, without its parameters and its output. */
  public Optional<Run> find(UUID taskId, String name) {
    return sql.statement(ArchiveStatements.ONE)
        .with("task_id", taskId)
        .by("name", name)
        .first(Run.class);
  }

  /**
   * Finds the task's run of that name, without its parameters and its output: {@link RunReader}
   * reads these.
   *
   * @throws ApiException {@link ErrorCode#RUN_GONE} when it was removed; its name stays reserved
   */
  public Optional<Run> known(TaskSnapshot task, String name) {
    return sql.statement(ArchiveStatements.ONE_OR_GONE)
        .with("task_id", task.id())
        .by("name", name)
        .one(row -> found(row, task, name));
  }

  /**
   * Finds the task's run of that name, as far as it fits.
   *
   * @param texts what is read of it
   * @throws ApiException {@link ErrorCode#RUN_GONE} as {@link #known(TaskSnapshot, String)}
   */
  Part<Optional<Run>, Integer> known(
      TaskSnapshot task, String name, ListedRuns texts, long mostBytes) {
    Rows<Optional<Run>> found = new Rows<>();
    sql.statement(ArchiveStatements.oneOrGone(texts))
        .with("task_id", task.id())
        .by("name", name)
        .with("most_bytes", mostBytes)
        .each(row -> found.add(row, each -> found(each, task, name)));
    return new Part<>(found, null);
  }

  private static Optional<Run> found(Row row, TaskSnapshot task, String name) {
    if (row.numberOrNull("id") != null) {
      return Optional.of(row.as(Run.class));
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
   * Finds the task's run of that name, which must exist, without its parameters and its output.
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

  /** A run with the beginning of its output where that is long. */
  public Optional<Run> briefly(long runId) {
    return sql.statement(ArchiveStatements.BRIEFLY)
        .with("id", runId)
        .with("most_bytes", Long.MAX_VALUE)
        .first(Run.class);
  }

  /** The profile of a run that has not ended; empty where there is no such run. */
  public Optional<UUID> liveProfileId(long runId) {
    return sql.statement(ArchiveStatements.LIVE_PROFILE)
        .with("id", runId)
        .first(row -> row.id("profile_id"));
  }

  /** Finds a run, without its parameters and its output. */
  public Optional<Run> find(long runId) {
    return sql.statement(ArchiveStatements.BY_ID).with("id", runId).first(Run.class);
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
        .each(row -> runs.add(row, each -> each.as(Run.class)));
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
  @RegisterForReflection
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
        .one(Fitting.class);
  }

  /** How many bytes the long parts of a run have; none for a run that was removed. */
  public RunSizes sizes(long runId) {
    return sql.statement(ArchiveStatements.SIZES)
        .with("id", runId)
        .first(RunSizes.class)
        .orElse(RunSizes.NONE);
  }

  /** The settings that were fixed when a run started, as JSON. */
  public String assignment(long runId) {
    return sql.statement(ArchiveStatements.ASSIGNMENT)
        .with("id", runId)
        .one(row -> row.text("assignment"));
  }

  /** How many bytes those settings have as JSON; 0 for a run that was removed. */
  public long sizeOfAssignment(long runId) {
    return sql.statement(ArchiveStatements.SIZE_OF_ASSIGNMENT)
        .with("id", runId)
        .first(row -> row.number("bytes"))
        .orElse(0L);
  }

  /** All entries of a run in order, each a JSON object as it is stored. */
  public List<String> entries(long runId) {
    return sql.statement(ArchiveStatements.ENTRIES)
        .with("run_id", runId)
        .list(row -> row.text("entry"));
  }

  /**
   * The first entries of a run in order, each as it is stored.
   *
   * @param count how many
   */
  public List<String> entries(long runId, int count) {
    return sql.statement(ArchiveStatements.FIRST_ENTRIES)
        .with("run_id", runId)
        .with("count", count)
        .list(row -> row.text("entry"));
  }

  /** How many bytes the first entries of a run have as they are stored. */
  public long sizeOfEntries(long runId, int count) {
    return sql.statement(ArchiveStatements.SIZE_OF_ENTRIES)
        .with("run_id", runId)
        .with("count", count)
        .one(row -> row.number("bytes"));
  }

  /**
   * The entries that the run had when it was read, as clients see them.
   *
   * @param owner who asks
   */
  public RunEntries entries(WorkOwner owner, Run run) {
    return RunEntries.of(reader, owner, run.id(), run.entryCount());
  }
}
