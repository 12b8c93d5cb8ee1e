package dev.errand.runs.task;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Tasks are found by their ids without a look at others. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TaskPlanTest {
  @Inject TaskReader tasks;
  @Inject Sql sql;

  @Test
  void tasksAreReadByTheirKeys() {
    try (ScriptedModel model = new ScriptedModel()) {
      register("copied", "Hello", model).then().statusCode(201);
      // What is rolled back need not be deleted, which takes long.
      QuarkusTransaction.begin();
      sql.statement(
              """
              INSERT INTO task (id, profile_id, name, runner, runner_settings, settings)
              SELECT gen_random_uuid(), profile_id, 'copy-' || number, runner, runner_settings, settings
              FROM task, generate_series(1, 20000) AS number
              WHERE task.name = 'copied' AND deleted_at IS NULL
              """)
          .run();
      sql.statement("ANALYZE task").run();
      Set<UUID> ids =
          new HashSet<>(
              sql.statement("SELECT id FROM task WHERE name LIKE 'copy-%' LIMIT 200")
                  .list(row -> row.id("id")));

      Map<UUID, TaskSnapshot> found = tasks.all(ids);
      assertEquals(ids, found.keySet());
      for (TaskSnapshot task : found.values()) {
        assertTrue(task.name().startsWith("copy-"), task.name());
        assertEquals("default", task.profile().name());
        assertTrue(task.runnerSettings().contains("Hello"), task.runnerSettings());
      }
      List<String> plan =
          sql.statement("EXPLAIN (ANALYZE, TIMING OFF) " + TaskStatements.BY_IDS)
              .with("ids", "uuid", ids)
              .list(row -> row.text("QUERY PLAN"));
      assertTrue(String.join("\n", plan).contains("Index Scan using task_pkey"), plan.toString());
      assertFalse(String.join("\n", plan).contains("Seq Scan on task"), plan.toString());
      String one =
          String.join(
              "\n",
              sql.statement("EXPLAIN " + TaskStatements.KEY)
                  .with("id", ids.iterator().next())
                  .list(row -> row.text("QUERY PLAN")));
      assertTrue(one.contains("Index Scan using task_pkey"), one);
      String some =
          String.join(
              "\n",
              sql.statement("EXPLAIN " + TaskStatements.KEYS_AND_TOOLS)
                  .with("ids", "uuid", ids.stream().limit(10).toList())
                  .list(row -> row.text("QUERY PLAN")));
      assertTrue(some.contains("on task_pkey"), some);
    } finally {
      QuarkusTransaction.rollback();
      sql.statement("ANALYZE task").run();
      api().delete(TASKS + "/copied?force=true").then().statusCode(204);
    }
  }
}
