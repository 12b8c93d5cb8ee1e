package dev.errand.base.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.errand.support.ReadRecords;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A component of a record that is read from rows is a column of a table, or of a statement. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RowColumnsTest {
  private static final Pattern ALIAS = Pattern.compile("\\bAS\\s+([a-z_]+)");

  @Inject Sql sql;

  @Test
  void eachComponentIsAColumn() throws Exception {
    Set<String> columns = aliases();
    columns.addAll(
        sql.statement(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public'")
            .list(row -> row.text("column_name")));
    Set<String> unknown = new TreeSet<>();
    int seen = 0;
    for (JavaClass type :
        ReadRecords.in(
            new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.errand"))) {
      List<String> read =
          RowRecord.of(Thread.currentThread().getContextClassLoader().loadClass(type.getName()))
              .columns();
      seen += read.size();
      read.stream()
          .filter(column -> !columns.contains(column))
          .forEach(column -> unknown.add(type.getName() + " " + column));
    }
    assertTrue(seen > 200, "of " + seen);
    assertEquals(Set.of(), unknown);
  }

  private static Set<String> aliases() throws IOException {
    Set<String> aliases = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        ALIAS
            .matcher(Files.readString(file))
            .results()
            .map((MatchResult found) -> found.group(1))
            .forEach(aliases::add);
      }
    }
    return aliases;
  }
}
