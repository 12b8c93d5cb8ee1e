package dev.errand.app.database;

import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** The embedded PostgreSQL, with its data in a local folder. */
public final class EmbeddedDatabase {
  /** Its superuser, which creates databases and roles. */
  public static final String USER = "postgres";

  /** The role as which the service connects: the owner of the database, no superuser. */
  public static final String SERVICE_USER = ServiceRole.NAME;

  private static final Logger LOG = Logger.getLogger(EmbeddedDatabase.class);
  private static final String MAJOR_VERSION = "17";
  private static final long LONGEST_STOP_SECONDS = 60;
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final DataFolder folder;
  private final PostgresServer server;

  // Held until the database is stopped; if the process is killed, the kernel releases it.
  private final FileLock claim;

  private volatile boolean stopping;

  private EmbeddedDatabase(DataFolder folder, PostgresServer server, FileLock claim) {
    this.folder = folder;
    this.server = server;
    this.claim = claim;
  }

  /** Whether this build contains the programs of PostgreSQL for this platform. */
  public static boolean isIncluded() {
    return PostgresPrograms.areIncluded();
  }

  /**
   * Starts it on a folder, which is created if it does not exist.
   *
   * @throws StartException when it can't be started, with the remedy
   */
  public static EmbeddedDatabase startIn(Path folder) {
    DataFolder data = DataFolder.of(folder);
    return start(data, data.claim());
  }

  /**
   * Starts it on a folder that this process has claimed.
   *
   * @param claim released when it is stopped
   * @throws StartException when it can't be started, with the remedy
   */
  public static EmbeddedDatabase start(DataFolder folder, FileLock claim) {
    Path data = folder.database();
    checkVersion(data);
    stopOrphan(data);
    try {
      PostgresPrograms programs =
          PostgresPrograms.unpackedIn(folder.path().resolve("postgres-" + MAJOR_VERSION));
      String _ = folder.databasePassword();
      PostgresServer.initialise(programs, data, USER, folder.databasePasswordFile());
      PostgresServer server = PostgresServer.start(programs, data);
      EmbeddedDatabase database = new EmbeddedDatabase(folder, server, claim);
      try (Connection connection =
          DriverManager.getConnection(database.url(), USER, database.password())) {
        ServiceRole.make(connection, database.servicePassword());
      } catch (SQLException e) {
        server.stop();
        throw e;
      }
      LOG.infof("Embedded PostgreSQL %s keeps its data in %s", MAJOR_VERSION, data);
      return database;
    } catch (IOException | SQLException e) {
      throw new StartException(
          "The embedded PostgreSQL in %s did not start: %s. QUARKUS_DATASOURCE_JDBC_URL names another database."
              .formatted(data, e.getMessage()),
          e);
    }
  }

  public String url() {
    return "jdbc:postgresql://localhost:" + server.port() + "/postgres";
  }

  public String password() {
    return folder.databasePassword();
  }

  /** The password of {@link #SERVICE_USER}. */
  public String servicePassword() {
    return folder.servicePassword();
  }

  /** Runs an action once if it ends without being stopped. */
  public void whenLost(Runnable lost) {
    Thread.ofPlatform()
        .daemon()
        .name("embedded-database-watch")
        .start(
            () -> {
              try {
                while (isRunning()) {
                  Thread.sleep(LOOK);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              if (!stopping) {
                lost.run();
              }
            });
  }

  boolean isRunning() {
    return server.isRunning();
  }

  /** Stops it; committed data is kept. */
  public void stop() {
    stopping = true;
    try {
      server.stop();
      claim.acquiredBy().close();
    } catch (IOException e) {
      LOG.warnf("The embedded PostgreSQL did not stop: %s", e.getMessage());
    }
  }

  /**
   * Stops it after the service has stopped. Shutdown hooks run at the same time, and the service
   * may still write to the database.
   */
  public void stopAfter(CountDownLatch service, Duration longest) {
    try {
      boolean _ = service.await(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stop();
  }

  private static void checkVersion(Path data) {
    Path file = data.resolve("PG_VERSION");
    try {
      if (!Files.exists(file)) {
        return;
      }
      String version = Files.readString(file, StandardCharsets.US_ASCII).strip();
      if (!version.equals(MAJOR_VERSION)) {
        throw new StartException(
            ("The data in %s is of PostgreSQL %s, and this Errand embeds %s: migrate it with pg_dump of version %s and psql,"
                    + " or start a PostgreSQL %s on it and name it in QUARKUS_DATASOURCE_JDBC_URL.")
                .formatted(data, version, MAJOR_VERSION, version, version));
      }
    } catch (IOException e) {
      throw new StartException(file + " can't be read: " + e.getMessage(), e);
    }
  }

  // After a kill -9 the database keeps running without its parent. The folder's lock shows that no
  // other Errand uses it, so it is shut down cleanly, and a new one is started.
  private static void stopOrphan(Path data) {
    Optional<ProcessHandle> orphan = PostgresServer.on(data);
    if (orphan.isEmpty()) {
      return;
    }
    LOG.infof("Stopping the PostgreSQL that an earlier start left behind in %s", data);
    try {
      // SIGINT is PostgreSQL's fast shutdown; Java's own destroy would wait for every client.
      new ProcessBuilder("kill", "-INT", Long.toString(orphan.get().pid()))
          .inheritIO()
          .start()
          .waitFor();
      orphan.get().onExit().get(LONGEST_STOP_SECONDS, TimeUnit.SECONDS);
    } catch (IOException | ExecutionException | TimeoutException e) {
      throw new StartException(
          "A PostgreSQL that an earlier start left behind (process "
              + orphan.get().pid()
              + ") does not stop: stop it by hand.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("The start was interrupted.", e);
    }
  }
}
