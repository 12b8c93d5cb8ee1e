package dev.errand.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * One life of a server process, from its start to its end. Each has a loopback address of its own
 * that the outside is known to it by, so that whatever it asks can be told from what others ask.
 */
final class Life {
  private static final long NEVER = Long.MAX_VALUE;
  private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");

  private final String name;
  private final int port;
  private final int managementPort;
  private final String address;
  private final Process process;
  private final List<Stop> stops = new CopyOnWriteArrayList<>();
  private volatile long endedAt = NEVER;

  /** A time in which the process stood still, in nanoseconds of this machine. */
  private static final class Stop {
    private final long from;
    private volatile long to = NEVER;

    Stop(long from) {
      this.from = from;
    }
  }

  private Life(String name, int port, int managementPort, String address, Process process) {
    this.name = name;
    this.port = port;
    this.managementPort = managementPort;
    this.address = address;
    this.process = process;
  }

  /**
   * Starts a process.
   *
   * @param folder where it logs
   * @param address the loopback address of {@link Outside#HOST} in this life
   * @param configuration its environment
   */
  static Life start(
      Path folder, String name, int port, String address, Map<String, String> configuration) {
    try {
      Path hosts = folder.resolve(name + ".hosts");
      Files.writeString(hosts, "127.0.0.1 localhost\n" + address + " " + Outside.HOST + "\n");
      ProcessBuilder command =
          new ProcessBuilder(command("-Djdk.net.hosts.file=" + hosts.toAbsolutePath()));
      command.environment().putAll(configuration);
      command.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
      command.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
      int managementPort = Fleet.freePort();
      command.environment().put("QUARKUS_MANAGEMENT_PORT", Integer.toString(managementPort));
      command.redirectErrorStream(true);
      command.redirectOutput(folder.resolve(name + ".log").toFile());
      return new Life(name, port, managementPort, address, command.start());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  // The executable takes the property as a JVM does: addresses are looked up by the same classes,
  // which it initialises when it is started.
  private static List<String> command(String hosts) {
    boolean executable = Boolean.getBoolean("packaged.native");
    Path program = executable ? Path.of(System.getProperty("native.image.path")) : JAR;
    if (!Files.exists(program)) {
      throw new IllegalStateException(program + " is not there: it is made by ./mvnw package.");
    }
    if (executable) {
      return List.of(program.toString(), "-Xmx256m", hosts);
    }
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx320m",
        "-XX:+ExitOnOutOfMemoryError",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        hosts,
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-jar",
        JAR.toString());
  }

  /** The address that it asks the outside at. */
  String address() {
    return address;
  }

  /** Where it answers. */
  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Where it says whether it is ready. */
  String readyUrl() {
    return "http://127.0.0.1:" + managementPort + "/q/health/ready";
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Whether it stands still now. */
  boolean isStopped() {
    return stops.stream().anyMatch(stop -> stop.to == NEVER);
  }

  /** SIGKILL: it ends where it is. */
  void kill() {
    endedAt = Math.min(endedAt, System.nanoTime());
    process.destroyForcibly();
    await();
  }

  /** SIGTERM: it may hand back what it has. */
  void terminate() {
    endedAt = Math.min(endedAt, System.nanoTime());
    signal("TERM");
    await();
  }

  /** SIGSTOP: it stands still, and knows nothing of it. */
  void stop() {
    stops.add(new Stop(System.nanoTime()));
    signal("STOP");
  }

  /** SIGCONT: it goes on as if nothing had been. */
  void goOn() {
    for (Stop stop : stops) {
      if (stop.to == NEVER) {
        stop.to = System.nanoTime();
      }
    }
    signal("CONT");
  }

  /** Whether it was told to end before that time. */
  boolean endedBefore(long time) {
    return endedAt < time;
  }

  /** Whether it stood still at any moment between these times. */
  boolean stoodStillBetween(long from, long to) {
    return stops.stream().anyMatch(stop -> stop.from < to && stop.to > from);
  }

  /** Whether it stood still at a moment and went on no longer than that before the time. */
  boolean wentOnShortlyBefore(long time, Duration most) {
    return stops.stream().anyMatch(stop -> stop.to <= time && time - stop.to <= most.toNanos());
  }

  /**
   * Until when it held for certain what it asked for at that time: until its end, or until it stood
   * still. Not even then, where it stood still or went on no longer than that before.
   */
  long heldUntil(long time, Duration most) {
    if (stoodStillBetween(time, time + 1) || wentOnShortlyBefore(time, most)) {
      return time;
    }
    long next =
        stops.stream().mapToLong(stop -> stop.from).filter(at -> at >= time).min().orElse(NEVER);
    return Math.min(next, endedAt);
  }

  /** Waits for its end, whatever it is ended by. */
  void awaitEnd() throws InterruptedException {
    process.waitFor();
    endedAt = Math.min(endedAt, System.nanoTime());
  }

  private void await() {
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException(this + " did not end within 30 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void signal(String signal) {
    try {
      List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
      command.add(Long.toString(process.pid()));
      new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
