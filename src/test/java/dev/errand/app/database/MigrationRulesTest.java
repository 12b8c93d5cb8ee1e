package dev.errand.app.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.errand.app.database.MigrationRules.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Migrations keep to the rules by which two versions of the service share a database. */
class MigrationRulesTest {
  private static final Path MIGRATIONS = Path.of("src", "main", "resources", "db", "migration");
  private static final Set<String> RELEASED = Set.of("0.1.0");

  @Test
  void everyMigrationSinceTheRulesKeepsThem() throws IOException {
    List<String> broken = new ArrayList<>();
    int read = 0;
    try (Stream<Path> files = Files.list(MIGRATIONS)) {
      for (Path file : files.sorted().toList()) {
        read++;
        Script script = new Script(file.getFileName().toString(), Files.readString(file));
        if (script.version() > MigrationRules.BEFORE_THE_RULES) {
          MigrationRules.broken(script, SchemaVersions.released()).stream()
              .map(rule -> file.getFileName() + ": " + rule)
              .forEach(broken::add);
        }
      }
    }
    assertTrue(read > 30);
    assertEquals(List.of(), broken);
  }

  static Stream<Arguments> against() {
    return Stream.of(
        arguments("DROP TABLE thing;", "contract"),
        arguments("ALTER TABLE task DROP COLUMN runner;", "contract"),
        arguments("-- contract: unused since 9.9.9\nALTER TABLE task DROP COLUMN a;", "9.9.9"),
        arguments("DROP FUNCTION run_has_ended;", "contract"),
        arguments("DROP TRIGGER run_ends ON run;", "contract"),
        arguments("ALTER TABLE task RENAME COLUMN a TO b;", "renames"),
        arguments("ALTER TABLE task RENAME TO work;", "renames"),
        arguments("ALTER TABLE task ALTER COLUMN name TYPE varchar(9);", "type"),
        arguments("ALTER TABLE task ALTER name SET DATA TYPE varchar(9);", "type"),
        arguments("ALTER TABLE task ALTER COLUMN key_hint SET NOT NULL;", "NOT NULL"),
        arguments("ALTER TABLE task ADD COLUMN a text NOT NULL;", "NOT NULL"),
        arguments(
            "ALTER TABLE task\n ADD COLUMN a text DEFAULT '', ADD b text NOT NULL;", "NOT NULL"),
        arguments("ALTER TABLE run ADD COLUMN a uuid DEFAULT gen_random_uuid();", "rewrites"),
        arguments("ALTER TABLE run ADD a text GENERATED ALWAYS AS (name) STORED;", "rewrites"),
        arguments("ALTER TABLE run ADD CHECK (attempt > 0);", "NOT VALID"),
        arguments("ALTER TABLE run ADD COLUMN a text CHECK (a <> '');", "NOT VALID"),
        arguments("ALTER TABLE audit ADD COLUMN a uuid REFERENCES account;", "NOT VALID"),
        arguments(
            "ALTER TABLE run_entry ADD CONSTRAINT c CHECK (seq > 0) NOT VALID, ADD UNIQUE (entry);",
            "NOT VALID"),
        arguments("CREATE INDEX run_x ON run (name);", "CONCURRENTLY"),
        arguments("CREATE UNIQUE INDEX x ON ONLY public.run_entry (seq);", "CONCURRENTLY"),
        arguments("CREATE INDEX CONCURRENTLY x ON run (name);", "DROP INDEX CONCURRENTLY"),
        arguments(
            """
            DROP INDEX CONCURRENTLY IF EXISTS x;
            CREATE INDEX CONCURRENTLY x ON run (name);
            ALTER TABLE run ADD COLUMN b text;
            """,
            "file of its own"),
        arguments("UPDATE run SET output = '';", "batches"),
        arguments("DELETE FROM audit WHERE at < now();", "batches"),
        arguments("INSERT INTO run_tombstone SELECT task_id, name FROM run;", "batches"),
        arguments("TRUNCATE usage_tally;", "contract"),
        arguments("LOCK TABLE run;", "locks"),
        arguments("VACUUM run;", "file of its own"));
  }

  @ParameterizedTest
  @MethodSource("against")
  void violationsAreFound(String sql, String rule) {
    List<String> broken = MigrationRules.broken(new Script("V99__x.sql", sql), RELEASED);
    assertTrue(broken.stream().anyMatch(found -> found.contains(rule)), broken::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE thing (id uuid PRIMARY KEY, a text NOT NULL, task uuid REFERENCES task);"
            + " CREATE INDEX thing_a ON thing (a);",
        "-- Drops nothing, renames nothing.\nALTER TABLE run ADD COLUMN a text;",
        "ALTER TABLE run ADD COLUMN a boolean NOT NULL DEFAULT false, ADD b numeric(9, 2);",
        "ALTER TABLE run ADD CONSTRAINT c CHECK (attempt >= 0 AND name <> 'a,b') NOT VALID;",
        "ALTER TABLE run VALIDATE CONSTRAINT c;",
        "ALTER TABLE task DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (name <> '') NOT VALID;",
        "-- contract: unused since 0.1.0\nALTER TABLE task DROP COLUMN a;",
        "-- Why.\nDROP INDEX CONCURRENTLY IF EXISTS x;\nCREATE INDEX CONCURRENTLY x ON run (name);",
        "DROP INDEX CONCURRENTLY IF EXISTS x;",
        "CREATE INDEX provider_x ON provider (name);",
        "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " UPDATE run SET name = ''; DELETE FROM run; RETURN NULL; END $$;",
        "UPDATE profile SET name = 'UPDATE run SET x';",
        "ALTER TABLE run ALTER COLUMN a DROP NOT NULL, ALTER b SET DEFAULT 1;"
      })
  void conformingMigrationsPass(String sql) {
    assertEquals(List.of(), MigrationRules.broken(new Script("V99__x.sql", sql), RELEASED));
  }
}
