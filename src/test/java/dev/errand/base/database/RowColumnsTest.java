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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A component of a record that is read from rows is a column of a table that a statement names, or
 * one that the statement makes; the statements are those of the packages of record and reader.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RowColumnsTest {
  private static final Pattern MADE = Pattern.compile("\\bAS\\s+([a-z_]+)");
  private static final Pattern LISTED = Pattern.compile("\\bAS\\s+[a-z_]+\\s*\\(([a-z_,\\s]+)\\)");
  private static final Pattern TABLE =
      Pattern.compile("\\b(?:FROM|JOIN|INTO|UPDATE|USING)\\s+([a-z_]+)");

  // It is set as a text, since a question may have no origin.
  private static final String SET_OTHERWISE = "ApprovalStore reads: installation";

  @Inject Sql sql;

  @Test
  void eachComponentIsAColumn() throws Exception {
    Map<String, Set<String>> tables = new HashMap<>();
    sql.statement(
            "SELECT table_name, column_name FROM information_schema.columns"
                + " WHERE table_schema = 'public'")
        .each(
            row ->
                tables
                    .computeIfAbsent(row.text("table_name"), table -> new HashSet<>())
                    .add(row.text("column_name")));
    Set<String> unknown = new TreeSet<>();
    int seen = 0;
    for (Map.Entry<JavaClass, Set<JavaClass>> each :
        ReadRecords.byReader(
                new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.errand"))
            .entrySet()) {
      if (each.getValue().isEmpty()) {
        continue;
      }
      Set<JavaClass> types = new HashSet<>(each.getValue());
      types.add(each.getKey());
      String statements = sources(types);
      Set<String> columns = found(MADE, statements);
      found(LISTED, statements).forEach(list -> columns.addAll(List.of(list.split(",\\s*"))));
      found(TABLE, statements)
          .forEach(table -> columns.addAll(tables.getOrDefault(table, Set.of())));
      for (JavaClass type : each.getValue()) {
        List<String> read =
            RowRecord.of(Thread.currentThread().getContextClassLoader().loadClass(type.getName()))
                .columns();
        seen += read.size();
        read.stream()
            .filter(column -> !columns.contains(column))
            .forEach(
                column ->
                    unknown.add(
                        "%s, which %s reads: %s"
                            .formatted(type.getName(), each.getKey().getName(), column)));
      }
    }
    unknown.removeIf(column -> column.endsWith(SET_OTHERWISE));
    assertTrue(seen > 200, "of " + seen);
    assertEquals(Set.of(), unknown);
  }

  /** The sources of the packages of some types. */
  private static String sources(Set<JavaClass> types) throws IOException {
    StringBuilder sources = new StringBuilder();
    for (String folder :
        types.stream()
            .map(type -> type.getPackageName().replace('.', '/'))
            .collect(Collectors.toSet())) {
      try (Stream<Path> files = Files.list(Path.of("src/main/java", folder))) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          sources.append(Files.readString(file));
        }
      }
    }
    return sources.toString();
  }

  private static Set<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult result) -> result.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
