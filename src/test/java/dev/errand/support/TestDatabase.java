package dev.errand.support;

import dev.errand.boot.EmbeddedDatabase;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gives the tests a PostgreSQL of their own, empty at each start. */
public final class TestDatabase implements QuarkusTestResourceLifecycleManager {
  private static final Path FOLDER = Path.of("target", "test-data");

  private static volatile String url = "";

  private @Nullable EmbeddedDatabase database;

  /** Where it is, once it is started. */
  static String url() {
    return url;
  }

  @Override
  public Map<String, String> start() {
    empty(FOLDER.resolve("postgres"));
    EmbeddedDatabase started = EmbeddedDatabase.startIn(FOLDER);
    database = started;
    url = started.url();
    return Map.of(
        "quarkus.datasource.jdbc.url", started.url(),
        "quarkus.datasource.username", EmbeddedDatabase.SERVICE_USER,
        "quarkus.datasource.password", started.servicePassword(),
        "errand.data", FOLDER.toString());
  }

  @Override
  public void stop() {
    if (database != null) {
      database.stop();
    }
  }

  private static void empty(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
