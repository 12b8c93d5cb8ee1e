package dev.errand.packaged;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The archive of classes from which JVMs of the packaged service start with two thirds of the work.
 * Tests in several JVMs share it: the first one that asks for it lets a start write it.
 */
final class ClassArchive {
  private static final long LONGEST_SECONDS = 300;

  private ClassArchive() {}

  /**
   * Where it is.
   *
   * @param app the folder of the jar, where processes that use it start
   * @param options of the JVM that writes it, and of those that use it
   */
  static synchronized Path of(Path app, List<String> options) {
    Path archive = app.resolveSibling("packaged-classes.jsa").toAbsolutePath();
    try (FileChannel channel =
            FileChannel.open(
                app.resolveSibling("packaged-classes.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (!lock.isValid() || !isNewerThan(app.resolve("quarkus-run.jar"), archive)) {
        write(app, options, archive);
      }
      return archive;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static boolean isNewerThan(Path jar, Path archive) throws IOException {
    return Files.exists(archive)
        && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) > 0;
  }

  // A start that finds no database ends by itself, after most of what a start does.
  private static void write(Path app, List<String> options, Path archive)
      throws IOException, InterruptedException {
    Path written = archive.resolveSibling("packaged-classes.new");
    List<String> command = new ArrayList<>(List.of(System.getProperty("packaged.java")));
    command.addAll(options);
    command.addAll(List.of("-XX:ArchiveClassesAtExit=" + written, "-jar", "quarkus-run.jar"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(app.toFile())
            .redirectErrorStream(true)
            .redirectOutput(archive.resolveSibling("packaged-classes.log").toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "QUARKUS_HTTP_PORT", "0",
                "QUARKUS_MANAGEMENT_PORT", "0",
                "QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql://127.0.0.1:1/none",
                "QUARKUS_DATASOURCE_USERNAME", "nobody",
                "QUARKUS_DATASOURCE_PASSWORD", "none",
                "QUARKUS_FLYWAY_CONNECT_RETRIES", "0",
                "ERRAND_DATA", archive.resolveSibling("packaged-classes").toString(),
                "ERRAND_SECRET_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="));
    Process process = builder.start();
    if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) || !Files.exists(written)) {
      process.destroyForcibly();
      throw new IllegalStateException("The start that writes an archive wrote none: " + archive);
    }
    Files.move(written, archive, StandardCopyOption.REPLACE_EXISTING);
  }
}
