package dev.errand.base.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.base.database.Sql;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whether everything that is sealed is known to what seals it anew. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SealedColumnTest {
  private static final String SEALED =
      """
      SELECT table_name || '.' || column_name AS path FROM information_schema.columns
      WHERE table_schema = current_schema() AND data_type = 'bytea' AND column_name LIKE '%sealed%'
      """;

  @Inject Sql sql;

  @Test
  void allColumnsWithSealedValuesAreListed() {
    assertEquals(
        new TreeSet<>(sql.statement(SEALED).list(row -> row.text("path"))),
        Arrays.stream(SealedColumn.values())
            .map(SealedColumn::path)
            .collect(Collectors.toCollection(TreeSet::new)));
  }
}
