package dev.errand.automation.watch;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a look at a condition finds: what is expected now, and what the runs of the task did. Each
 * condition needs some of it.
 *
 * @param wanted what the settings say now; null for nothing
 * @param isDeleted whether the task was deleted
 * @param isExpected whether something is expected: the task is enabled, and neither its profile nor
 *     all its schedules are paused
 * @param readyAt when a run became ready last; null for never
 * @param firstReadyAt when the first run became ready that counts; null for never, or where so many
 *     did that it is not known
 * @param live the live run that has been due for longest; null for none
 * @param dueAt when that run was due
 * @param errors how many runs failed one after the other, the newest ones
 * @param errorsSince when the first of these ended
 * @param lastError the newest of these
 */
@RegisterForReflection
record WatchFacts(
    @Nullable String wanted,
    boolean isDeleted,
    boolean isExpected,
    @Nullable Instant readyAt,
    @Nullable Instant firstReadyAt,
    @Nullable String live,
    @Nullable Instant dueAt,
    int errors,
    @Nullable Instant errorsSince,
    @Nullable String lastError) {}
