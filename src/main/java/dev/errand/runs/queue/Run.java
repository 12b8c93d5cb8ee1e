package dev.errand.runs.queue;

import dev.errand.base.database.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table of runs. JSON columns are strings of JSON here.
 *
 * @param id its id; ids grow in the order of creation
 * @param name its name, unique in the task
 * @param parameters a JSON object
 * @param outputBytes the size of the whole output in bytes, where it is read in part; null where it
 *     is read as a whole
 * @param hasResult whether its output is JSON that fits the schema of its task
 * @param finishReason why that message is not the whole answer of the model; null where it is
 * @param warnings the codes of the warnings among its entries, each once
 * @param trigger what started it, a JSON object
 * @param depth how many ancestors it has: runs that started it, directly or through others
 * @param usage its usage so far, a JSON object
 * @param scheduledAt the time it is scheduled for; null where no time was given
 * @param meantFor the time it was first scheduled for, which postponing does not change; null where
 *     no time was given
 * @param laterTries how often it was put off to a later try, since its model could not be reached
 * @param waitsSince since when it waits for persons, until a worker takes it up again, or waited
 *     when it ended; null where it does not
 * @param waited how long it waited for persons before
 * @param waits what it waits for where a person must decide; null where it does not
 */
public record Run(
    long id,
    UUID taskId,
    String name,
    RunStatus status,
    String parameters,
    @Nullable String output,
    @Nullable Integer outputBytes,
    boolean hasResult,
    @Nullable String finishReason,
    @Nullable String errorCode,
    @Nullable String errorMessage,
    List<String> warnings,
    String trigger,
    int attempt,
    int depth,
    String usage,
    int entryCount,
    Instant createdAt,
    Instant modifiedAt,
    @Nullable Instant scheduledAt,
    @Nullable Instant meantFor,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    int laterTries,
    @Nullable Instant waitsSince,
    Duration waited,
    @Nullable WaitsForApproval waits) {

  /**
   * What a pending run waits for whose tool calls a person must decide about.
   *
   * @param approvals their ids
   * @param since since when it waits
   * @param until when the first of them expires
   * @param reason {@code may_have_run} where a call was begun before; null otherwise
   */
  public record WaitsForApproval(
      List<UUID> approvals, Instant since, Instant until, @Nullable String reason) {
    private static @Nullable WaitsForApproval of(Row row) {
      Instant until = row.timeOrNull("waits_until");
      return until == null
          ? null
          : new WaitsForApproval(
              row.texts("waits_for").stream().map(UUID::fromString).toList(),
              row.time("waits_since"),
              until,
              row.textOrNull("waits_reason"));
    }
  }

  /**
   * Its output as JSON, where its task has a schema for it; null where it has none, or was read in
   * part.
   */
  public @Nullable String result() {
    return hasResult && outputBytes == null ? output : null;
  }

  /** The time of its next try, while it waits for that; null where it does not. */
  public @Nullable Instant nextTry() {
    return status == RunStatus.PENDING && laterTries > 0 && startedAt == null ? scheduledAt : null;
  }

  /** Whether it waits until a person decides about a tool call. */
  public boolean isWaitingForPerson() {
    return status == RunStatus.PENDING && waits != null;
  }

  /**
   * How long it has taken since it was first claimed, without the time that it waited for persons;
   * null before that.
   *
   * @param now until when, for a run that is under way
   */
  public @Nullable Duration took(Instant now) {
    if (startedAt == null) {
      return null;
    }
    Instant worked =
        Objects.requireNonNullElse(waitsSince, Objects.requireNonNullElse(finishedAt, now));
    Duration took = Duration.between(startedAt, worked).minus(waited);
    return took.isNegative() ? Duration.ZERO : took;
  }

  /** A run, from all columns of the table. */
  public static Run of(Row row) {
    return of(row, null);
  }

  /** A run of a list, from a row that has {@code output_bytes} as well. */
  public static Run listed(Row row) {
    return of(row, row.integerOrNull("output_bytes"));
  }

  private static Run of(Row row, @Nullable Integer outputBytes) {
    return new Run(
        row.number("id"),
        row.id("task_id"),
        row.text("name"),
        RunStatus.of(row.text("status")),
        row.text("parameters"),
        row.textOrNull("output"),
        outputBytes,
        row.flag("has_result"),
        row.textOrNull("finish_reason"),
        row.textOrNull("error_code"),
        row.textOrNull("error_message"),
        row.texts("warnings"),
        row.text("trigger"),
        row.integer("attempt"),
        row.integer("depth"),
        row.text("usage"),
        row.integer("entry_count"),
        row.time("created_at"),
        row.time("modified_at"),
        row.timeOrNull("scheduled_at"),
        row.timeOrNull("meant_for"),
        row.timeOrNull("started_at"),
        row.timeOrNull("finished_at"),
        row.integer("later_tries"),
        row.timeOrNull("waits_since"),
        row.length("waited"),
        WaitsForApproval.of(row));
  }
}
