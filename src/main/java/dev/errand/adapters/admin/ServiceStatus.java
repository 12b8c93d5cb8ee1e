package dev.errand.adapters.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.database.Row;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.runs.queue.QueueDepth;
import dev.errand.runs.worker.WorkerProcess;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of the service.
 *
 * @param version the version of the process that answers
 */
@RegisterForReflection
@ApiSchema("ServiceStatus")
public record ServiceStatus(
    @Field String version,
    @Field Queue queue,
    @Field(
            "The processes that execute runs in the background and were seen "
                + "within the last minute.")
        List<WorkerProcess> workers,
    @Field Database database,
    @Field("The master keys that the process knows, by the first characters of " + "their digests.")
        Keys keys) {

  /** The queue. */
  @RegisterForReflection
  public record Queue(
      @Field("Waiting runs, including those scheduled for later.") long pending,
      @Field long running,
      @Field(
              "How long the oldest due run has waited, without runs that wait for "
                  + "the concurrency of their task.")
          long ageSeconds) {
    static Queue of(QueueDepth depth) {
      return new Queue(depth.pending(), depth.running(), depth.age().toSeconds());
    }
  }

  /** The database. */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Database(
      @Field String version,
      @Field long bytes,
      @Field long connections,
      @Field("The number of the last migration.") @Nullable String schema) {
    static Database of(Row row, @Nullable String schema) {
      return new Database(
          row.text("version"), row.number("bytes"), row.number("connections"), schema);
    }
  }

  /**
   * The master keys, by the beginnings of their digests.
   *
   * @param newest the one that seals
   * @param previous those that only open
   */
  @RegisterForReflection
  public record Keys(@Field String newest, @Field List<String> previous) {}
}
