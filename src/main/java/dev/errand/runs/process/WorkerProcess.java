package dev.errand.runs.process;

import dev.errand.base.database.Row;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;

/**
 * A process that works the queue in the background.
 *
 * @param name its host and the number of the process there
 * @param version the version of the service that it runs
 * @param capacity how many runs it works at the same time at most
 * @param busy how many it works now
 * @param startedAt since when
 * @param seenAt when it last said so
 */
@RegisterForReflection
public record WorkerProcess(
    String name, String version, int capacity, int busy, Instant startedAt, Instant seenAt) {
  static WorkerProcess of(Row row) {
    return new WorkerProcess(
        row.text("name"),
        row.text("version"),
        row.integer("capacity"),
        row.integer("busy"),
        row.time("started_at"),
        row.time("seen_at"));
  }
}
