package dev.errand.runs.worker.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.app.database.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts the peers, each in a process and with a database of its own. */
final class Peers {
  static final Path FOLDER = Path.of("target", "comparison");

  private static final Path SCRIPTS = Path.of("src", "bench", "jobs");
  private static final String PACKAGE = Peers.class.getPackageName() + ".";

  private final String url;
  private final String password;
  private final String model;
  private final int callers;
  private final int workers;

  /**
   * What all of them get.
   *
   * @param url the JDBC URL of the server's first database
   * @param password the password of the service's role
   * @param model where a job's requests go
   * @param request the body of a request; but for its messages, theirs are the same
   */
  Peers(String url, String password, String model, String request, int callers, int workers)
      throws IOException {
    this.url = url;
    this.password = password;
    this.model = model;
    this.callers = callers;
    this.workers = workers;
    Files.writeString(FOLDER.resolve("request.json"), request);
  }

  /** A peer that is a main class of this class path. */
  Jobs java(String database, String main) throws IOException {
    return new PeerJobs(
        database,
        LineProcess.java(
            PACKAGE + main,
            FOLDER.resolve(database + ".log"),
            Map.of("PGPASSWORD", password),
            arguments(url.replaceFirst("/postgres\\b", "/" + database))));
  }

  /** A peer that is a script of Node.js. */
  Jobs node(String database, String script) throws IOException {
    List<String> command =
        new ArrayList<>(List.of(path(FOLDER.resolve("node_modules/node/bin/node")), script));
    command.addAll(
        arguments(
            url.replaceFirst(
                    "^jdbc:postgresql://", "postgres://" + EmbeddedDatabase.SERVICE_USER + "@")
                .replaceFirst("/postgres\\b.*", "/" + database)));
    return new PeerJobs(
        database,
        LineProcess.start(
            FOLDER, FOLDER.resolve(database + ".log"), Map.of("PGPASSWORD", password), command));
  }

  /**
   * Makes the folder.
   *
   * @param scripts whether to install what the scripts need, a Node.js that is new enough with it
   */
  static void install(boolean scripts) throws IOException, InterruptedException {
    Files.createDirectories(FOLDER);
    if (!scripts) {
      return;
    }
    for (String file : List.of("package.json", "jobs.mjs", "graphile-worker.mjs", "pg-boss.mjs")) {
      Files.write(FOLDER.resolve(file), Files.readAllBytes(SCRIPTS.resolve(file)));
    }
    Path log = FOLDER.resolve("install.log");
    Process install =
        new ProcessBuilder("npm", "install", "--no-audit", "--no-fund", "--silent")
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertEquals(0, install.waitFor(), "npm install, see " + log);
  }

  private List<String> arguments(String database) {
    return List.of(
        database,
        model + "/chat/completions",
        path(FOLDER.resolve("request.json")),
        Integer.toString(callers),
        Integer.toString(workers));
  }

  private static String path(Path path) {
    return path.toAbsolutePath().toString();
  }
}
