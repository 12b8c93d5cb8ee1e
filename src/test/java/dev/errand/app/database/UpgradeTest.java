package dev.errand.app.database;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a database has from before there were users stays what it was. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class UpgradeTest {
  private static final String BEFORE_USERS = "18";

  private static final List<String> WHAT_IS_THERE =
      List.of(
          "INSERT INTO account (id, username) VALUES (gen_random_uuid(), 'admin')",
          """
          INSERT INTO session (token_hash, account_id, kind, expires_at)
          SELECT sha256('operator'), id, 'bootstrap', NULL::timestamptz FROM account
          UNION ALL SELECT sha256('developer'), id, 'dev', now() + interval '30 days' FROM account
          """,
          """
          INSERT INTO profile (id, account_id, name)
          SELECT gen_random_uuid(), id, 'default' FROM account
          """,
          """
          INSERT INTO task (id, profile_id, name, runner, runner_settings, settings, key_sealed,
            key_hint)
          SELECT gen_random_uuid(), id, 'here', 'openai',
            '{"prompt":"Hi","model":"m","base_url":"https://models.example.org/v1"}', '{}', 'x'::bytea, '…'
          FROM profile
          UNION ALL SELECT gen_random_uuid(), id, 'configured', 'openai',
            '{"prompt":"Say \\"base_url\\":\\"https://elsewhere.example.org\\"}","model":"m"}', '{}',
            'x'::bytea, '…'
          FROM profile
          """,
          """
          INSERT INTO run (task_id, profile_id, name, status, parameters, assignment, trigger, attempt,
            started_at, finished_at)
          SELECT id, profile_id, 'monday', 'ready', '{}', '{}', '{}', 1, now(), now() FROM task
          WHERE name = 'here'
          """);

  @Inject DataSource database;
  @Inject Flyway flyway;

  @BeforeEach
  void aDatabaseFromBefore() throws SQLException {
    execute("CREATE SCHEMA upgraded");
    configuration().target(BEFORE_USERS).load().migrate();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      boolean _ = statement.execute("SET LOCAL search_path = upgraded");
      for (String sql : WHAT_IS_THERE) {
        boolean _ = statement.execute(sql);
      }
      connection.commit();
      connection.setAutoCommit(true);
    }
  }

  @AfterEach
  void drop() throws SQLException {
    execute("DROP SCHEMA upgraded CASCADE");
  }

  @Test
  void theAdminKeepsSessionsAndTasks() throws SQLException {
    configuration().load().migrate();

    assertEquals(
        "admin admin person t",
        one("SELECT concat_ws(' ', username, role, kind, disabled_at IS NULL) FROM account"));
    assertEquals(
        "2",
        one(
            "SELECT count(DISTINCT id) FROM session WHERE expires_at IS NULL OR expires_at > now()"));
    assertEquals(
        "configured - t, here https://models.example.org/v1 t",
        one(
            """
            SELECT string_agg(concat_ws(' ', name, coalesce(key_url, '-'), key_sealed IS NOT NULL), ', '
              ORDER BY name) FROM task
            """));
    assertEquals("monday ready", one("SELECT concat_ws(' ', name, status) FROM run"));
    assertEquals("0", one("SELECT count(*) FROM audit"));
  }

  @Test
  void usersWithNamesThatDifferOnlyInCaseStayAndNoNewOnesAreCreated() throws SQLException {
    configuration().target("26").load().migrate();
    inUpgraded(
        """
        INSERT INTO account (id, username, created_at) VALUES
          (gen_random_uuid(), 'ada', now() - interval '2 days'),
          (gen_random_uuid(), 'Ada', now() - interval '1 day'),
          (gen_random_uuid(), 'ADA', now())
        """);
    configuration().load().migrate();
    assertEquals(
        "ADA Ada",
        one(
            "SELECT string_agg(username, ' ' ORDER BY username COLLATE \"C\") FROM account"
                + " WHERE named_alike"));
    inUpgraded(
        """
        INSERT INTO account (id, username) VALUES (gen_random_uuid(), 'aDa'), (gen_random_uuid(), 'Bob')
        ON CONFLICT DO NOTHING
        """);
    assertEquals("5", one("SELECT count(*) FROM account"));
  }

  private void inUpgraded(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      boolean _ = statement.execute("SET LOCAL search_path = upgraded");
      boolean _ = statement.execute(sql);
      connection.commit();
      connection.setAutoCommit(true);
    }
  }

  private FluentConfiguration configuration() {
    return Flyway.configure()
        .configuration(flyway.getConfiguration())
        .defaultSchema("upgraded")
        .schemas("upgraded");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      boolean _ = statement.execute(sql);
    }
  }

  private String one(String query) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      boolean _ = statement.execute("SET LOCAL search_path = upgraded");
      try (ResultSet row = statement.executeQuery(query)) {
        row.next();
        return row.getString(1);
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    }
  }
}
