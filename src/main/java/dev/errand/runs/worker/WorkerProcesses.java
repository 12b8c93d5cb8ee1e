package dev.errand.runs.worker;

import dev.errand.base.background.PeriodicJobs;
import dev.errand.base.background.WorkMode;
import dev.errand.base.database.DatabaseException;
import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.base.secret.KeyHolders;
import dev.errand.base.secret.SecretBox;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Stores a heartbeat of this process with the master keys that it has, and lists the processes that
 * work through the queue. A process without a heartbeat for a minute counts as gone. In request
 * mode there are none.
 */
@ApplicationScoped
public class WorkerProcesses implements KeyHolders {
  private static final Logger LOG = Logger.getLogger(WorkerProcesses.class);
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(1);
  private static final Duration LONGEST_LEAVE = Duration.ofSeconds(1);

  private static final String REPORT =
      """
      INSERT INTO worker_process
        (id, name, version, capacity, busy, waiting, started_at, seen_at, master_keys)
      VALUES (:id, :name, :version, :capacity, :busy, :waiting, :started_at, now(), :master_keys)
      ON CONFLICT (id) DO UPDATE SET busy = EXCLUDED.busy, waiting = EXCLUDED.waiting,
        seen_at = EXCLUDED.seen_at
      """;

  // By the database's clock, which all processes share.
  private static final String SINCE = "now() - :silence_ms * interval '1 millisecond'";

  private static final String FORGET = "DELETE FROM worker_process WHERE seen_at < " + SINCE;

  // Few rows, since those without a heartbeat for a minute are deleted.
  private static final String LIST =
      """
      SELECT name, version, capacity, busy, started_at, seen_at FROM worker_process
      WHERE seen_at >= %s ORDER BY name, started_at LIMIT :most
      """
          .formatted(SINCE);

  // An older version does not store its keys.
  private static final String LACKING =
      """
      SELECT count(*) AS workers FROM worker_process
      WHERE seen_at >= %s AND NOT coalesce(master_keys, '{}') @> :keys::text[]
      """
          .formatted(SINCE);

  // The first one seals new values.
  private static final String SEAL_OTHERWISE =
      """
      SELECT EXISTS (
        SELECT FROM worker_process
        WHERE seen_at >= %s AND master_keys[1] <> ALL (:known)) AS otherwise
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
    this.startedAt = clock.instant();
  }

  // After FirstStart, which sets up the database.
  void start(@Observes @Priority(Integer.MAX_VALUE - 1000) StartupEvent event) {
    if (config.mode() == WorkMode.LOOP) {
      // At once, since other processes must have a master key before this one seals with it.
      try {
        report();
      } catch (DatabaseException e) {
        LOG.warnf("The heartbeat of this process could not be stored yet: %s", e.reason());
      }
      jobs.every("worker-report", EVERY, this::report);
    }
  }

  // Otherwise the other processes would count it for another minute.
  void stop(@Observes ShutdownEvent event) {
    if (config.mode() == WorkMode.LOOP) {
      try {
        sql.statement(LEAVE).with("id", id).within(LONGEST_LEAVE).run();
      } catch (DatabaseException e) {
        LOG.debugf("The heartbeat of this stopping process could not be removed: %s", e.reason());
      }
    }
  }

  private void report() {
    recent(FORGET).run();
    sql.statement(REPORT)
        .with("id", id)
        .with("name", name())
        .with("version", version)
        .with("capacity", worker.places())
        .with("busy", worker.holds())
        .with("waiting", worker.waiting())
        .with("started_at", startedAt)
        .with("master_keys", "text", secrets.opens())
        .run();
  }

  public List<WorkerProcess> list(int most) {
    return recent(LIST).with("most", most).list(WorkerProcess.class);
  }

  @Override
  public long lacking(List<String> keys) {
    return recent(LACKING).with("keys", "text", keys).one(row -> row.number("workers"));
  }

  @Override
  public boolean sealOtherwise(List<String> known) {
    return recent(SEAL_OTHERWISE).with("known", "text", known).one(row -> row.flag("otherwise"));
  }

  private SqlStatement recent(String statement) {
    return sql.statement(statement).with("silence_ms", LONGEST_SILENCE.toMillis());
  }

  private static String name() {
    String host =
        Optional.ofNullable(System.getenv("HOSTNAME"))
            .filter(text -> !text.isBlank())
            .orElse("process");
    return host + "/" + ProcessHandle.current().pid();
  }
}
