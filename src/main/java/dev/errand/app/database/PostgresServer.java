package dev.errand.app.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A running PostgreSQL: the process on one data folder. */
final class PostgresServer {
  private static final String LONGEST_START_SECONDS = "120";
  private static final String LONGEST_STOP_SECONDS = "60";
  private static final int LAST_LINES = 5;
  private static final Path PROCESSES = Path.of("/proc");

  // The service relies on the first two. The log records only starts, stops and crashes, since the
  // file is not truncated until the next start.
  private static final String OPTIONS =
      "-c fsync=on -c synchronous_commit=on -c max_connections=100"
          + " -c log_checkpoints=off -c log_min_messages=log";

  private final PostgresPrograms programs;
  private final Path data;
  private final int port;
  private final ProcessHandle process;

  private PostgresServer(PostgresPrograms programs, Path data, int port, ProcessHandle process) {
    this.programs = programs;
    this.data = data;
    this.port = port;
    this.process = process;
  }

  /** The server that runs on that data folder, even one that another process started. */
  static Optional<ProcessHandle> on(Path data) {
    Path file = data.resolve("postmaster.pid");
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
      // The process id may have been reused since: only a postgres counts.
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

  /**
   * Creates a data folder unless it exists. All connections to it need a password.
   *
   * @param password the file with that of the superuser
   */
  static void initialise(PostgresPrograms programs, Path data, String superuser, Path password)
      throws IOException {
    if (Files.exists(data.resolve("postgresql.conf"))) {
      return;
    }
    // Created in a temporary folder and moved, so that a crash does not leave a partial database.
    Path aside = data.resolveSibling("postgres.new");
    PostgresPrograms.delete(aside);
    run(
        programs,
        log(data),
        "initdb",
        "-D",
        aside.toString(),
        "-U",
        superuser,
        "-A",
        "scram-sha-256",
        "--pwfile=" + password,
        "-E",
        "UTF-8",
        "--locale=C.UTF-8");
    Files.move(aside, data, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Starts one and waits until it accepts connections. */
  static PostgresServer start(PostgresPrograms programs, Path data) throws IOException {
    Files.deleteIfExists(log(data));
    int port = freePort();
    // In its own session, so that an interrupt from the keyboard stops the service first.
    control(programs, data, LONGEST_START_SECONDS, "-o", "-p " + port + " " + OPTIONS, "start");
    ProcessHandle process =
        on(data).orElseThrow(() -> new IOException("it has ended" + lastWords(log(data))));
    return new PostgresServer(programs, data, port, process);
  }

  int port() {
    return port;
  }

  // A process at its limit of open files can open none under /proc, and the JDK then reports that
  // the other process has ended. A link is read without opening a file.
  boolean isRunning() {
    if (!Files.exists(PROCESSES.resolve("self"))) {
      return process.isAlive();
    }
    try {
      Path program = PROCESSES.resolve(Long.toString(process.pid())).resolve("exe");
      return Files.readSymbolicLink(program).toString().contains("postgres");
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      return process.isAlive();
    }
  }

  /** Stops it; committed data is kept. */
  void stop() throws IOException {
    control(programs, data, LONGEST_STOP_SECONDS, "-m", "fast", "stop");
  }

  private static void control(
      PostgresPrograms programs, Path data, String longestSeconds, String... arguments)
      throws IOException {
    List<String> all = new ArrayList<>(List.of("-D", data.toString(), "-w", "-t", longestSeconds));
    all.addAll(List.of(arguments));
    run(programs, log(data), "pg_ctl", all.toArray(String[]::new));
  }

  private static void run(PostgresPrograms programs, Path log, String program, String... arguments)
      throws IOException {
    try {
      int code = programs.start(log, program, arguments).waitFor();
      if (code != 0) {
        throw new IOException(program + " ended with " + code + lastWords(log));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(program + " was interrupted", e);
    }
  }

  private static Path log(Path data) {
    return data.resolveSibling("postgres.log");
  }

  private static String lastWords(Path log) {
    try {
      List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
      int from = Math.max(0, lines.size() - LAST_LINES);
      return ": " + String.join("; ", lines.subList(from, lines.size()));
    } catch (IOException e) {
      return "";
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
