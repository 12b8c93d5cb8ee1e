package dev.errand.runs.worker;

import dev.errand.base.database.Row;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;

/**
 * A process that works through the queue in the background.
 *
 * @param name its host and its process id there
 * @param capacity how many runs it can hold; 0 where it executes none
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
