package dev.errand.base.secret.reseal;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far sealing everything with the newest master key has come.
 *
 * @param total how many values other keys had sealed when it began, or have now where it has not
 * @param done how many of them are sealed with the newest key
 * @param failed how many can't be opened with any configured key
 * @param startedAt when it began; null where it never has
 * @param finishedAt when it ended; null while it is under way
 * @param workersWithoutKey how many processes that work through the queue do not have the newest
 *     key; while there are any, nothing is resealed
 * @param mayDropPreviousKeys whether all values are sealed with the newest key, and every such
 *     process has it
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
    boolean mayDropPreviousKeys) {}
