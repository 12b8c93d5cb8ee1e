package dev.errand.boot;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** A PostgreSQL of this process's own, its data in a local folder. */
public final class EmbeddedDatabase {
  /** The user that owns it. */
  public static final String USER = "postgres";

  private static final Logger LOG = Logger.getLogger(EmbeddedDatabase.class);
  private static final String MAJOR_VERSION = "17";
  private static final Duration LONGEST_START = Duration.ofMinutes(2);
  private static final long LONGEST_STOP_SECONDS = 60;
  private static final long LONGEST_DRAIN_SECONDS = 30;

  private static final List<String> PROGRAMS =
      List.of(
          "/postgres-linux-x86_64.txz",
          "/postgres-linux-arm_64.txz",
          "/postgres-darwin-x86_64.txz",
          "/postgres-darwin-arm_64.txz");

  private final EmbeddedPostgres postgres;
  private final String password;

  // Held until the database is stopped; where the process is killed, the kernel lets go of it.
  private final FileLock lock;

  private final Path data;
  private volatile boolean stopping;

  private EmbeddedDatabase(EmbeddedPostgres postgres, String password, FileLock lock, Path data) {
    this.data = data;
    this.postgres = postgres;
    this.password = password;
    this.lock = lock;
  }

  /** Whether this build has the programs of PostgreSQL in it. */
  static boolean isIncluded() {
    return PROGRAMS.stream().anyMatch(name -> EmbeddedDatabase.class.getResource(name) != null);
  }

  /**
   * Starts it on a folder, which is made if it is not there.
   *
   * @throws StartException when it can't be started, with the remedy
   */
  public static EmbeddedDatabase startIn(Path folder) {
    return start(DataFolder.of(folder));
  }

  static EmbeddedDatabase start(DataFolder folder) {
    Path data = folder.path().resolve("postgres");
    FileLock lock = lock(folder.path().resolve("errand.lock"));
    checkVersion(data);
    stopOrphan(data);
    String password = folder.databasePassword();
    Path programs = folder.path().resolve("postgres-" + MAJOR_VERSION);
    Path hba = data.resolve("pg_hba.conf");
    boolean isNew = !Files.exists(data.resolve("postgresql.conf"));
    try {
      EmbeddedPostgres postgres =
          EmbeddedPostgres.builder()
              .setDataDirectory(data)
              .setCleanDataDirectory(false)
              .setRegisterShutdownHook(false)
              .setOverrideWorkingDirectory(programs.toFile())
              .setPGStartupWait(LONGEST_START)
              .setConnectConfig("password", password)
              .setLocaleConfig("locale", "C.UTF-8")
              // The library starts it without either: a run that was accepted would not survive.
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("max_connections", "100")
              .start();
      // The library makes the folder of the programs writable for everybody.
      Files.setPosixFilePermissions(programs, PosixFilePermissions.fromString("rwxr-xr-x"));
      if (isNew) {
        requirePassword(postgres, hba, password);
      }
      LOG.infof("Embedded PostgreSQL %s keeps its data in %s", MAJOR_VERSION, data);
      return new EmbeddedDatabase(postgres, password, lock, data);
    } catch (IOException | SQLException | RuntimeException e) {
      throw new StartException(
          "The embedded PostgreSQL in "
              + data
              + " did not start: "
              + e.getMessage()
              + ". Its log is above; QUARKUS_DATASOURCE_JDBC_URL names another database.",
          e);
    }
  }

  /** Where it is reached. */
  public String url() {
    return "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres";
  }

  /** The password of {@link #USER}. */
  public String password() {
    return password;
  }

  /** Says once when it ended although nobody stopped it. */
  void whenLost(Runnable lost) {
    postmaster(data.resolve("postmaster.pid"))
        .ifPresent(
            process -> {
              var _ =
                  process
                      .onExit()
                      .thenRun(
                          () -> {
                            if (!stopping) {
                              lost.run();
                            }
                          });
            });
  }

  /** Stops it; what is committed stays. */
  public void stop() {
    stopping = true;
    try {
      postgres.close();
      lock.acquiredBy().close();
    } catch (IOException e) {
      LOG.warnf("The embedded PostgreSQL did not stop: %s", e.getMessage());
    }
  }

  // Hooks run all at once: the database has to outlast the service that still writes to it.
  void stopAfter(CountDownLatch service) {
    try {
      boolean _ = service.await(LONGEST_DRAIN_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stop();
  }

  private static FileLock lock(Path file) {
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
      channel.close();
    } catch (OverlappingFileLockException e) {
      LOG.debugf("%s is locked by this process", file);
    } catch (IOException e) {
      throw new StartException(file + " can't be written: " + e.getMessage(), e);
    }
    throw new StartException(
        "Another Errand uses the data folder "
            + file.getParent()
            + ": stop it, set ERRAND_DATA to another folder, or let both use one database by"
            + " QUARKUS_DATASOURCE_JDBC_URL.");
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
            "The data in "
                + data
                + " is of PostgreSQL "
                + version
                + ", and this Errand embeds "
                + MAJOR_VERSION
                + ": move it over with pg_dump of version "
                + version
                + " and psql, or start a PostgreSQL "
                + version
                + " on it and name it in QUARKUS_DATASOURCE_JDBC_URL.");
      }
    } catch (IOException e) {
      throw new StartException(file + " can't be read: " + e.getMessage(), e);
    }
  }

  // After a kill -9 the database lives on without its parent. The folder's lock says that no other
  // Errand uses it, so it is nobody's: it is stopped in order, and a new one is started.
  private static void stopOrphan(Path data) {
    Path file = data.resolve("postmaster.pid");
    Optional<ProcessHandle> orphan = postmaster(file);
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

  private static Optional<ProcessHandle> postmaster(Path file) {
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
      // The number may have been given to another process since: only a postgres is stopped.
      return lines.isEmpty()
          ? Optional.empty()
          : ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
              .filter(ProcessHandle::isAlive)
              .filter(
                  process ->
                      process.info().command().filter(c -> c.endsWith("postgres")).isPresent());
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  // A fresh database trusts everybody on the machine. That ends before anything is kept in it.
  private static void requirePassword(EmbeddedPostgres postgres, Path hba, String password)
      throws SQLException, IOException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER ROLE " + USER + " PASSWORD '" + password + "'");
      Files.writeString(
          hba,
          """
          # Written by Errand: nobody connects without the password in postgres.password.
          local all all scram-sha-256
          host all all 127.0.0.1/32 scram-sha-256
          host all all ::1/128 scram-sha-256
          """);
      statement.execute("SELECT pg_reload_conf()");
    }
  }
}
