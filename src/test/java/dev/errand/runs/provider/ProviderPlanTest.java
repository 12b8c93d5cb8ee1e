package dev.errand.runs.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.support.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tasks of a provider are found without a look at others. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ProviderPlanTest {
  @Inject Sql sql;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theTasksOfAProviderAreReadByAnIndex(boolean analyzed) {
    UUID used = UUID.randomUUID();
    // What is rolled back need not be deleted, which takes long.
    QuarkusTransaction.begin();
    try {
      sql.statement(
              """
              INSERT INTO provider (id, profile_id, name, runner, settings, created_at, modified_at)
              SELECT CASE number WHEN 1 THEN :used ELSE gen_random_uuid() END, profile.id,
                'planned-' || number, 'openai', '{"model":"m"}', now(), now()
              FROM profile JOIN account ON account.id = profile.account_id,
                generate_series(1, 100) AS number
              WHERE account.username = 'admin' AND profile.name = 'default'
              """)
          .with("used", used)
          .run();
      sql.statement(
              """
              INSERT INTO task (id, profile_id, name, runner, runner_settings, settings, provider_id)
              SELECT gen_random_uuid(), provider.profile_id, provider.name || '-' || number, 'openai',
                '{"prompt":"p"}', '{}', provider.id
              FROM provider, generate_series(1, 200) AS number WHERE provider.name LIKE 'planned-%'
              """)
          .run();
      if (analyzed) {
        sql.statement("ANALYZE task").run();
      }
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
    } finally {
      QuarkusTransaction.rollback();
      if (analyzed) {
        sql.statement("ANALYZE task").run();
      }
    }
  }
}
