package dev.errand.packaged;

import dev.errand.app.database.EmbeddedDatabase;
import dev.errand.support.Api;
import dev.errand.support.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process of the packaged application: of the executable where one was built, else of the jar.
 */
final class Packaged implements AutoCloseable {
  private static final Path TARGET = Path.of("target");
  private static final Path APP = TARGET.resolve("quarkus-app");
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int LONGEST_STOP_SECONDS = 300;

  private final Process process;
  private final int port;
  private final int managementPort;
  private final Path log;

  private Packaged(Process process, int port, int managementPort, Path log) {
    this.process = process;
    this.port = port;
    this.managementPort = managementPort;
    this.log = log;
  }

  /**
   * Starts one with a small heap and with its classes from an archive, as tests do often: most of a
   * start is loading them.
   */
  static Packaged startSmall(String name, Map<String, String> environment) throws IOException {
    List<String> options = new ArrayList<>(List.of("-Xmx256m"));
    if (!Boolean.getBoolean("packaged.native")) {
      options.add("-XX:SharedArchiveFile=" + ClassArchive.of(APP, List.copyOf(options)));
    }
    return start(name, options, environment);
  }

  /**
   * Starts one.
   *
   * @param name of its log, under target
   * @param options of the JVM, where it is one; it is started in the folder of the jar
   * @param environment its variables, such as those that {@link #environment} makes; they win over
   *     its address
   */
  static Packaged start(String name, List<String> options, Map<String, String> environment)
      throws IOException {
    List<String> command = new ArrayList<>();
    if (Boolean.getBoolean("packaged.native")) {
      command.add(executable().toAbsolutePath().toString());
      command.add("-Xmx256m");
      command.add("-Xmn16m");
    } else {
      command.add(System.getProperty("packaged.java"));
      command.addAll(options);
      command.add("-jar");
      command.add("quarkus-run.jar");
    }
    return start(
        TARGET.resolve(name + ".log"),
        environment,
        (log, all) -> {
          ProcessBuilder builder =
              new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
          if (!Boolean.getBoolean("packaged.native")) {
            // As in the container: an AOT cache keeps the path that the jar was named by.
            builder.directory(APP.toFile());
          }
          builder.environment().putAll(all);
          return builder.start();
        });
  }

  /** Starts one in another way than it is packaged for. */
  static Packaged start(Path log, Map<String, String> environment, Start way) throws IOException {
    int port = freePort();
    int managementPort = freePort();
    Map<String, String> all = new HashMap<>();
    all.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    all.put("QUARKUS_HTTP_PORT", Integer.toString(port));
    all.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(managementPort));
    all.putAll(environment);
    return new Packaged(way.start(log, all), port, managementPort, log);
  }

  /** A way to start a process in an environment, which logs to a file. */
  interface Start {
    Process start(Path log, Map<String, String> environment) throws IOException;
  }

  /** What a process needs on that database. */
  static Map<String, String> environment(EmbeddedDatabase database, String name, Path data) {
    Map<String, String> environment = new HashMap<>();
    environment.put("QUARKUS_DATASOURCE_JDBC_URL", database.url().replace("/postgres", "/" + name));
    environment.put("QUARKUS_DATASOURCE_USERNAME", EmbeddedDatabase.USER);
    environment.put("QUARKUS_DATASOURCE_PASSWORD", database.password());
    environment.put("ERRAND_DATA", data.toString());
    environment.put("ERRAND_SECRET_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    environment.put("ERRAND_BOOTSTRAP_SESSION", Api.SESSION);
    environment.put("ERRAND_EGRESS_ALLOW", "127.0.0.1");
    return environment;
  }

  int port() {
    return port;
  }

  /** The port of its health and metrics. */
  int managementPort() {
    return managementPort;
  }

  long pid() {
    return process.pid();
  }

  /** The status that a path of the service is answered with; 0 when nothing answers. */
  int status(String path) {
    return answer(request(port, path).build());
  }

  /** The status that a probe is answered with, such as "ready"; 0 when nothing answers. */
  int health(String probe) {
    return answer(request(managementPort, "/q/health/" + probe).build());
  }

  /** The status that an event of an enqueued run is answered with; 0 when nothing answers. */
  int event(String token) {
    return answer(
        request(port, "/events")
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/cloudevents+json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"specversion\":\"1.0\",\"id\":\"e\",\"source\":\"test\","
                        + "\"type\":\"dev.errand.run.enqueued\"}"))
            .build());
  }

  private static HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(PATIENCE);
  }

  private static int answer(HttpRequest request) {
    try {
      return CLIENT.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (HttpTimeoutException e) {
      throw new AssertionError("Nothing came for " + PATIENCE + " from " + request.uri(), e);
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  /** Waits until it says that it is ready. */
  Packaged awaitReady() {
    Eventually.await(
        "a process that is ready; its log is " + log,
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("The process has ended; its log is " + log);
          }
          return health("ready") == 200;
        });
    return this;
  }

  /** SIGTERM: it is told to stop, and may take its time. */
  void requestStop() {
    process.destroy();
  }

  /** Waits for its end, and says with which code it ended. */
  int awaitEnd() throws InterruptedException {
    if (!process.waitFor(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("The process did not end; its log is " + log);
    }
    return process.exitValue();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private static Path executable() throws IOException {
    try (Stream<Path> files = Files.list(TARGET)) {
      return files
          .filter(file -> file.toString().endsWith("-runner"))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("No executable was built."));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
