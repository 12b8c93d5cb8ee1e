package dev.errand.adapters.console;

import static dev.errand.adapters.console.AdminBrowser.service;
import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.calls;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A person reads the page of a run in a browser; the pictures are in {@code target/browser}. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RunBrowserIT {
  private static final String PAGE = "/console/admin/default/tasks/read/runs/";

  @Inject StartLinks links;
  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();
  private Chromium browser;

  @BeforeEach
  void aTask() throws Exception {
    browser = AdminBrowser.open(links, database);
    api()
        .body(
            Api.task(
                "Read {{ what }}",
                model.url(),
                Map.of("key", "sk-1", "max_steps", 60, "max_tool_calls", 60)))
        .put(Api.TASKS + "/read")
        .then()
        .statusCode(201);
  }

  @AfterEach
  void tidyUp() {
    browser.close();
    model.close();
    api().delete(Api.TASKS + "/read?force=true");
  }

  private static void start(String run) {
    Api.trigger("read", run, Map.of("what", "the news of a\u202Eb")).then().statusCode(201);
  }

  @Test
  void aPersonFindsWhatFailedInALongRun() throws Exception {
    model.script(
        request -> {
          int step = request.size() / 2;
          return step == 40
              ? say(
                  "## Summary\n\nIt is **42**, see `calc`.\n\n"
                      + "More words follow. ".repeat(9_000))
              : call(
                  "c1",
                  "calc_calculate",
                  "{\"expression\": \"" + (step == 30 ? "oops" : step + " + 1") + "\"}");
        });
    start("long");
    Api.ended("read", "long");
    browser.open(service() + PAGE + "long");
    PagePictures.take(browser, "run-long");
    browser.evaluate("document.querySelector('#conversation').scrollIntoView()");
    PagePictures.take(browser, "run-conversation");
    browser.click("dd a.bad");
    browser.await("the failures", "location.search === '?show=failed'");
    PagePictures.take(browser, "run-failures");
    browser.click(".entry.failed .end a");
    browser.await("the place", "document.querySelector('.entry.failed:target') !== null");
    browser.type("#q", "39 + 1");
    browser.click(".find button");
    browser.await("what was found", "document.querySelectorAll('mark').length > 0");
    PagePictures.take(browser, "run-search");
    browser.open(service() + PAGE + "long/entries/121");
    PagePictures.take(browser, "run-entry");
  }

  @Test
  void aPersonComparesTwoRunsOfATask() throws Exception {
    model.script(
        request ->
            request.size() == 1
                ? call("c", "calc_calculate", "{\"expression\": \"1 + 1\"}")
                : say("## News\n\n- It rains.\n- Nobody won.\n\n" + "The same. ".repeat(40)));
    start("monday");
    Api.ended("read", "monday");
    model.script(
        request ->
            request.size() == 1
                ? call("c", "calc_calculate", "{\"expression\": \"oops\"}")
                : say("## News\n\n- It snows.\n- Nobody won.\n\n" + "The same. ".repeat(41)));
    Api.trigger("read", "tuesday", Map.of("what", "the news of tuesday")).then().statusCode(201);
    Api.ended("read", "tuesday");
    start("wednesday");
    Api.ended("read", "wednesday");
    browser.open(service() + "/console/admin/default/runs?task=read");
    browser.click("#runs tbody tr:nth-child(2) [type=checkbox]");
    // The list does not refresh itself meanwhile, and forgets nothing.
    browser.evaluate(
        "htmx.ajax('GET', location.href, {source: '#runs', target: '#runs', select: '#runs'})");
    PagePictures.take(browser, "compare-choose");
    browser.click("#runs tbody tr:nth-child(3) [type=checkbox]");
    browser.click("form.choose button");
    browser.await("both", "document.querySelectorAll('thead a').length === 2");
    PagePictures.take(browser, "compare-top");
    browser.evaluate("document.querySelector('#answers').scrollIntoView()");
    PagePictures.take(browser, "compare-parts");
    browser.open(service() + "/console/admin/default/runs");
    browser.type("[name=text]", "it SNOWS");
    browser.click("form.filters button");
    browser.await("what was searched", "document.querySelector('#searched') !== null");
    assertEquals(2, browser.evaluate("document.querySelectorAll('#runs tbody tr').length").asInt());
    PagePictures.take(browser, "runs-text");
  }

  @Test
  void whatIsStreamedIsPutTogetherAsInAPageThatIsLoaded() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch open = new CountDownLatch(1);
    model.script(
        request -> {
          try {
            if (request.size() < 2) {
              begun.await();
              return calls(
                  List.of(
                      List.of("a", "calc_calculate", "{\"expression\": \"1 + 1\"}"),
                      List.of("b", "calc_calculate", "{\"expression\": \"oops\"}")));
            }
            open.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return say("Two.");
        });
    start("live");
    browser.open(service() + PAGE + "live");
    browser.await(
        "how long it waits",
        "/^waiting for the model, [1-9][0-9]* s$/.test(document.querySelector('#now').textContent)");
    PagePictures.take(browser, "run-live");
    begun.countDown();
    browser.await("the results", "document.querySelectorAll('[data-use=end]').length === 2");
    String shape =
        "[...document.querySelectorAll('#entries > .entry')].map(e => e.id + ':' +"
            + " [...e.querySelectorAll('.entry')].map(p => p.id).join()).join(' ')";
    browser.await("both in their calls", "document.querySelectorAll('.entry .entry').length === 2");
    String streamed = browser.evaluate(shape).asText();
    browser.open(service() + PAGE + "live");
    assertEquals(browser.evaluate(shape).asText(), streamed);
    browser.click("#cancel");
    browser.await("the end", "document.querySelector('.status.cancelled') !== null");
    PagePictures.take(browser, "run-cancelled");
    open.countDown();
  }
}
