package dev.errand.runs.process;

import dev.errand.base.background.PeriodicJobs;
import dev.errand.base.database.DatabaseException;
import dev.errand.base.database.Sql;
import dev.errand.base.secret.SecretBox;
import dev.errand.runs.worker.Worker;
import dev.errand.runs.worker.WorkerConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Says from time to time that this process works the queue and which master keys it knows, and
 * lists those that do. One that has said nothing for a minute is taken for gone. Where work is done
 * on request alone, there are none.
 */
@ApplicationScoped
public class WorkerProcesses {
  private static final Logger LOG = Logger.getLogger(WorkerProcesses.class);
  private static final Duration EVERY = Duration.ofSeconds(10);
  static final Duration LONGEST_SILENCE = Duration.ofMinutes(1);
  private static final Duration LONGEST_LEAVE = Duration.ofSeconds(1);

  private static final String REPORT =
      """
      INSERT INTO worker_process
        (id, name, version, capacity, busy, started_at, seen_at, master_keys)
      VALUES (:id, :name, :version, :capacity, :busy, :started_at, now(), :master_keys)
      ON CONFLICT (id) DO UPDATE SET busy = EXCLUDED.busy, seen_at = EXCLUDED.seen_at
      """;

  // By the database's clock, which all processes share.
  static final String SINCE = "now() - :silence_ms * interval '1 millisecond'";

  private static final String FORGET = "DELETE FROM worker_process WHERE seen_at < " + SINCE;

  // Few: what was silent for a minute is deleted.
  private static final String LIST =
      """
      SELECT name, version, capacity, busy, started_at, seen_at FROM worker_process
      WHERE seen_at >= %s ORDER BY name, started_at LIMIT :most
      """
          .formatted(SINCE);

  private static final String LEAVE = "DELETE FROM worker_process WHERE id = :id";

  private final UUID id = UUID.randomUUID();
  private final Sql sql;
  private final Worker worker;
  private final WorkerConfig config;
  private final PeriodicJobs jobs;
  private final SecretBox secrets;
  private final String version;
  private final Instant startedAt;

  WorkerProcesses(
      Sql sql,
      Clock clock,
      Worker worker,
      WorkerConfig config,
      PeriodicJobs jobs,
      SecretBox secrets,
      @ConfigProperty(name = "quarkus.application.version", defaultValue = "0") String version) {
    this.sql = sql;
    this.worker = worker;
    this.config = config;
    this.jobs = jobs;
    this.secrets = secrets;
    this.version = version;
    this.startedAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  // After FirstStart, which sets up the database.
  void start(@Observes @Priority(Integer.MAX_VALUE - 1000) StartupEvent event) {
    if (config.mode() == WorkerConfig.Mode.LOOP) {
      // At once, as others have to know of a master key before it seals anything here.
      try {
        report();
      } catch (DatabaseException e) {
        LOG.warnf("The others were not told yet that this process is there: %s", e.reason());
      }
      jobs.every("worker-report", EVERY, this::report);
    }
  }

  // Else a minute would pass before the others take it for gone.
  void stop(@Observes ShutdownEvent event) {
    if (config.mode() == WorkerConfig.Mode.LOOP) {
      try {
        sql.statement(LEAVE).with("id", id).within(LONGEST_LEAVE).run();
      } catch (DatabaseException e) {
        LOG.debugf("The others were not told that this process stops: %s", e.reason());
      }
    }
  }

  private void report() {
    sql.statement(FORGET).with("silence_ms", LONGEST_SILENCE.toMillis()).run();
    sql.statement(REPORT)
        .with("id", id)
        .with("name", name())
        .with("version", version)
        .with("capacity", config.concurrency())
        .with("busy", Math.max(0, config.concurrency() - worker.room()))
        .with("started_at", startedAt)
        .with("master_keys", "text", secrets.keyIds())
        .run();
  }

  /**
   * The processes that work the queue, by name.
   *
   * @param most how many at most
   */
  public List<WorkerProcess> list(int most) {
    return sql.statement(LIST)
        .with("silence_ms", LONGEST_SILENCE.toMillis())
        .with("most", most)
        .list(WorkerProcess::of);
  }

  private static String name() {
    String host =
        Optional.ofNullable(System.getenv("HOSTNAME"))
            .filter(text -> !text.isBlank())
            .orElse("process");
    return host + "/" + ProcessHandle.current().pid();
  }
}
