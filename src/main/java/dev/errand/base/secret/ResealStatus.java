package dev.errand.base.secret;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far sealing everything with the newest master key, and for its server, has come.
 *
 * @param startedAt when it began; null where it never has
 * @param finishedAt when it ended; null while it is under way
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
@ApiSchema("Resealing")
public record ResealStatus(
    @Field("How many values older keys had sealed, or were bound to no server, " + "when it began.")
        long total,
    @Field long done,
    @Field(
            "How many values can't be opened: no configured key sealed them, or "
                + "they were altered or put back.")
        long failed,
    @Field @Nullable Instant startedAt,
    @Field @Nullable Instant finishedAt,
    @Field(
            "How many processes that execute runs do not have the newest key, or "
                + "are of a version before 0.2.0. Until there are none, nothing "
                + "is\nresealed.\n")
        long workersWithoutKey,
    @Field(
            "Whether `ERRAND_SECRET_PREVIOUS_KEYS` are no longer needed: they seal "
                + "no value, and every process has the newest key.")
        boolean mayDropPreviousKeys,
    @Field(
            "Whether keys and credentials open for the server that they were "
                + "stored for alone. It is false on a database that began with a "
                + "version\nbefore 0.2.0, until everything is resealed.\n")
        boolean keysBound) {}
