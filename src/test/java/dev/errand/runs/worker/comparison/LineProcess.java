package dev.errand.runs.worker.comparison;

import dev.errand.support.BenchmarkSize;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that reads orders, a line each, and answers each with a line. */
final class LineProcess implements AutoCloseable {
  private static final long LONGEST_STOP_SECONDS = 20;

  private final Process process;
  private final Writer orders;
  private final BufferedReader answers;

  private LineProcess(Process process) {
    this.process = process;
    this.orders = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts a program; what it says on its error output goes to that file. */
  static LineProcess start(
      Path folder, Path errors, Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.to(errors.toFile()));
    builder.environment().putAll(environment);
    Process started = builder.start();
    // One that stands still would outlive an end in between.
    Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
    return new LineProcess(started);
  }

  /** Starts a main class of this class path in a JVM of its own. */
  static LineProcess java(
      String main, Path errors, Map<String, String> environment, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(BenchmarkSize.jvmOptions());
    command.addAll(
        List.of(
            "-Xmx1g",
            // Or each answer waits for the peer's delayed acknowledgement.
            "-Dsun.net.httpserver.nodelay=true",
            // Or a peer that stood still asks on a connection that the model has closed.
            "-Dsun.net.httpserver.idleInterval=3600",
            "-Dsun.net.httpserver.maxIdleConnections=10000",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
            "-cp",
            System.getProperty("surefire.test.class.path")
                + System.getProperty("path.separator")
                + System.getProperty("java.class.path"),
            main));
    command.addAll(arguments);
    return start(Path.of("").toAbsolutePath(), errors, environment, command);
  }

  /** Gives an order and waits for the answer. */
  String order(String line) throws IOException {
    orders.write(line + "\n");
    orders.flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("The process ended at: " + line);
    }
    return answer;
  }

  /** Gives an order that is answered by numbers. */
  long[] numbers(String line) throws IOException {
    return Arrays.stream(order(line).split(" ")).mapToLong(Long::parseLong).toArray();
  }

  long pid() {
    return process.pid();
  }

  /** Sends it a signal. */
  void signal(String name) throws IOException {
    try {
      int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
      if (code != 0) {
        throw new IOException("The process has ended.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends it: there are no more orders. */
  @Override
  public void close() throws IOException {
    orders.close();
    try {
      if (!process.waitFor(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
