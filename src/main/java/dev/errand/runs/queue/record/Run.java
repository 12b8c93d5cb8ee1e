package dev.errand.runs.queue.record;

import dev.errand.base.database.Row;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run as it is kept. What is JSON in the database is JSON here.
 *
 * @param id its number, in the order of creation
 * @param taskId the task
 * @param name its name, unique in the task
 * @param status where it stands
 * @param parameters a JSON object
 * @param output the last message's text, when it is ready
 * @param finishReason why that message is not all of the model's answer, where something says so
 * @param errorCode why it ended without one
 * @param errorMessage a sentence that says so
 * @param trigger what started it, a JSON object
 * @param attempt how often it was claimed
 * @param depth how many runs stand above it
 * @param usage what it has used, a JSON object
 * @param entryCount how many entries it has
 * @param createdAt when it was triggered
 * @param modifiedAt when it last changed
 * @param scheduledAt for when it was meant, where somebody said so
 * @param meantFor for when it was meant at first; being postponed does not change it
 * @param startedAt when it was first claimed
 * @param finishedAt when it ended
 */
public record Run(
    long id,
    UUID taskId,
    String name,
    RunStatus status,
    String parameters,
    @Nullable String output,
    @Nullable String finishReason,
    @Nullable String errorCode,
    @Nullable String errorMessage,
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
    @Nullable Instant finishedAt) {

  /** Reads a row of the table of runs. */
  public static Run of(Row row) {
    return new Run(
        row.number("id"),
        row.id("task_id"),
        row.text("name"),
        RunStatus.of(row.text("status")),
        row.text("parameters"),
        row.textOrNull("output"),
        row.textOrNull("finish_reason"),
        row.textOrNull("error_code"),
        row.textOrNull("error_message"),
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
        row.timeOrNull("finished_at"));
  }
}
