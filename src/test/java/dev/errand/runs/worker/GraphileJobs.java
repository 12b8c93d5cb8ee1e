package dev.errand.runs.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.app.embedded.EmbeddedDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The like job of a run, on graphile-worker in a Node.js of its own, which also adds the jobs. */
final class GraphileJobs implements AutoCloseable {
  private static final Path SCRIPT = Path.of("src", "test", "graphile");
  private static final Path FOLDER = Path.of("target", "graphile");

  private final Process node;
  private final Writer orders;
  private final BufferedReader answers;

  /**
   * Installs it, and begins to work jobs.
   *
   * @param jdbcUrl the database
   * @param model where a job's request goes
   * @param request the request, but for its messages
   */
  GraphileJobs(
      String jdbcUrl, String password, URI model, ObjectNode request, int callers, int workers)
      throws IOException, InterruptedException {
    Files.createDirectories(FOLDER);
    for (String file : List.of("package.json", "jobs.mjs")) {
      Files.write(FOLDER.resolve(file), Files.readAllBytes(SCRIPT.resolve(file)));
    }
    Files.writeString(FOLDER.resolve("request.json"), request.toString());
    Process install =
        command("npm", "install", "--no-audit", "--no-fund", "--silent")
            .redirectErrorStream(true)
            .redirectOutput(FOLDER.resolve("install.log").toFile())
            .start();
    assertEquals(0, install.waitFor(), "npm install, see target/graphile/install.log");
    ProcessBuilder command =
        command(
            "node",
            "jobs.mjs",
            jdbcUrl.replaceFirst(
                "^jdbc:postgresql://", "postgres://" + EmbeddedDatabase.SERVICE_USER + "@"),
            model.toString(),
            "request.json",
            Integer.toString(callers),
            Integer.toString(workers));
    command.environment().put("PGPASSWORD", password);
    command.redirectError(ProcessBuilder.Redirect.INHERIT);
    node = command.start();
    orders = node.outputWriter(StandardCharsets.UTF_8);
    answers = node.inputReader(StandardCharsets.UTF_8);
  }

  /** Adds so many jobs and waits for their ends; how many a second that is. */
  double round(String name, int jobs) throws IOException {
    return Double.parseDouble(order("round " + name + " " + jobs));
  }

  /** The milliseconds from adding a job to its request, one job after the other, sorted. */
  List<Double> oneByOne(int jobs) throws IOException {
    return Arrays.stream(order("alone " + jobs).split(" ")).map(Double::valueOf).toList();
  }

  private String order(String line) throws IOException {
    orders.write(line + "\n");
    orders.flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("node ended");
    }
    return answer;
  }

  private static ProcessBuilder command(String... command) {
    return new ProcessBuilder(command).directory(FOLDER.toFile());
  }

  @Override
  public void close() throws IOException {
    orders.close();
    node.destroy();
  }
}
