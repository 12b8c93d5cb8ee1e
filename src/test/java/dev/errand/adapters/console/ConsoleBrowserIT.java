package dev.errand.adapters.console;

import static dev.errand.adapters.console.AdminBrowser.service;
import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * People use the console with a browser that others have written: {@code ./mvnw test -Pbrowser}.
 * Its pictures are in {@code target/browser}.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ConsoleBrowserIT {
  private static final String PROFILE = "/api/profiles/~/default";

  @Inject StartLinks links;
  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();
  private Chromium browser;

  @BeforeEach
  void aBrowserWithASession() throws Exception {
    browser = AdminBrowser.open(links, database);
  }

  @AfterEach
  void tidyUp() {
    browser.close();
    model.close();
    for (String task : List.of("digest", "prices", "greet")) {
      api().delete(PROFILE + "/tasks/" + task + "?force=true");
    }
  }

  private void register(String task, String prompt) {
    api()
        .body(Api.task(prompt, model.url(), Map.of("key", "sk-of-a-person-1", "max_attempts", 1)))
        .put(PROFILE + "/tasks/" + task)
        .then()
        .statusCode(201);
  }

  private static void run(String task, String run, Map<String, Object> parameters) {
    api()
        .body(Map.of("parameters", parameters))
        .put(PROFILE + "/tasks/" + task + "/runs/" + run + "?wait=30")
        .then()
        .statusCode(201);
  }

  private void pictures(String name) throws IOException {
    PagePictures.take(browser, "console-" + name);
  }

  @Test
  void aPersonRegistersATaskRunsItAndWatches() throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    model.script(
        request -> {
          if (request.size() < 2) {
            return call("c1", "calc_calculate", "{\"expression\": \"6 * 7\"}");
          }
          try {
            open.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return say("It is **42**.\n\n| question | answer |\n| - | - |\n| 6 * 7 | 42 |");
        });
    pictures("empty");
    browser.open(service() + "/console/admin/default/new-task");
    pictures("new-task");
    browser.type("[name=name]", "greet");
    browser.type("[name=prompt]", "What is {{ question }}?");
    browser.type("[name=model]", "gpt-4o");
    browser.click("[name=runner][value=openai]");
    browser.type("[name=key]", "sk-of-a-person-1");
    browser.type("[name=base_url]", model.url());
    browser.click("#task button.first");
    browser.await("the task", "location.pathname.endsWith('/tasks/greet')");
    browser.type("[name='p.question']", "6 * 7");
    pictures("task");
    browser.click("#run button");
    browser.await("the run", "location.pathname.includes('/runs/')");
    browser.await("the result of the tool", "document.querySelectorAll('.entry').length === 4");
    browser.await("a live run", "document.querySelector('.status.running') !== null");
    pictures("live");
    // Without loading the page again, as this mark shows.
    browser.evaluate("window.same = true");
    open.countDown();
    browser.await("the answer", "document.querySelector('.entry.final strong') !== null");
    browser.await("the end", "document.querySelector('#summary .status.ready') !== null");
    assertEquals("true", browser.evaluate("String(window.same)").asText());
    assertEquals(5, browser.evaluate("document.querySelectorAll('.entry').length").asInt());
    browser.await("local times", "document.querySelector('.entry time').title !== ''");
    pictures("run");
  }

  @Test
  void aPersonLooksForWhatFailedAndRetriesIt() throws Exception {
    model.script(
        request ->
            request.lastMessage().toString().contains("prices")
                ? error(404, "model_not_found", "There is no such model.")
                : say("Three lines."));
    register("digest", "Read {{ url }} and sum it up in three lines.");
    register("prices", "Compare the prices of {{ what }}.");
    api()
        .body(
            Map.of(
                "cron",
                "30 9 * * MON-FRI",
                "timezone",
                "Europe/Berlin",
                "parameters",
                Map.of("url", "https://example.org")))
        .put(PROFILE + "/tasks/digest/schedules/morning")
        .then()
        .statusCode(201);
    for (int i = 1; i < 6; i++) {
      run("digest", "day-" + i, Map.of("url", "https://example.org/" + i));
    }
    run("prices", "soap", Map.of("what", "soap"));
    browser.open(service() + "/");
    browser.await("the home", "document.querySelector('#attention ~ ul') !== null");
    pictures("home");
    browser.open(service() + "/console/admin/default/tasks");
    pictures("tasks");
    browser.open(service() + "/console/admin/default/runs");
    pictures("runs");
    // Both ends of the time are side by side, and none of them is as wide as the page.
    for (int width : List.of(1280, 1200)) {
      browser.picture(PagePictures.FOLDER.resolve("runs-" + width + ".png"), width, "light");
      assertEquals(
          "[true,true]",
          browser
              .evaluate(
                  """
                  (() => {
                    const [from, to] = ['from', 'to'].map(
                        name => document.querySelector(`[name=${name}]`).getBoundingClientRect());
                    return JSON.stringify([from.top === to.top, to.width < 400]);
                  })()""")
              .asText(),
          "at " + width);
    }
    browser.send("Emulation.clearDeviceMetricsOverride", Map.of());
    // The list follows by itself.
    browser.evaluate("window.same = true");
    run("digest", "day-6", Map.of("url", "https://example.org/6"));
    browser.await(
        "the new run",
        "[...document.querySelectorAll('#runs a')].some(a => a.textContent === 'day-6')");
    assertEquals("true", browser.evaluate("String(window.same)").asText());
    browser.evaluate("document.querySelector('[name=status]').value = 'error'");
    browser.click("form.filters button");
    browser.await("what failed", "document.querySelectorAll('tbody tr').length === 1");
    browser.click("td a");
    browser.await("the run", "location.pathname.endsWith('/runs/soap')");
    pictures("failed");
    model.script(request -> say("Better."));
    browser.click("form[action$='/retry'] button");
    browser.await("its end", "document.querySelector('.status.ready') !== null");
  }

  @Test
  void aPersonWatchesALongRunAndIsSignedOut() throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    model.script(
        request -> {
          if (request.size() < 82) {
            return call("c" + request.size(), "calc_calculate", "{\"expression\": \"6 * 7\"}");
          }
          try {
            open.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return say("late");
        });
    api()
        .body(
            Api.task(
                "Count.",
                model.url(),
                Map.of("key", "sk-1", "max_steps", 50, "max_tool_calls", 60)))
        .put(PROFILE + "/tasks/digest")
        .then()
        .statusCode(201);
    api().body("{}").put(PROFILE + "/tasks/digest/runs/long").then().statusCode(201);
    browser.open(service() + "/console/admin/default/tasks/digest/runs/long");
    browser.evaluate("window.same = true");
    browser.await("the entries", "document.querySelectorAll('.entry').length > 110");
    browser.await(
        "the head", "document.querySelector('#summary').textContent.includes('41 of 50')");
    // The focus stays where it is while the head is replaced.
    browser.evaluate("document.querySelector('#cancel').focus()");
    browser.evaluate("document.querySelector('#summary').dataset.old = ''");
    browser.await("another head", "document.querySelector('#summary[data-old]') === null");
    assertEquals("cancel", browser.evaluate("document.activeElement.id").asText());
    pictures("long");
    api().post(PROFILE + "/tasks/digest/runs/long/cancel").then().statusCode(200);
    browser.await("its end", "document.querySelector('#summary .status.cancelled') !== null");
    browser.await("no button", "document.querySelector('#cancel') === null");
    assertEquals("true", browser.evaluate("String(window.same)").asText());
    api().body("{}").put(PROFILE + "/tasks/digest/runs/other").then().statusCode(201);
    browser.open(service() + "/console/admin/default/tasks/digest/runs/other");
    browser.await("a live run", "document.querySelector('.status.running') !== null");
    browser.evaluate("void fetch('/api/sessions/current', {method: 'DELETE'})");
    browser.await("the page to sign in", "location.pathname === '/sign-in'");
    assertEquals("true", browser.evaluate("String(location.search.includes('other'))").asText());
    open.countDown();
  }

  @Test
  void aPersonSignsOutAndIsAskedToSignIn() throws Exception {
    browser.click(".who button");
    browser.await("the page to sign in", "location.pathname === '/sign-in'");
    pictures("sign-in");
    browser.send("Page.navigate", Map.of("url", service() + "/console/admin/default/runs"));
    browser.await("the same", "location.search.includes('return=console')");
    browser.open(service() + "/nowhere");
    browser.await("the problem", "document.querySelector('.message') !== null");
  }

  @Test
  void pagesWorkWithoutScripts() throws Exception {
    model.script(request -> say("Plain."));
    register("greet", "Say hello.");
    browser.scripts(false);
    browser.open(service() + "/console/admin/default/tasks/greet");
    browser.click("#run button");
    browser.await("the run", "location.pathname.includes('/runs/')");
    String address = browser.evaluate("location.pathname").asText();
    Api.ended("greet", address.substring(address.lastIndexOf('/') + 1));
    browser.open(service() + "/console/admin/default/runs?status=ready");
    browser.open(
        service()
            + browser.evaluate("document.querySelector('td a').getAttribute('href')").asText());
    browser.await("its answer", "document.querySelector('.entry.final') !== null");
  }
}
