package dev.errand.adapters.console;

import static dev.errand.adapters.console.AdminBrowser.service;
import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;

import dev.errand.automation.delivery.Receiver;
import dev.errand.automation.trigger.Hooks;
import dev.errand.identity.signin.StartLinks;
import dev.errand.support.Api;
import dev.errand.support.Chromium;
import dev.errand.support.PagePictures;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * People use the pages of schedules, triggers and callbacks with a browser that others have
 * written: {@code ./mvnw test -Pbrowser}. Its pictures are in {@code target/browser}.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class AutomationBrowserIT {
  private static final String PROFILE = "/api/profiles/~/automation";
  private static final String HOME = "/console/admin/automation";

  @Inject StartLinks links;
  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();
  private final Receiver receiver = new Receiver();
  private Chromium browser;

  @BeforeEach
  void aBrowserWithASession() throws Exception {
    api().body("{}").post(PROFILE).then().statusCode(201);
    browser = AdminBrowser.open(links, database);
    model.script(
        request ->
            request.lastMessage().toString().contains("prices")
                ? error(404, "model_not_found", "There is no such model.")
                : say("Three lines."));
  }

  @AfterEach
  void tidyUp() {
    browser.close();
    model.close();
    receiver.close();
    api().delete(PROFILE + "?force=true").then().statusCode(204);
  }

  private void register(String task, String prompt, Map<String, ?> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("key", "sk-of-a-person-1");
    api()
        .body(Api.task(prompt, model.url(), settings))
        .put(PROFILE + "/tasks/" + task)
        .then()
        .statusCode(201);
  }

  private void sql(String statement) throws Exception {
    try (Connection connection = database.getConnection();
        Statement made = connection.createStatement()) {
      made.execute(statement);
    }
  }

  private void pictures(String name) throws IOException {
    PagePictures.take(browser, "automation-" + name);
  }

  @Test
  void longNamesFitIntoTablesAndIntoTheCalendar() throws Exception {
    String name = "a" + "-very-long-name-of-a-task-that-somebody-made".repeat(3).substring(0, 119);
    String schedule = "x".repeat(64);
    String profile = "/api/profiles/~/" + "p".repeat(32);
    String home = "/console/admin/" + "p".repeat(32);
    api().body("{}").post(profile).then().statusCode(201);
    api()
        .body(Api.task("Say {{ word }}", model.url(), Map.of("key", "sk-of-a-person-1")))
        .put(profile + "/tasks/" + name)
        .then()
        .statusCode(201);
    String path = profile + "/tasks/" + name + "/schedules/" + schedule;
    api()
        .body(Map.of("cron", "0 9 * * *", "parameters", Map.of("word", "w".repeat(300))))
        .put(path)
        .then()
        .statusCode(201);
    for (int i = 0; i < 5; i++) {
      api().post(path + "/run?wait=30").then().statusCode(201);
    }
    for (String page :
        List.of("", "/tasks", "/runs", "/schedules", "/calendar", "/calendar?view=week")) {
      browser.open(service() + home + page);
      pictures("long" + page.replaceAll("[^a-z]+", "-"));
    }
    String task = "/tasks/" + name;
    browser.open(service() + home + task);
    pictures("long-task");
    browser.open(service() + home + task + "/schedules/" + schedule);
    pictures("long-schedule");
    browser.evaluate("document.querySelector('.top nav').scrollLeft = 0");
    pictures("long-menu");
    api().delete(profile + "?force=true").then().statusCode(204);
  }

  @Test
  void aPersonMakesAScheduleAndLooksAtTheCalendar() throws Exception {
    register("digest", "Read {{ url }} and sum it up in three lines.", Map.of());
    register("prices", "Compare the prices.", Map.of());
    browser.open(service() + HOME + "/schedules");
    pictures("no-schedules");
    browser.click(".empty a.first");
    browser.await("the form", "location.pathname.endsWith('/new-schedule')");
    pictures("new-schedule-task");
    browser.evaluate("document.querySelector('[name=task]').value = 'digest'");
    browser.click("#choose button.first");
    browser.await("its fields", "document.querySelector('[name=\"p.url\"]') !== null");
    browser.type("[name=name]", "morning");
    browser.evaluate(
        "document.querySelector('[name=time]').value = '09:30';"
            + " document.querySelector('[name=time]')"
            + ".dispatchEvent(new Event('input', {bubbles: true}))");
    browser.await(
        "what it means, without a reload",
        "document.querySelector('#preview').textContent.includes('At 09:30 on weekdays')");
    browser.await("local times", "document.querySelector('#preview time').title !== ''");
    browser.type("[name='p.url']", "https://example.org");
    pictures("new-schedule");
    browser.click("#schedule button.first");
    browser.await("the schedule", "location.pathname.endsWith('/schedules/morning')");
    api()
        .body(Map.of("cron", "0 */6 * * *", "missed", "last"))
        .put(PROFILE + "/tasks/prices/schedules/often")
        .then()
        .statusCode(201);
    api().post(PROFILE + "/tasks/digest/schedules/morning/run?wait=30").then().statusCode(201);
    api().post(PROFILE + "/tasks/prices/schedules/often/run?wait=30").then().statusCode(201);
    sql(
        """
        INSERT INTO schedule_fire
        SELECT schedule.id, number, date_trunc('day', now()) - number * interval '1 day'
          + interval '8 hours', now(), CASE WHEN number % 3 = 0 THEN 'missed' ELSE 'started' END,
          CASE WHEN number % 3 = 0 THEN 'This time was skipped: for more than 2 minutes no process'
            || ' handled the schedule. The schedule''s setting is missed: none.'
          ELSE 'The run was started.' END, CASE WHEN number % 3 <> 0 THEN run.name END
        FROM schedule JOIN run ON run.task_id = schedule.task_id, generate_series(1, 12) AS number;
        UPDATE schedule SET fires = 12
        """);
    browser.open(service() + HOME + "/tasks/digest/schedules/morning");
    pictures("schedule");
    browser.open(service() + HOME + "/schedules");
    pictures("schedules");
    browser.click(".head a[href$='/calendar']");
    browser.await("the calendar", "location.pathname.endsWith('/calendar')");
    pictures("calendar");
    browser.evaluate("document.querySelector('[name=view]').value = 'week'");
    browser.click("form.filters button");
    browser.await("a week", "document.querySelectorAll('.calendar tbody tr').length === 1");
    pictures("calendar-week");
    browser.click("a[rel=next]");
    browser.await(
        "the next week",
        "document.querySelectorAll('td.today').length === 0"
            + " && document.querySelector('.calendar').textContent.includes('digest / morning')");
  }

  @Test
  void aPersonMakesATriggerCopiesItsAddressAndReplays() throws Exception {
    register("digest", "Sum this up: {{ @payload }}", Map.of());
    browser.open(service() + HOME + "/triggers");
    pictures("no-triggers");
    browser.open(service() + HOME + "/new-trigger?task=digest");
    browser.type("[name=name]", "issues");
    browser.evaluate("document.querySelector('[name=scheme]').value = 'bearer'");
    browser.type("[name=when]", "payload.title.endsWith('fails')");
    browser.type("[name=headers]", "X-Build");
    pictures("new-trigger");
    browser.click("#trigger button.first");
    browser.await("the secret", "document.querySelector('#secret') !== null");
    pictures("secret");
    String url = browser.evaluate("document.querySelector('#url').value").asText();
    String secret = browser.evaluate("document.querySelector('#secret').value").asText();
    browser.click("[data-copy=url]");
    browser.await(
        "what was copied", "document.querySelector('[data-copy=url]').textContent === 'Copied'");
    Hooks.post(
            url,
            "application/json",
            "{\"title\": \"All is well\"}".getBytes(StandardCharsets.UTF_8),
            Map.of("Authorization", "Bearer " + secret))
        .then()
        .statusCode(200);
    Hooks.post(
            url,
            "application/json",
            "{\"title\": \"<script>alert(1)</script> fails\"}".getBytes(StandardCharsets.UTF_8),
            Map.of("Authorization", "Bearer " + secret))
        .then()
        .statusCode(202);
    Hooks.post(url, "text/plain", "no secret").then().statusCode(401);
    browser.open(service() + HOME + "/tasks/digest/triggers/issues/edit");
    browser.click("[name=show]");
    browser.await("what it would start", "document.querySelectorAll('#tried li').length === 2");
    pictures("tried-trigger");
    browser.open(service() + HOME + "/tasks/digest/triggers/issues");
    browser.click("td details summary");
    browser.await(
        "the body",
        "document.querySelector('td details pre').textContent.includes('<script>alert(1)')");
    pictures("trigger");
    browser.click("td form button");
    browser.await("the run", "location.pathname.includes('/runs/')");
    browser.open(service() + HOME + "/triggers");
    pictures("triggers");
  }

  @Test
  void aPersonSendsADeliveryAgain() throws Exception {
    receiver.script(call -> new Receiver.Reply(503, "", ""));
    register(
        "digest",
        "Sum it up.",
        Map.of("callbacks", List.of(Map.of("url", receiver.url("/hooks/errand")))));
    api().body("{}").put(PROFILE + "/tasks/digest/runs/monday?wait=30").then().statusCode(201);
    browser.open(service() + HOME + "/callbacks");
    pictures("callbacks");
    browser.click("td.lead a");
    browser.await("the callback", "location.pathname.includes('/callbacks/')");
    receiver.await(1);
    receiver.script(call -> new Receiver.Reply(204, "", ""));
    browser.open(browser.evaluate("location.href").asText());
    browser.click("td form button");
    receiver.await(2);
    browser.await(
        "its state, after a reload",
        "document.querySelector('td .status.ready') !== null || (location.reload(), false)");
    browser.click("td details summary");
    pictures("callback");
  }
}
