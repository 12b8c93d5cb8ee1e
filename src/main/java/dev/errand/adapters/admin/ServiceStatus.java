package dev.errand.adapters.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.database.Row;
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
public record ServiceStatus(
    String version, Queue queue, List<WorkerProcess> workers, Database database, Keys keys) {

  /**
   * The queue.
   *
   * @param pending runs that wait, including those scheduled for later
   * @param ageSeconds how long the oldest due run has been due; 0 where none is
   */
  @RegisterForReflection
  public record Queue(long pending, long running, long ageSeconds) {
    static Queue of(QueueDepth depth) {
      return new Queue(depth.pending(), depth.running(), depth.age().toSeconds());
    }
  }

  /**
   * The database.
   *
   * @param schema the number of the last migration; null where that can't be read
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Database(String version, long bytes, long connections, @Nullable String schema) {
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
  public record Keys(String newest, List<String> previous) {}
}
