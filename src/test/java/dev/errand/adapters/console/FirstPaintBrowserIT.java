package dev.errand.adapters.console;

import static dev.errand.adapters.console.AdminBrowser.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.identity.signin.StartLinks;
import dev.errand.support.Chromium;
import dev.errand.support.PagePictures;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How soon each page shows something in a profile with 100,000 runs, and how large it is. The
 * figures are written to {@code target/browser/first-paint.txt}.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class FirstPaintBrowserIT {
  private static final String PROFILE = "/api/profiles/~/busy";
  private static final String HOME = "/console/admin/busy";
  private static final int TASKS = 50;
  private static final int RUNS = 100_000;
  private static final int PART = 5_000;
  private static final int TIMES = 5;
  private static final int MOST_BYTES = 100 * 1024;

  @Inject StartLinks links;
  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();
  private Chromium browser;

  @BeforeEach
  void aBusyProfile() throws Exception {
    EveryPage.fill(PROFILE, model);
    for (int task = 1; task < TASKS; task++) {
      EveryPage.register(PROFILE, "task-" + task, model);
    }
    fill();
    browser = AdminBrowser.open(links, database);
  }

  @AfterEach
  void tidyUp() throws Exception {
    browser.close();
    model.close();
    for (int done = 0; done < RUNS; done += PART) {
      execute(
          """
          DELETE FROM run WHERE id IN (
            SELECT run.id FROM run JOIN profile ON profile.id = run.profile_id
            WHERE profile.name = 'busy' AND starts_with(run.name, 'ended-') LIMIT %d)
          """
              .formatted(PART));
    }
    EveryPage.empty(PROFILE);
  }

  private void fill() throws SQLException {
    execute(
        """
        CREATE TABLE numbered AS
          SELECT task.id, profile_id, row_number() OVER (ORDER BY task.name) - 1 AS number,
            '{"openai": {"prompt": "Hi", "model": "gpt-4o"}, "settings": ' || settings || '}' AS assignment
          FROM task JOIN profile ON profile.id = task.profile_id WHERE profile.name = 'busy'""");
    // A statement may take ten seconds.
    for (int done = 0; done < RUNS; done += PART) {
      execute(
          """
          INSERT INTO run (task_id, profile_id, name, status, parameters, assignment, trigger, usage,
            error_code, error_message, output, attempt, created_at, started_at, finished_at)
          SELECT id, profile_id, 'ended-' || n, CASE WHEN n %% 20 = 0 THEN 'error' ELSE 'ready' END,
            '{"url": "https://example.org/' || n || '"}', assignment,
            CASE WHEN n %% 3 = 0 THEN '{"kind": "schedule", "schedule": "daily"}' ELSE '{"kind": "api"}' END,
            '{"total_tokens": 1234, "prompt_tokens": 1000, "completion_tokens": 234, "steps": 2, "tool_calls": 1, "cost_usd": 0.004}',
            CASE WHEN n %% 20 = 0 THEN 'max_tokens' END, CASE WHEN n %% 20 = 0 THEN 'Too many tokens.' END,
            CASE WHEN n %% 20 <> 0 THEN 'Fine.' END, 1, at, at, at + interval '9 s'
          FROM (
            SELECT n, now() - (%1$d - n) * interval '25 s' AS at
            FROM generate_series(%3$d + 1, %3$d + %4$d) AS n) AS each
          JOIN numbered ON number = n %% %2$d ORDER BY n"""
              .formatted(RUNS, TASKS, done, PART));
    }
    execute(
        """
        INSERT INTO usage_day (profile_id, task_id, day, runs_ready, runs_error, prompt_tokens,
          completion_tokens, cached_tokens, reasoning_tokens, total_tokens, steps, tool_calls,
          model_ms, tool_ms, cost_usd)
        SELECT profile_id, id, current_date - day, 60, 3, 60000, 14000, 0, 0, 74000, 120, 60, 90000,
          9000, 0.25
        FROM numbered, generate_series(0, 29) AS day
        -- What ran to fill the pages may be counted already.
        ON CONFLICT DO NOTHING""",
        "DROP TABLE numbered");
    execute("VACUUM ANALYZE run");
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  @Test
  void eachPageShowsSomethingSoon() throws Exception {
    List<String> figures = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    // What is not started or compiled yet is no page's own time.
    List<String> pages = EveryPage.addresses(PROFILE);
    pages.add("/tasks/task-15/runs/ended-57");
    for (String page : pages) {
      browser.open(service() + HOME + page);
    }
    for (String page : pages) {
      // The best is the page's own time, whatever else the machine does.
      double best = Double.MAX_VALUE;
      double worst = 0;
      int bytes = 0;
      for (int time = 0; time < TIMES; time++) {
        browser.open(service() + HOME + page);
        browser.await("a paint", "performance.getEntriesByType('paint').length > 1");
        double paint =
            browser
                .evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
                .asDouble();
        best = Math.min(best, paint);
        worst = Math.max(worst, paint);
        bytes =
            browser
                .evaluate("performance.getEntriesByType('navigation')[0].decodedBodySize")
                .asInt();
      }
      assertEquals(
          200,
          browser.evaluate("performance.getEntriesByType('navigation')[0].responseStatus").asInt(),
          page);
      String title = browser.evaluate("document.title").asText();
      String figure =
          "%6.0f to %6.0f ms %7d bytes  %s (%s)".formatted(best, worst, bytes, page, title);
      figures.add(figure);
      // How soon that is depends on the machine, and is to be read.
      if (bytes > MOST_BYTES) {
        wrong.add(figure);
      }
    }
    Files.write(PagePictures.FOLDER.resolve("first-paint.txt"), figures);
    assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
  }
}
