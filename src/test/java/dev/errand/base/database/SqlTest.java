package dev.errand.base.database;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SqlTest {
  private static final String ADD = "INSERT INTO sql_test (id, name) VALUES (:id, :name)";
  private static final String COUNT = "SELECT count(*) AS rows FROM sql_test";

  @Inject Sql sql;

  @BeforeEach
  void table() {
    sql.statement(
            """
            CREATE TABLE sql_test (id bigint PRIMARY KEY, name text, at timestamptz, day date,
              key uuid, flag boolean, bytes bytea, words text[], small int, json jsonb)
            """)
        .update();
  }

  @AfterEach
  void noTable() {
    sql.statement("DROP TABLE sql_test").update();
  }

  @Test
  void nullHasTheTypeOfItsParameter() {
    assertEquals(
        List.of("timestamp with time zone", "uuid", "date", "text"),
        sql.statement(
                """
                SELECT ARRAY[pg_typeof(:at)::text, pg_typeof(:key)::text, pg_typeof(:day)::text,
                  pg_typeof(:name::text)::text] AS types
                """)
            .with("at", (Instant) null)
            .with("key", (UUID) null)
            .with("day", (LocalDate) null)
            .with("name", (String) null)
            .one(row -> row.texts("types")));
  }

  @Test
  void aNameThatTheDatabaseCannotHoldFindsNothing() {
    sql.statement(ADD).with("id", 1L).with("name", "a").run();
    SqlStatement named = sql.statement("SELECT id FROM sql_test WHERE name = :name");
    assertTrue(named.by("name", "a").exists());
    assertFalse(named.by("name", "a\0").exists());
    assertTrue(named.by("name", "\0").list(row -> row.number("id")).isEmpty());
    assertThrows(DatabaseException.class, () -> named.with("name", "a\0").exists());
  }

  private record Read(
      String name,
      Instant at,
      @Nullable LocalDate day,
      UUID key,
      boolean flag,
      List<String> words,
      int small) {}

  @Test
  void aRowComesBackAsItWasWritten() {
    Instant at = Instant.parse("2026-11-25T12:00:00.123456Z");
    UUID key = UUID.randomUUID();
    Read read =
        sql.statement(
                """
                INSERT INTO sql_test (id, name, at, day, key, flag, bytes, words, small, json)
                VALUES (:id, :name, :at, :day, :key, :flag, :bytes, :words, :small, :json::jsonb)
                RETURNING *
                """)
            .with("id", 1L)
            .with("name", "it's :name")
            .with("at", at)
            .with("day", LocalDate.of(2026, 11, 25))
            .with("key", key)
            .with("flag", true)
            .with("bytes", new byte[] {1, 0, 2})
            .with("words", "text", List.of("a", "b"))
            .with("small", 7)
            .with("json", "{\"a\": 1}")
            .one(
                row -> {
                  assertArrayEquals(new byte[] {1, 0, 2}, row.bytes("bytes"));
                  assertEquals("{\"a\": 1}", row.text("json"));
                  assertEquals(1L, row.number("id"));
                  return new Read(
                      row.text("name"),
                      row.time("at"),
                      row.dayOrNull("day"),
                      row.id("key"),
                      row.flag("flag"),
                      row.texts("words"),
                      row.integer("small"));
                });
    assertEquals(
        new Read("it's :name", at, LocalDate.of(2026, 11, 25), key, true, List.of("a", "b"), 7),
        read);
  }

  @Test
  void nullParametersAreStoredAsNull() {
    sql.statement(
            """
            INSERT INTO sql_test (id, name, at, day, key, bytes, small)
            VALUES (:id, :name, :at, :day, :key, :bytes, :small)
            """)
        .with("id", 1L)
        .with("name", (String) null)
        .with("at", (Instant) null)
        .with("day", (LocalDate) null)
        .with("key", (UUID) null)
        .with("bytes", (byte[]) null)
        .with("small", (Integer) null)
        .update();
    boolean _ =
        sql.statement("SELECT * FROM sql_test")
            .one(
                row -> {
                  assertNull(row.textOrNull("name"));
                  assertNull(row.timeOrNull("at"));
                  assertNull(row.dayOrNull("day"));
                  assertNull(row.bytesOrNull("bytes"));
                  assertNull(row.integerOrNull("small"));
                  assertThrows(IllegalStateException.class, () -> row.text("name"));
                  return true;
                });
  }

  @Test
  void aStatementStaysPreparedWhetherAValueIsThereOrNot() {
    List<Long> prepared =
        sql.onOneConnection(
            one -> {
              for (int i = 0; i < 20; i++) {
                one.statement(ADD)
                    .with("id", (long) i)
                    .with("name", i % 2 == 0 ? "even" : null)
                    .update();
              }
              return one.statement(
                      """
                      SELECT generic_plans + custom_plans AS used FROM pg_prepared_statements
                      WHERE statement = :statement
                      """)
                  .with(
                      "statement",
                      NamedSql.of(ADD).text().replaceFirst("\\?", "\\$1").replace("?", "$2"))
                  .list(row -> row.number("used"));
            });
    assertEquals(1, prepared.size());
    assertTrue(prepared.getFirst() >= 14, "used " + prepared);
  }

  @Test
  void aRollbackUndoesTheWritesOfATransaction() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            QuarkusTransaction.requiringNew()
                .run(
                    () -> {
                      sql.statement(ADD).with("id", 1L).with("name", "lost").update();
                      assertEquals(1, rows());
                      throw new IllegalArgumentException();
                    }));
    assertEquals(0, rows());
    QuarkusTransaction.requiringNew()
        .run(() -> sql.statement(ADD).with("id", 1L).with("name", "kept").update());
    assertEquals(1, rows());
  }

  @Test
  void workInTurnIsOneTransactionAndDoesNotWait() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            sql.<Integer>inTurn(
                "a test",
                own -> {
                  own.statement(ADD).with("id", 1L).with("name", "lost").update();
                  throw new IllegalArgumentException();
                },
                0));
    assertEquals(0, rows());
    assertThrows(
        StackOverflowError.class,
        () ->
            sql.<Integer>inTurn(
                "a test",
                own -> {
                  own.statement(ADD).with("id", 1L).with("name", "lost").update();
                  throw new StackOverflowError();
                },
                0));
    assertEquals(0, rows());
    int came =
        sql.inTurn(
            "a test",
            own -> {
              int other = sql.inTurn("a test", never -> 1, 2);
              return own.statement(ADD).with("id", 1L).with("name", "kept").update() + other;
            },
            0);
    assertEquals(3, came);
    assertEquals(1, rows());
  }

  @Test
  void aValueThatIsMissingOrNotAskedForIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> sql.statement(ADD).with("id", 1L).update());
    assertThrows(IllegalArgumentException.class, () -> sql.statement(ADD).with("other", 1L));
  }

  @Test
  void errorsOfTheDatabaseDoNotShowValues() {
    sql.statement(ADD).with("id", 41L).with("name", "first").update();
    DatabaseException twice =
        assertThrows(
            DatabaseException.class,
            () -> sql.statement(ADD).with("id", 41L).with("name", "second").update());
    assertTrue(twice.isUniqueViolation());
    assertFalse(Outage.isBehind(twice));
    assertEquals("The database did not run a statement (SQLSTATE 23505).", twice.getMessage());
    DatabaseException late =
        assertThrows(
            DatabaseException.class,
            () ->
                sql.statement("SELECT pg_sleep(60)")
                    .within(java.time.Duration.ofSeconds(1))
                    .exists());
    assertTrue(Outage.isPassing(late));
  }

  @Test
  void aDatabaseThatIsNotThereIsAnOutage() {
    PGSimpleDataSource nobody = new PGSimpleDataSource();
    nobody.setUrl("jdbc:postgresql://127.0.0.1:1/none");
    DatabaseException away =
        assertThrows(DatabaseException.class, () -> new Sql(nobody).statement("SELECT 1").exists());
    assertTrue(Outage.isBehind(away));
    assertEquals("The database did not run a statement (SQLSTATE 08001).", away.getMessage());
  }

  private long rows() {
    return sql.statement(COUNT).one(row -> row.number("rows"));
  }

  @Test
  void statementsOfAScriptSeeWhatTheOnesBeforeThemDid() {
    List<Long> counts = new ArrayList<>();
    sql.script()
        .then(sql.statement(ADD).with("id", 1L).with("name", "one"))
        .then(sql.statement(COUNT), row -> counts.add(row.number("rows")))
        .then(sql.statement(ADD).with("id", 2L).with("name", "two"))
        .then(sql.statement(COUNT), row -> counts.add(row.number("rows")))
        .run();
    assertEquals(List.of(1L, 2L), counts);
  }

  @Test
  void aScriptTakesEffectAsAWholeOrNotAtAll() {
    SqlScript script =
        sql.script()
            .then(sql.statement(ADD).with("id", 1L).with("name", "one"))
            .then(sql.statement(ADD).with("id", 1L).with("name", "again"));
    assertThrows(DatabaseException.class, script::run);
    assertEquals(0, sql.statement(COUNT).<Long>one(row -> row.number("rows")));
  }
}
