package dev.errand.packaged;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.say;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.app.database.SchemaVersions;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From the schema of each released version to this one, and on to the next and back. */
class UpgradeIT {
  private static final int RUNS = 12;

  // What each version may remove or add up by itself.
  private static final String PASSING =
      "'worker_process', 'usage_tally', 'start_link', 'invitation', 'oidc_logout', 'mcp_connect',"
          + " 'session', 'mcp_tool_set', 'set_up_link', 'flyway_schema_history'";

  private static final String TABLES =
      """
      SELECT relname || ' ' || (xpath('/row/n/text()',
        query_to_xml('SELECT count(*) AS n FROM public.' || relname, false, true, '')))[1]
      FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        AND relname NOT IN (%s) ORDER BY relname
      """
          .formatted(PASSING);

  private static final String SCHEMA =
      """
      SELECT thing FROM (
        SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default,
          generation_expression) AS thing
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid))
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc
          WHERE pronamespace = 'public'::regnamespace
      ) AS things ORDER BY thing
      """;

  // All that the rules let a migration add, to each table that there is.
  private static final Map<String, String> NEXT =
      Map.of(
          "V9001__more.sql",
          """
          DO $$
          DECLARE
            name text;
          BEGIN
            FOR name IN SELECT relname FROM pg_class WHERE relkind = 'r'
              AND relnamespace = 'public'::regnamespace AND relname <> 'flyway_schema_history'
            LOOP
              EXECUTE format('ALTER TABLE %I ADD COLUMN next_text text,'
                ' ADD COLUMN next_flag boolean NOT NULL DEFAULT false', name);
            END LOOP;
          END $$;
          CREATE TABLE next_thing (id uuid PRIMARY KEY, task_id uuid REFERENCES task ON DELETE CASCADE);
          ALTER TABLE run ADD CONSTRAINT next_check CHECK (next_text <> '') NOT VALID;
          """,
          "V9002__index.sql",
          """
          DROP INDEX CONCURRENTLY IF EXISTS next_index;
          CREATE INDEX CONCURRENTLY next_index ON run (next_text);
          """);

  @TempDir static Path folder;

  private static Databases databases;

  @BeforeAll
  static void start() {
    databases = new Databases(folder);
  }

  @AfterAll
  static void stop() {
    RestAssured.reset();
    databases.close();
  }

  static Stream<String> released() {
    return SchemaVersions.released().stream();
  }

