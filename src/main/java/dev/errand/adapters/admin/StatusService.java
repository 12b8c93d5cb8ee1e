package dev.errand.adapters.admin;

import dev.errand.adapters.admin.ServiceStatus.Database;
import dev.errand.adapters.admin.ServiceStatus.Keys;
import dev.errand.adapters.admin.ServiceStatus.Queue;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.secret.SecretBox;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import dev.errand.runs.queue.QueueDepth;
import dev.errand.runs.worker.WorkerProcesses;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.jspecify.annotations.Nullable;

/** Reads the state of the service, for admins. */
@ApplicationScoped
public class StatusService {
  private static final int MOST_WORKERS = 200;

  private static final String DATABASE =
      """
      SELECT current_setting('server_version') AS version,
        pg_database_size(current_database()) AS bytes,
        (SELECT numbackends FROM pg_stat_database WHERE datname = current_database())
          AS connections
      """;

  private final Sql sql;
  private final WorkerProcesses workers;
  private final SecretBox secrets;
  private final Flyway flyway;
  private final String version;

  StatusService(
      Sql sql,
      WorkerProcesses workers,
      SecretBox secrets,
      Flyway flyway,
      @ConfigProperty(name = "quarkus.application.version", defaultValue = "0") String version) {
    this.sql = sql;
    this.workers = workers;
    this.secrets = secrets;
    this.flyway = flyway;
    this.version = version;
  }

  /**
   * The present state of the service.
   *
   * @throws ApiException {@link ErrorCode#SCOPE_MISSING}
   */
  public ServiceStatus read(Caller caller) {
    caller.requireUnlimited(Scope.ADMIN);
    String schema = schema();
    return new ServiceStatus(
        version,
        Queue.of(QueueDepth.read(sql)),
        workers.list(MOST_WORKERS),
        sql.statement(DATABASE).one(row -> Database.of(row, schema)),
        new Keys(secrets.newestKeyId(), secrets.previousKeyIds()));
  }

  private @Nullable String schema() {
    MigrationInfo current = flyway.info().current();
    return current == null ? null : String.valueOf(current.getVersion());
  }
}
