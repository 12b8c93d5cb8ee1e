package dev.errand.runs.history;

import static dev.errand.support.Api.api;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.base.database.Sql;
import dev.errand.runs.queue.KeptByHand;
import dev.errand.support.Api;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Maintenance waits for no profile that is being deleted, and does the rest meanwhile. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = KeptByHand.class, scope = TestResourceScope.MATCHING_RESOURCES)
@Timeout(60)
class LockedProfileTest {
  private static final List<String> PROFILES = List.of("locked", "free");
  private static final String LOCK = "SELECT FROM profile WHERE name = 'locked' FOR UPDATE";

  /** What is left to do for a profile; nothing where it is done. */
  private static final String LEFT =
      """
      SELECT (SELECT count(*) FROM run WHERE task_id = task.id AND name = 'ended'
          AND NOT EXISTS (SELECT FROM run_tombstone WHERE run_id = run.id))
        || ' unmarked, '
        || (SELECT count(*) FROM run WHERE task_id = task.id AND name = 'marked')
        || ' marked, '
        || (SELECT count(*) FROM task AS gone JOIN run_tombstone ON task_id = gone.id
          WHERE gone.profile_id = task.profile_id AND gone.name = 'gone')
        || ' names, '
        || (SELECT count(*) FROM usage_tally WHERE task_id = task.id)
        || ' tallies' AS shown
      FROM task WHERE name = :task
      """;

  private static final String ALL = "1 unmarked, 1 marked, 1 names, 1 tallies";
  private static final String NOTHING = "0 unmarked, 0 marked, 0 names, 0 tallies";

  @Inject RunRetention retention;
  @Inject UsageStore usage;
  @Inject DataSource database;
  @Inject Sql sql;

  @AfterEach
  void remove() {
    PROFILES.forEach(profile -> api().delete("/api/profiles/~/" + profile + "?force=true"));
  }

  @Test
  void retentionAndUsagePassOverAProfileThatIsBeingDeleted() throws SQLException {
    for (String profile : PROFILES) {
      fill(profile);
      assertEquals(ALL, left(profile));
    }
    try (Connection deletion = database.getConnection();
        Statement statement = deletion.createStatement()) {
      deletion.setAutoCommit(false);
      statement.execute(LOCK);
      keep();
      assertEquals(ALL, left("locked"));
      assertEquals(NOTHING, left("free"));
      deletion.rollback();
      deletion.setAutoCommit(true);
    }
    keep();
    assertEquals(NOTHING, left("locked"));
  }

  @Test
  void talliesOfAProfileThatIsGoneAreDropped() {
    fill("free");
    api().delete("/api/profiles/~/free").then().statusCode(204);
    keep();
    long tallies =
        sql.statement(
                """
                SELECT count(*) AS tallies FROM usage_tally
                WHERE NOT EXISTS (SELECT FROM profile WHERE id = profile_id)
                """)
            .one(row -> row.number("tallies"));
    assertEquals(0, tallies);
  }

  private void keep() {
    retention.runOnce();
    usage.addUp();
  }

  private String left(String profile) {
    return sql.statement(LEFT).with("task", "of-" + profile).one(row -> row.text("shown"));
  }

  private void fill(String profile) {
    String address = "/api/profiles/~/" + profile;
    api().post(address).then().statusCode(201);
    api()
        .body(Api.task("Hello", "http://127.0.0.1:1/v1", Map.of("key", "sk-a-key-for-tests-1234")))
        .put(address + "/tasks/of-" + profile)
        .then()
        .statusCode(201);
    for (String statement :
        List.of(
            """
            INSERT INTO run (task_id, profile_id, name, status, parameters, assignment, trigger,
              attempt, created_at, started_at, finished_at)
            SELECT id, profile_id, run, 'ready', '{}', '{}', '{}', 1, long_ago, long_ago, long_ago
            FROM task, (VALUES ('ended'), ('marked')) AS of_names (run),
              (VALUES (now() - interval '400 days')) AS of_times (long_ago)
            WHERE task.name = :task
            """,
            """
            INSERT INTO run_tombstone (task_id, name, run_id, removed_at)
            SELECT task_id, run.name, run.id, now() - interval '1 hour'
            FROM run JOIN task ON task.id = task_id
            WHERE task.name = :task AND run.name = 'marked'
            """,
            """
            WITH gone AS (
              INSERT INTO task (id, profile_id, name, runner, runner_settings, settings, deleted_at)
              SELECT gen_random_uuid(), profile_id, 'gone', 'openai', '{}', '{}', now()
              FROM task WHERE name = :task
              RETURNING id)
            INSERT INTO run_tombstone (task_id, name, removed_at) SELECT id, 'gone', now() FROM gone
            """,
            """
            INSERT INTO usage_tally (profile_id, task_id, day, status, usage)
            SELECT profile_id, id, current_date, 'ready', '{}' FROM task WHERE name = :task
            """)) {
      sql.statement(statement).with("task", "of-" + profile).run();
    }
  }
}