  @ParameterizedTest
  @MethodSource("released")
  void dataOfAnEarlierVersionWorks(String version) throws Exception {
    String name = "from_" + version.replace('.', '_');
    Map<String, String> environment = databases.create(name);
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(request -> say("Done by the next version."));
      String dump = Files.readString(SchemaVersions.FOLDER.resolve(version + ".sql"));
      databases.execute(
          name, dump.replace("127.0.0.1:15900", URI.create(model.url()).getAuthority()));
      // Else it would have run for longer than its task allows.
      databases.execute(name, "UPDATE run SET started_at = now() WHERE status = 'running'");
      List<String> before = databases.all(name, TABLES);
      try (Packaged service = Packaged.startSmall(name, environment).awaitReady()) {
        RestAssured.port = service.port();
        // A run that was under way goes on where that version was stopped.
        assertEquals("Done by the next version.", ended("slow", "held").getString("output"));
        assertEquals("Done.", ended("digest", "first").getString("output"));
        trigger("digest", "second", Map.of("what", "hello")).then().statusCode(201);
        assertEquals("ready", ended("digest", "second").getString("status"));
        assertEquals("Bearer sk-a-key-for-tests-1234", model.requests().getLast().authorization());
        trigger("shared", "first", Map.of()).then().statusCode(201);
        assertEquals("ready", ended("shared", "first").getString("status"));
        api()
            .body("{\"text\": \"hello\"}")
            .post("/api/profiles/~/default/installations/said/tools/echo")
            .then()
            .statusCode(200)
            .body("isError", equalTo(false));
        api().get(TASKS + "/digest/schedules/mornings").then().statusCode(200);
        // Keys are bound to their servers once the version before is left for good.
        api().get("/api/admin/reseal").then().body("keys_bound", equalTo(false));
        api().post("/api/admin/reseal").then().statusCode(202);
        Eventually.await(
            "keys that are bound",
            () -> api().get("/api/admin/reseal").jsonPath().getBoolean("keys_bound"));
        for (String task : List.of("digest", "shared")) {
          trigger(task, "bound", Map.of("what", "hello")).then().statusCode(201);
          assertEquals("ready", ended(task, "bound").getString("status"));
        }
        // A schedule goes on with the number after its last.
        Eventually.await(
            "the next fire",
            () ->
                api().get(TASKS + "/digest/schedules/often/fires").jsonPath().getList("$").size()
                    > 1);
        api().get("/api/profiles/~/renamed").then().statusCode(200);
        String hook = "/hooks/L4gerTBhR6SUnoKbaKRRupNtkljD6_M4wZyIm1y_fXg4IhUuZ3ZejF_DYL1mGBK6";
        given()
            .contentType("application/json")
            .body("{\"what\": \"x\"}")
            .post(hook + "?wait=30")
            .then()
            .statusCode(200);
      }
      assertEquals(List.of(), fewer(before, databases.all(name, TABLES)));
      assertTrue(before.size() > 30, before::toString);
    }
    // As one that began with this version.
    databases.create(name + "_new");
    databases.migration(name + "_new").load().migrate();
    assertEquals(
        String.join("\n", databases.all(name + "_new", SCHEMA)),
        String.join("\n", databases.all(name, SCHEMA)));
  }

  @Test
  void runsContinueWhileTheNextVersionMigratesAndAfterARollback() throws Exception {
    Map<String, String> environment = databases.create("onwards");
    CountDownLatch asked = new CountDownLatch(RUNS / 2);
    CountDownLatch migrated = new CountDownLatch(1);
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request -> {
            asked.countDown();
            await(migrated);
            return say("Done.");
          });
      try (Packaged first = Packaged.startSmall("onwards-1", environment).awaitReady()) {
        RestAssured.port = first.port();
        register(
                "live",
                "Hello",
                model,
                Map.of("key", "sk-a-key-for-tests-1234", "concurrency", RUNS / 2))
            .then()
            .statusCode(201);
        for (int i = 0; i < RUNS; i++) {
          trigger("live", "r" + i, Map.of()).then().statusCode(201);
        }
        await(asked);
        migrateToTheNext("onwards");
        // This version, started anew on the next one's schema.
        try (Packaged again = Packaged.startSmall("onwards-2", environment).awaitReady()) {
          migrated.countDown();
          RestAssured.port = again.port();
          for (int i = 0; i < RUNS; i++) {
            assertEquals("ready", ended("live", "r" + i).getString("status"));
          }
          assertEquals(RUNS, model.requests().size(), "no answer was asked for twice");
          first.requestStop();
          first.awaitEnd();
          Scenarios.all(again.managementPort());
          trigger("live", "last", Map.of()).then().statusCode(201);
          JsonPath last = ended("live", "last");
          assertEquals("ready", last.getString("status"), last.prettify());
        }
      } finally {
        migrated.countDown();
      }
    }
    assertEquals(
        "t",
        databases.one(
            "onwards",
            "SELECT indisvalid FROM pg_index WHERE indexrelid = 'next_index'::regclass"));
  }

  @Test
  void aMigratingProcessIsAliveAndNotReady() throws Exception {
    Map<String, String> environment = databases.create("migrating");
    environment.put("ERRAND_MIGRATION_LONGEST_WAIT", "PT10M");
    // From then on, accounts are changed.
    databases.migration("migrating").target("18").load().migrate();
    try (Connection backup = databases.connect("migrating");
        Statement lock = backup.createStatement()) {
      backup.setAutoCommit(false);
      boolean _ = lock.execute("LOCK TABLE account IN ACCESS SHARE MODE");
      try (Packaged service = Packaged.startSmall("migrating", environment)) {
        Eventually.await("a sign of life", () -> service.health("live") == 200);
        assertEquals(503, service.health("started"));
        assertEquals(503, service.health("ready"));
        assertEquals(503, service.status("/api/users/~"));
        assertEquals(503, service.status("/q/health/live"), "probes have a port of their own");
        backup.rollback();
        service.awaitReady();
        assertEquals(200, service.health("started"));
        assertEquals(401, service.status("/api/users/~"));
      }
    }
  }

  private static void migrateToTheNext(String name) throws Exception {
    Path next = Files.createDirectories(folder.resolve("next"));
    for (Map.Entry<String, String> script : NEXT.entrySet()) {
      Files.writeString(next.resolve(script.getKey()), script.getValue());
    }
    // Without a lock of its own that a concurrent index would wait for.
    databases
        .migration(name)
        .locations("classpath:db/migration", "filesystem:" + next)
        .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
        .load()
        .migrate();
  }

  /** The tables that have fewer rows than before. */
  private static List<String> fewer(List<String> before, List<String> now) {
    return before.stream()
        .filter(
            line -> {
              String[] table = line.split(" ", 2);
              return now.stream()
                  .map(other -> other.split(" ", 2))
                  .noneMatch(
                      other ->
                          other[0].equals(table[0])
                              && Long.parseLong(other[1]) >= Long.parseLong(table[1]));
            })
        .toList();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
