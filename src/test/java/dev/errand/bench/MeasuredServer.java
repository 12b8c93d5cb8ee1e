package dev.errand.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.app.database.EmbeddedDatabase;
import dev.errand.support.Api;
import dev.errand.support.BenchmarkSize;
import dev.errand.support.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A process of a packaged jar, whose CPU time and memory are read from outside. Linux only. */
final class MeasuredServer implements AutoCloseable {
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");
  private static final Pattern CLASS = Pattern.compile("(?m)^ *\\d+: +\\d+ +(\\d+) +(\\S+)");
  private static final double TICKS_PER_SECOND = 100;

  private final Process process;
  private final int port;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private MeasuredServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts a build on a database of its own, and waits until it is ready. */
  static MeasuredServer start(
      Path jar,
      EmbeddedDatabase database,
      String name,
      List<String> options,
      Map<String, String> environment)
      throws IOException {
    Path folder = Files.createTempDirectory(name);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xms32m",
            "-XX:+UseSerialGC",
            "-XX:-DontCompileHugeMethods",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:NativeMemoryTracking=summary",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(BenchmarkSize.jvmOptions());
    command.addAll(options);
    command.addAll(List.of("-jar", jar.toString()));
    int port = freePort();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile());
    Map<String, String> all = builder.environment();
    all.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    all.put("QUARKUS_HTTP_PORT", Integer.toString(port));
    all.put("QUARKUS_MANAGEMENT_PORT", "0");
    all.put("QUARKUS_DATASOURCE_JDBC_URL", Builds.urlOf(database, name));
    all.put("QUARKUS_DATASOURCE_USERNAME", EmbeddedDatabase.USER);
    all.put("QUARKUS_DATASOURCE_PASSWORD", database.password());
    all.put("ERRAND_DATA", folder.toString());
    all.put("ERRAND_SECRET_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    all.put("ERRAND_BOOTSTRAP_SESSION", Api.SESSION);
    all.put("ERRAND_EGRESS_ALLOW", "127.0.0.1");
    all.putAll(environment);
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    MeasuredServer server = new MeasuredServer(process, port);
    Eventually.await("a server that is ready; its log is in " + folder, server::isReady);
    return server;
  }

  int port() {
    return port;
  }

  /** Sends a JSON body; returns the status. */
  int put(String path, String body) throws IOException, InterruptedException {
    return client
        .send(
            request(path)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  /** Gets a path; returns the status. */
  int get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .header("Cookie", "sessionId=" + Api.SESSION);
  }

  private boolean isReady() {
    assertTrue(process.isAlive(), "the server has ended");
    try {
      return client
              .send(request("/api/users/~").build(), HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The CPU time of the server so far, in seconds. */
  double cpuSeconds() {
    return ticks(process.pid(), 13, 14) / TICKS_PER_SECOND;
  }

  /**
   * The CPU time so far of the threads whose names, of which the system keeps 15 characters, are
   * like that, in ms.
   */
  double cpuMillisOf(Pattern names) throws IOException {
    try (Stream<Path> threads =
        Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
      return threads.mapToLong(thread -> cpuNanos(thread, names)).sum() / 1e6;
    }
  }

  private static long cpuNanos(Path thread, Pattern names) {
    try {
      return names.matcher(Files.readString(thread.resolve("comm")).strip()).matches()
          // Time on a processor, time of waiting for one, and turns.
          ? Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ", -1)[0])
          : 0;
    } catch (IOException e) {
      // It has ended meanwhile.
      return 0;
    }
  }

  /** The CPU time of a PostgreSQL so far with all its processes, in seconds. */
  static double cpuSecondsOf(Path databaseFolder) throws IOException {
    long postmaster =
        Long.parseLong(
            Files.readAllLines(databaseFolder.resolve("postgres").resolve("postmaster.pid"))
                .getFirst());
    long ticks = ticks(postmaster, 13, 14, 15, 16);
    try (Stream<ProcessHandle> children = ProcessHandle.of(postmaster).orElseThrow().children()) {
      ticks += children.mapToLong(child -> ticks(child.pid(), 13, 14)).sum();
    }
    return ticks / TICKS_PER_SECOND;
  }

  private static long ticks(long pid, int... fields) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // The name, in parentheses, may have spaces.
      String[] rest = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      long sum = 0;
      for (int field : fields) {
        sum += Long.parseLong(rest[field - 2]);
      }
      return sum;
    } catch (IOException e) {
      return 0;
    }
  }

  /** The resident memory in MB, now and at most. */
  String rss() throws IOException {
    return status("VmRSS") / 1024 + " MB, at most " + status("VmHWM") / 1024 + " MB";
  }

  /** The number of threads of the operating system. */
  long threads() throws IOException {
    return status("Threads");
  }

  /** The number of open files and sockets. */
  long files() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
      return files.count();
    }
  }

  private long status(String field) throws IOException {
    for (String line :
        Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IllegalStateException("There is no " + field);
  }

  /** What lives on the heap after a collection. */
  Heap heap() throws IOException {
    String text = jcmd("GC.class_histogram");
    Matcher total = TOTAL.matcher(text);
    assertTrue(total.find(), text);
    return new Heap(Long.parseLong(total.group(1)), text);
  }

  /**
   * What lives on the heap.
   *
   * @param bytes all of it
   * @param histogram the classes with the most bytes first
   */
  record Heap(long bytes, String histogram) {
    String megabytes() {
      return bytes / 1024 / 1024 + " MB";
    }

    /** The classes that have grown most since, each with the bytes that it has more. */
    String growth(Heap before, int most) {
      Map<String, Long> grown = new HashMap<>();
      CLASS
          .matcher(histogram)
          .results()
          .forEach(row -> grown.merge(row.group(2), Long.valueOf(row.group(1)), Long::sum));
      CLASS
          .matcher(before.histogram)
          .results()
          .forEach(row -> grown.merge(row.group(2), -Long.parseLong(row.group(1)), Long::sum));
      return grown.entrySet().stream()
          .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
          .limit(most)
          .map(row -> "%,14d %s%n".formatted(row.getValue(), row.getKey()))
          .collect(Collectors.joining());
    }
  }

  /** The output of a command of {@code jcmd}. */
  String jcmd(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    command.add(Long.toString(process.pid()));
    command.addAll(List.of(arguments));
    Process jcmd = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** The load of the machine, which belongs beside every figure. */
  static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).strip();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
