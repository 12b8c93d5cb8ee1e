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
 * @param failed how many no key opens that is named in the settings
 * @param startedAt when it began; null where it never has
 * @param finishedAt when it ended; null while it goes on
 * @param workersWithoutKey how many processes work the queue that were not told of the newest key;
 *     while there are some, nothing is sealed anew
 * @param mayDropPreviousKeys whether nothing is left that another key than the newest sealed, and
 *     there is no such process
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
