package dev.errand.base.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class NamedSqlTest {
  @Test
  void eachParameterBecomesAQuestionMark() {
    NamedSql sql = NamedSql.of("UPDATE t SET a = :a, b = :b_2 WHERE c = :a");
    assertEquals("UPDATE t SET a = ?, b = ? WHERE c = ?", sql.text());
    assertEquals(List.of("a", "b_2", "a"), sql.names());
  }

  @Test
  void castsAndWhatIsQuotedAreNoParameters() {
    NamedSql sql =
        NamedSql.of(
            "SELECT ':no; ''?', \"a:b\"\"?\", :yes::text[]::timestamptz[], 1::int, a[1:2];");
    assertEquals(
        "SELECT ':no; ''?', \"a:b\"\"?\", ?::text[]::timestamptz[], 1::int, a[1:2];", sql.text());
    assertEquals(List.of("yes"), sql.names());
  }

  @Test
  void aTextIsParsedOnce() {
    assertSame(NamedSql.of("SELECT :once"), NamedSql.of(new String("SELECT :once")));
  }

  @Test
  void aParameterWithoutANameIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> NamedSql.of("SELECT ?"));
    assertThrows(IllegalArgumentException.class, () -> NamedSql.of("SELECT 'open"));
  }
}
