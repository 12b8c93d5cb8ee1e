package dev.errand.runs.queue.record;

import dev.errand.base.database.Row;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A worker's hold on a run. Whatever the worker writes names the claim's attempt, so that a worker
 * that lost the run can't touch it any more.
 *
 * @param runId the run
 * @param attempt the attempt that this claim began
 * @param taskId the run's task
 * @param profileId the run's profile
 * @param name the run's name
 * @param task the task's name
 * @param profile the profile, as in {@code user/name}
 * @param assignment what was fixed at the trigger, a JSON object
 * @param servlets the content address of each installation at the trigger, a JSON object by
 *     installation id
 * @param entryCount how many entries it has
 * @param usage what earlier attempts used, a JSON object
 * @param startedAt when the run was first claimed
 * @param traceparent what asked for it, as a trace tells of it; null where nothing was traced
 */
public record Claim(
    long runId,
    int attempt,
    UUID taskId,
    UUID profileId,
    String name,
    String task,
    String profile,
    String assignment,
    String servlets,
    int entryCount,
    String usage,
    Instant startedAt,
    @Nullable String traceparent) {

  /** Reads a row of what was claimed. */
  public static Claim of(Row row) {
    return new Claim(
        row.number("id"),
        row.integer("attempt"),
        row.id("task_id"),
        row.id("profile_id"),
        row.text("name"),
        row.text("task"),
        row.text("profile"),
        row.text("assignment"),
        row.text("servlets"),
        row.integer("entry_count"),
        row.text("usage"),
        row.time("started_at"),
        row.textOrNull("traceparent"));
  }
}
