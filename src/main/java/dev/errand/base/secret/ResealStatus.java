package dev.errand.base.secret;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far sealing everything with the newest master key, and for its server, has come.
 *
 * @param total how many values had to be sealed when it began, or have to be now where it has not
 * @param failed how many can't be opened with any configured key
 * @param startedAt when it began; null where it never has
 * @param finishedAt when it ended; null while it is under way
 * @param workersWithoutKey how many processes that work through the queue do not have the newest
 *     key, or are of a version that seals for no server; while there are any, nothing is resealed
 * @param mayDropPreviousKeys whether all values are sealed with the newest key, and every such
 *     process has it
 * @param keysBound whether what is sent to a server opens for that server only
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ResealStatus(
    long total,
    long done,
    long failed,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    long workersWithoutKey,
    boolean mayDropPreviousKeys,
    boolean keysBound) {}
