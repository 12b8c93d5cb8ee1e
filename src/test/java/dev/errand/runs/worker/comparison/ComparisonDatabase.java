package dev.errand.runs.worker.comparison;

import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The tests' PostgreSQL, started once more so that it counts statements where that is asked, has
 * connections for all systems, and makes no checkpoint while it is measured. It is as durable as
 * the service's own.
 */
public final class ComparisonDatabase implements QuarkusTestResourceLifecycleManager {
  private static final String OPTIONS =
      " -c max_connections=200 -c shared_preload_libraries=pg_stat_statements"
          + " -c checkpoint_timeout=1h -c max_wal_size=8GB";

  /** After {@link TestDatabase}, which every test has. */
  @Override
  public int order() {
    return 1;
  }

  @Override
  public Map<String, String> start() {
    try {
      restart();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return Map.of();
  }

  @Override
  public void stop() {
    // TestDatabase stops it.
  }

  /** The process that all others of it are children of. */
  static long postmaster() throws IOException {
    return Long.parseLong(
        Files.readAllLines(TestDatabase.FOLDER.resolve("postgres/postmaster.pid"))
            .getFirst()
            .strip());
  }

  private static void restart() throws IOException, InterruptedException {
    // What it was started with, but for the program and the folder.
    String options =
        Files.readString(TestDatabase.FOLDER.resolve("postgres/postmaster.opts"))
            .strip()
            .replaceFirst("^\\S+ \"-D\" \"[^\"]*\"", "");
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      // PostgreSQL refuses to run as root, and takes root of a namespace of its own for another.
      command.addAll(List.of("unshare", "-U"));
    }
    try (Stream<Path> files =
        Files.find(TestDatabase.FOLDER, 4, (path, file) -> path.endsWith("bin/pg_ctl"))) {
      command.add(files.findFirst().orElseThrow().toString());
    }
    command.addAll(
        List.of("-D", TestDatabase.FOLDER.resolve("postgres").toString(), "-m", "fast", "-w"));
    command.addAll(List.of("-l", TestDatabase.FOLDER.resolve("postgres.log").toString()));
    command.addAll(List.of("-o", options + OPTIONS, "restart"));
    Path log = TestDatabase.FOLDER.resolve("restart.log");
    Process restart =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (restart.waitFor() != 0) {
      throw new IllegalStateException(Files.readString(log));
    }
  }
}
