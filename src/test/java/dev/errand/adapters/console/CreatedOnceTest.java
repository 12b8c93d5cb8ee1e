package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of two people who create a thing of one name at the same time, the second is told of it. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class CreatedOnceTest {
  private static final String PROFILE = "/api/profiles/~/console-once";
  private static final String HOME = "/console/admin/console-once";
  private static final String NAME = "once-alone";

  @Inject DataSource database;
  @Inject Sql sql;

  private final ScriptedModel model = new ScriptedModel();
  private final Browser admin = new Browser(Api.SESSION);

  @BeforeEach
  void aProfileWithATaskAndAChannel() {
    api().body("{}").post(PROFILE).then().statusCode(201);
    api()
        .body(Api.task("Hello", model.url(), Map.of("key", "sk-a-key-of-1234")))
        .put(PROFILE + "/tasks/daily")
        .then()
        .statusCode(201);
    api()
        .body(Map.of("kind", "webhook", "url", model.url()))
        .put(PROFILE + "/channels/team")
        .then()
        .statusCode(201);
  }

  @AfterEach
  void tidyUp() {
    api().delete(PROFILE + "?force=true").then().statusCode(204);
    api().delete("/api/users/~/providers/" + NAME);
    api().delete("/api/users/~/budgets/" + NAME);
    api().delete("/api/users/" + NAME);
    model.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/new-task, #task",
    "/new-schedule?task=daily, #schedule",
    "/new-trigger?task=daily, #trigger",
    "/new-channel, #channel",
    "/new-notice, #notice",
    "/new-budget, #budget",
    "/settings/users/admin/new-budget, #budget",
    "/settings/providers/own, #provider",
    "/settings/providers/profile, #provider",
    "/settings/users, #make"
  })
  void theSecondIsTold(String path, String form) throws Exception {
    Page empty = admin.open(HOME + path);
    Map<String, String> fields =
        switch (form) {
          case "#task" ->
              Map.of(
                  "name",
                  NAME,
                  "prompt",
                  "Hello",
                  "runner",
                  "openai",
                  "model",
                  "gpt-4o",
                  "key",
                  "sk-a-key-of-5678",
                  "base_url",
                  model.url());
          case "#provider" ->
              Map.of(
                  "name",
                  NAME,
                  "runner",
                  "openai",
                  "model",
                  "gpt-4o",
                  "key",
                  "sk-a-key-of-5678",
                  "base_url",
                  model.url());
          case "#schedule" -> Map.of("name", NAME, "time", "09:30");
          case "#channel" -> Map.of("name", NAME, "kind", "slack", "address", model.url());
          case "#budget" -> Map.of("name", NAME, "usd", "5");
          case "#notice" -> Map.of("name", NAME, "channel", "team");
          default -> Map.of("name", NAME);
        };
    List<Page> pages = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      List<Future<Page>> sent = new ArrayList<>();
      try (Statement statement = connection.createStatement()) {
        // Whatever the forms lock is locked, so that both are on their way before one is done.
        for (String table : List.of("account", "profile", "task")) {
          statement.execute("SELECT FROM " + table + " FOR NO KEY UPDATE");
        }
        for (int i = 0; i < 2; i++) {
          sent.add(threads.submit(() -> new Browser(Api.SESSION).send(empty, form, fields)));
        }
        Eventually.await("both wait", () -> waiting() >= 2);
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
      }
      for (Future<Page> each : sent) {
        pages.add(each.get());
      }
    }
    pages.sort(Comparator.comparingInt(Page::status));
    assertEquals(2, pages.getFirst().status() / 100, pages.getFirst().text());
    Page second = pages.getLast();
    assertEquals(409, second.status(), second.text());
    String told = second.one("[role=alert]").text();
    assertTrue(told.contains("already") && told.contains("choose another name"), told);
    assertEquals(NAME, second.value(form + " [name=name]"));
  }

  private int waiting() {
    return sql.statement(
            """
            SELECT count(*) AS number FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
            """)
        .one(row -> row.integer("number"));
  }
}
