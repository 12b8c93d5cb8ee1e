package dev.errand.adapters.console;

import static dev.errand.adapters.console.AdminBrowser.service;
import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.identity.signin.StartLinks;
import dev.errand.support.Chromium;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * The short form of {@code -Pbrowser}: a person signs in, opens each page once, watches a live run
 * and saves a form, in Debian's Chromium. What a script or the browser itself reports as an error
 * fails it.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@EnabledIf(
    value = "dev.errand.support.Chromium#isInstalled",
    disabledReason = "No page was run in a browser: there is no chromium on the PATH")
class PagesInBrowserTest {
  private static final String PROFILE = "/api/profiles/~/pages";
  private static final String HOME = "/console/admin/pages";

  @Inject StartLinks links;
  @Inject DataSource database;

  @Test
  void aPersonOpensEachPageWatchesARunAndSavesAForm() throws Exception {
    try (ScriptedModel model = new ScriptedModel();
        Chromium browser = AdminBrowser.open(links, database)) {
      EveryPage.fill(PROFILE, model);
      for (String address : EveryPage.addresses(PROFILE)) {
        browser.open(service() + HOME + address);
        assertEquals(
            200,
            browser
                .evaluate("performance.getEntriesByType('navigation')[0].responseStatus")
                .asInt(),
            address);
        browser.await(
            "local times on " + address,
            "[...document.querySelectorAll('time[datetime]')].every(time => 'local' in time.dataset)");
        assertEquals(List.of(), browser.log(), address);
      }
      watchARun(browser, model);
      saveAForm(browser);
      assertEquals(List.of(), browser.log());
    } finally {
      EveryPage.empty(PROFILE);
    }
  }

  private static void watchARun(Chromium browser, ScriptedModel model) {
    CountDownLatch open = new CountDownLatch(1);
    model.script(
        request -> {
          try {
            open.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return say("It is **42**.");
        });
    browser.open(service() + HOME + "/tasks/task-0");
    browser.type("[name='p.url']", "https://example.org/live");
    browser.click("#run button");
    browser.await("a live run", "document.querySelector('.status.running') !== null");
    // The page follows without being loaded again, as this mark shows.
    browser.evaluate("window.same = true");
    open.countDown();
    browser.await("the answer", "document.querySelector('.entry.final strong') !== null");
    browser.await("the end", "document.querySelector('#summary .status.ready') !== null");
    assertEquals("true", browser.evaluate("String(window.same)").asText());
  }

  private static void saveAForm(Chromium browser) {
    browser.open(service() + HOME + "/tasks/task-0/edit");
    browser.evaluate("document.querySelector('[name=prompt]').value = ''");
    browser.type("[name=prompt]", "Say {{ url }} in three lines.");
    browser.click("#task button.first");
    browser.await("the task", "location.pathname.endsWith('/tasks/task-0')");
    assertEquals(
        "Say {{ url }} in three lines.",
        api().get(PROFILE + "/tasks/task-0").jsonPath().getString("openai.prompt"));
  }
}
