package dev.errand.runs.worker;

import dev.errand.base.field.Field;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;

/**
 * A process that works through the queue in the background.
 *
 * @param name its host and its process id there
 */
@RegisterForReflection
public record WorkerProcess(
    @Field String name,
    @Field String version,
    @Field(
            "The most runs that it holds at the same time, those that wait for a "
                + "model included.")
        int capacity,
    @Field int busy,
    @Field Instant startedAt,
    @Field Instant seenAt) {}
