package dev.errand.runs.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.app.database.EmbeddedDatabase;
import dev.errand.base.database.Sql;
import dev.errand.runs.queue.FilledDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tasks of a provider are found without a look at others. */
class ProviderPlanTest {
  @TempDir static Path folder;

  // In a database of its own: what other tests had in the table may have been analyzed.
  @Test
  void theTasksOfAProviderAreReadByAnIndexWithStatisticsAndWithout() throws Exception {
    EmbeddedDatabase server = EmbeddedDatabase.startIn(folder);
    try (FilledDatabase database = new FilledDatabase(server, "providers")) {
      Sql sql = new Sql(database.source());
      UUID used = UUID.randomUUID();
      database.change(
          """
          INSERT INTO provider (id, profile_id, name, runner, settings, created_at, modified_at)
          SELECT CASE number WHEN 1 THEN '%s' ELSE gen_random_uuid() END, profile.id,
            'planned-' || number, 'openai', '{"model":"m"}', now(), now()
          FROM profile, generate_series(1, 100) AS number WHERE profile.name = 'p0'
          """
              .formatted(used));
      database.change(
          """
          INSERT INTO task (id, profile_id, name, runner, runner_settings, settings, provider_id)
          SELECT gen_random_uuid(), provider.profile_id, provider.name || '-' || number, 'openai',
            '{"prompt":"p"}', '{}', provider.id
          FROM provider, generate_series(1, 200) AS number
          """);
      assertIsReadByAnIndex(sql, used);
      database.change("ANALYZE task");
      assertIsReadByAnIndex(sql, used);
    } finally {
      server.stop();
    }
  }

  private static void assertIsReadByAnIndex(Sql sql, UUID used) {
    String plan =
        String.join(
            "\n",
            sql.statement("EXPLAIN " + ProviderStore.TASKS)
                .with("ids", "uuid", List.of(used))
                .with("most", 10)
                .list(row -> row.text("QUERY PLAN")));
    assertTrue(plan.contains("using task_provider") || plan.contains("on task_provider"), plan);
    assertFalse(plan.contains("Seq Scan on task"), plan);
    List<Long> counts =
        sql.statement(ProviderStore.TASKS)
            .with("ids", "uuid", List.of(used))
            .with("most", 10)
            .list(row -> row.number("tasks"));
    assertEquals(10, counts.size());
    assertEquals(200, counts.getFirst());
  }
}
