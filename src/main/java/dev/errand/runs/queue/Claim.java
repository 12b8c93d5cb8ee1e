package dev.errand.runs.queue;

import dev.errand.base.database.Row;
import dev.errand.base.limit.ElapsedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A worker's claim on a run. Each write of the worker names the claim's attempt, so a worker that
 * has lost the run can no longer change it.
 *
 * @param profile the profile, as in {@code user/name}
 * @param assignment the task's settings as they were at the start, a JSON object
 * @param servlets the content address of each installation at the start, a JSON object by
 *     installation id
 * @param usage the usage of earlier attempts, a JSON object
 * @param dueAt when it was requested, or the time from which it may be executed where that is later
 * @param startedAt when it began, later by the time that it waited for persons, by the database's
 *     clock
 * @param began the same moment by the {@link ElapsedClock} of this process: how long ago it was is
 *     computed with the database's clock alone, and from the claim on measured here
 * @param laterTries how often it was put off to a later try
 * @param hasApprovals whether persons were asked about its tool calls
 * @param traceparent the trace context of the request that started it; null without tracing
 * @param isInSeveralProfiles whether a run above it is of another profile
 */
public record Claim(
    long runId,
    int attempt,
    UUID taskId,
    UUID profileId,
    UUID ownerId,
    String name,
    String task,
    String profile,
    String assignment,
    String servlets,
    int depth,
    int entryCount,
    String usage,
    Instant dueAt,
    Instant startedAt,
    Instant began,
    int laterTries,
    boolean hasApprovals,
    @Nullable String traceparent,
    boolean isInSeveralProfiles) {
  /** The SQL of {@code in_several_profiles}, of a run's row. */
  static final String IN_SEVERAL_PROFILES =
      "coalesce(%1$s.profile_id <> ANY (%1$s.profiles_above), false) AS in_several_profiles";

  /** Reads a claim that has just been made. */
  public static Claim of(Row row) {
    Instant startedAt = row.time("started_at");
    Duration used = Duration.between(startedAt, row.time("claimed_at"));
    // The database's clock may have been set back.
    Instant began = ElapsedClock.now().minus(used.isNegative() ? Duration.ZERO : used);
    return new Claim(
        row.number("id"),
        row.integer("attempt"),
        row.id("task_id"),
        row.id("profile_id"),
        row.id("owner_id"),
        row.text("name"),
        row.text("task"),
        row.text("profile"),
        row.text("assignment"),
        row.text("servlets"),
        row.integer("depth"),
        row.integer("entry_count"),
        row.text("usage"),
        row.time("due_at"),
        startedAt,
        began,
        row.integer("later_tries"),
        row.flag("has_approvals"),
        row.textOrNull("traceparent"),
        row.flag("in_several_profiles"));
  }
}
