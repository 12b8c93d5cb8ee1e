package dev.errand.adapters.console;

import static dev.errand.adapters.console.AdminBrowser.service;
import static dev.errand.support.Api.api;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.identity.signin.StartLinks;
import dev.errand.support.Api;
import dev.errand.support.Chromium;
import dev.errand.support.GrantedAccess;
import dev.errand.support.OtherUser;
import dev.errand.support.PagePictures;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * People use usage and settings with a browser that others have written: {@code ./mvnw test
 * -Pbrowser}. Its pictures are in {@code target/browser}.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SettingsBrowserIT {
  private static final String PROFILE = "/api/profiles/~/default";
  private static final String LONG = "long-name".repeat(14) + "no";
  private static final String HOME = "/console/admin/default";

  @Inject StartLinks links;
  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();
  private Chromium browser;

  @BeforeEach
  void aBrowserWithASession() throws Exception {
    browser = AdminBrowser.open(links, database);
  }

  @AfterEach
  void tidyUp() throws Exception {
    browser.close();
    model.close();
    for (String task : List.of("digest", "prices", "greet", LONG)) {
      api().delete(PROFILE + "/tasks/" + task + "?force=true");
    }
    api().delete(PROFILE + "/providers/lab");
    for (String budget : List.of("monthly", "daily", "each")) {
      api().delete(PROFILE + "/budgets/" + budget);
    }
    api().delete("/api/oauth/clients/browser-chat");
    sql("DELETE FROM account WHERE username IN ('grace', 'linus', 'hopper')");
  }

  private void sql(String text) throws Exception {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  private void pictures(String name) throws IOException {
    PagePictures.take(browser, "settings-" + name);
  }

  @Test
  void aPersonSeesWhatWasUsed() throws Exception {
    for (String task : List.of("digest", "prices", "greet", LONG)) {
      Api.register(task, "Hello", model).then().statusCode(201);
    }
    sql(
        """
        INSERT INTO usage_day (profile_id, task_id, day, runs_ready, runs_error, prompt_tokens,
          completion_tokens, cached_tokens, reasoning_tokens, total_tokens, steps, tool_calls,
          model_ms, tool_ms, cost_usd)
        SELECT task.profile_id, task.id, current_date - n, 5 + n % 7, n % 4, 1000 * n, 100, 0, 0,
          1000 * n + 100, 9, 4, 9000, 400, 0.01 * (n % 9) * length(task.name)
        FROM task, generate_series(0, 40) AS n
        WHERE (task.name IN ('digest', 'prices', 'greet') OR length(task.name) = 128) AND task.deleted_at IS NULL
        """);
    browser.open(service() + HOME + "/usage");
    browser.await("the plots", "document.querySelectorAll('#plots canvas').length === 4");
    pictures("usage");
    // However long a name is, the numbers beside it are in sight.
    assertTrue(
        browser
            .evaluate(
                "(e => e.scrollWidth <= e.clientWidth)(document.querySelector('#tasks + .scroll'))")
            .asBoolean());
    browser.click("a.button[href*='from=']:nth-of-type(3)");
    browser.await("90 days", "document.querySelectorAll('#days + .scroll tbody tr').length === 41");
    browser.await("the plots", "document.querySelectorAll('#plots canvas').length === 4");
    pictures("usage-90");
    browser.evaluate("document.getElementById('task-plots').scrollIntoView()");
    pictures("usage-tasks");
    int bytes = 0;
    for (String script :
        List.of(
            "/webjars/htmx.org/2.0.10/dist/htmx.min.js",
            "/webjars/htmx-ext-sse/2.2.2/sse.js",
            "/webjars/uplot/1.6.30/dist/uPlot.iife.min.js",
            "/assets/x/console.js",
            "/assets/x/invitation.js",
            "/assets/x/usage.js")) {
      bytes += api().get(script).then().statusCode(200).extract().asByteArray().length;
    }
    assertTrue(bytes <= 120 * 1024, "JavaScript of " + bytes + " bytes");
    browser.scripts(false);
    browser.open(service() + HOME + "/usage");
    browser.await("the tables", "document.querySelectorAll('#tasks + .scroll tr').length > 3");
  }

  @Test
  void anOwnerSetsABudgetAndSeesItsCourse() throws Exception {
    Api.register("digest", "Hello", model).then().statusCode(201);
    sql(
        """
        INSERT INTO usage_day (profile_id, task_id, day, runs_ready, runs_error, prompt_tokens,
          completion_tokens, cached_tokens, reasoning_tokens, total_tokens, steps, tool_calls,
          model_ms, tool_ms, cost_usd)
        SELECT task.profile_id, task.id, (now() AT TIME ZONE 'UTC')::date - n, 5, 1, 1000 * n, 100, 0,
          0, 1000 * (1 + n % 5), 9, 4, 9000, 400, 0.4 + 0.1 * (n % 7)
        FROM task, generate_series(0, 40) AS n
        WHERE task.name = 'digest' AND task.deleted_at IS NULL
        """);
    browser.open(service() + HOME + "/usage");
    browser.click("main a[href$='/budgets']");
    browser.await("no budgets", "document.querySelector('#of-profile') !== null");
    browser.click("#of-profile + a");
    browser.await("the form", "document.querySelector('#budget') !== null");
    browser.type("[name=name]", "monthly");
    browser.type("[name=usd]", "20");
    browser.type("[name=tokens]", "100000");
    pictures("budget-form");
    browser.click("#budget button.first");
    browser.await("the plots", "document.querySelectorAll('#course canvas').length === 2");
    pictures("budget");
    api()
        .body(Map.of("period", "day", "usd", 0.5, "on_exhausted", "wait"))
        .put(PROFILE + "/budgets/daily")
        .then()
        .statusCode(201);
    api()
        .body(Map.of("period", "run", "usd", 1, "task", "digest"))
        .put(PROFILE + "/budgets/each")
        .then()
        .statusCode(201);
    browser.open(service() + HOME + "/budgets/daily");
    browser.await("the plot", "document.querySelectorAll('#course canvas').length === 1");
    pictures("budget-day");
    browser.open(service() + HOME + "/budgets/each");
    pictures("budget-run");
    browser.open(service() + HOME + "/budgets");
    pictures("budgets");
    browser.open(service() + HOME);
    pictures("home-month");
    browser.open(service() + HOME + "/tasks/digest");
    pictures("task-cost");
    browser.open(service() + HOME + "/new-schedule?task=digest");
    browser.type("[name=name]", "often");
    browser.evaluate(
        "document.querySelector('[name=rule]').value = 'every';"
            + " document.querySelector('[name=every]').value = '10s'");
    browser.click("#schedule button.first");
    browser.await("the question", "document.querySelector('#confirm') !== null");
    pictures("schedule-asks");
    browser.click("#confirm input");
    browser.click("#schedule button.first");
    browser.await("the schedule", "location.pathname.endsWith('/schedules/often')");
  }

  @Test
  void aPersonMakesATokenAndEndsTheAccessOfAChat() throws Exception {
    browser.open(service() + HOME + "/settings");
    pictures("settings");
    browser.open(service() + HOME + "/settings/tokens");
    browser.type("#make [name=name]", "nightly build");
    browser.click("#make [value=run]");
    browser.click("#make button.first");
    browser.await("the token", "document.querySelector('#token') !== null");
    pictures("tokens");
    browser.click(".sure summary");
    pictures("revoke");
    browser.click(".sure button");
    browser.await("no token", "document.querySelector('.empty') !== null");
    api()
        .body(Map.of("redirect_uris", List.of("http://localhost:1/back"), "confidential", false))
        .put("/api/oauth/clients/browser-chat")
        .then()
        .statusCode(201);
    String _ = GrantedAccess.to("browser-chat", database);
    browser.open(service() + "/console/grants");
    pictures("grants");
    browser.click(".sure summary");
    browser.click(".sure button");
    browser.await("no grant", "document.querySelector('.empty') !== null");
    browser.open(service() + HOME + "/settings/sessions");
    pictures("sessions");
  }

  @Test
  void anOwnerSharesAProfileAndStoresAProvider() throws Exception {
    OtherUser _ = OtherUser.named("grace", database);
    browser.open(service() + HOME + "/settings/members");
    browser.type("#share [name=member]", "grace");
    browser.click("#share button");
    browser.await("the member", "document.querySelectorAll('tbody tr').length === 2");
    pictures("members");
    browser.open(service() + HOME + "/settings/providers/profile");
    browser.type("[name=name]", "lab");
    browser.click("[name=runner][value=openai]");
    browser.type("[name=model]", "gpt-4o");
    browser.type("[name=base_url]", model.url());
    browser.type("[name=key]", "sk-of-the-lab-4321");
    browser.click("#provider button.first");
    browser.await("the provider", "location.pathname.endsWith('/providers/profile/lab')");
    browser.click("#check button");
    browser.await("what the server said", "document.querySelector('[role=status]') !== null");
    pictures("provider");
    browser.open(service() + HOME + "/settings/providers");
    pictures("providers");
    browser.click(".switch summary");
    browser.await("the profiles", "document.querySelector('.switch .list a') !== null");
    pictures("switch");
    browser.open(service() + HOME + "/profiles");
    pictures("profiles");
  }

  @Test
  void anAdminInvitesAPersonAndLooksAfterTheService() throws Exception {
    browser.open(service() + HOME + "/settings/users");
    browser.type("#make [name=name]", "linus");
    browser.type("#make [name=email]", "linus@example.org");
    browser.click("#make button");
    browser.await("the link", "document.querySelector('#link') !== null");
    pictures("users");
    browser.open(service() + HOME + "/settings/users/linus");
    pictures("user");
    browser.open(service() + HOME + "/settings/audit");
    pictures("audit");
    browser.open(service() + HOME + "/settings/service");
    browser.click("#reseal button");
    browser.await("the bar", "document.querySelector('progress') !== null");
    // The page follows by itself.
    browser.await("the worker", "document.querySelector('#service tbody tr') !== null");
    pictures("service");
  }
}
