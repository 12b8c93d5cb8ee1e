package dev.errand.adapters.console;

import static dev.errand.adapters.console.AdminBrowser.service;
import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.calls;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.base.database.Sql;
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
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** People decide about tool calls with a browser that others have written. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ApprovalBrowserIT {
  private static final String PROFILE = "/api/profiles/~/default";
  private static final String HOME = "/console/admin/default";

  @Inject StartLinks links;
  @Inject DataSource database;
  @Inject Sql sql;

  private final ScriptedModel model = new ScriptedModel();
  private Chromium browser;

  @BeforeEach
  void aBrowserAndATaskThatAsks() throws Exception {
    browser = AdminBrowser.open(links, database);
    api()
        .body(
            Api.task(
                "Add up what the shops owe us.",
                model.url(),
                Map.of(
                    "key",
                    "sk-of-a-person-1",
                    "approval_deadline",
                    "PT20H",
                    "approvals",
                    Map.of("calc_calculate", "always"))))
        .put(PROFILE + "/tasks/owed")
        .then()
        .statusCode(201);
  }

  @AfterEach
  void tidyUp() {
    browser.close();
    model.close();
    api().delete(PROFILE + "/tasks/owed?force=true");
  }

  private void pictures(String name) throws IOException {
    PagePictures.take(browser, "approval-" + name);
  }

  @Test
  void aPersonIsAskedChangesTheArgumentsAndWatchesTheRunGoOn() throws Exception {
    model.script(
        request ->
            request.size() < 2
                ? call("c1", "calc_calculate", "{\"expression\": \"6 * 7\\u202e\"}")
                : say("They owe us **48**."));
    browser.open(service() + HOME + "/tasks/owed");
    browser.click("#run button");
    browser.await("the run", "location.pathname.includes('/runs/')");
    // Without loading the page again, as this mark shows.
    browser.evaluate("window.same = true");
    browser.await("the question", "document.querySelector('#waiting pre') !== null");
    assertEquals("true", browser.evaluate("String(window.same)").asText());
    assertEquals(
        "true",
        browser.evaluate("String(document.querySelector('.status.running') === null)").asText());
    pictures("run");
    String run = browser.evaluate("location.pathname").asText();
    browser.open(service() + HOME);
    browser.await("what waits", "document.querySelector('#waiting') !== null");
    pictures("home");
    browser.click(".count");
    browser.await("the list", "document.querySelector('td.lead a') !== null");
    pictures("list");
    browser.click("td.lead a");
    browser.await("the form", "document.querySelector('#decide') !== null");
    pictures("page");
    browser.click("#decide summary");
    browser.evaluate("document.querySelector('[name=arguments]').value = ''");
    browser.type("[name=arguments]", "{\"expression\": 6 * 8}");
    browser.click("[value=edit]");
    browser.await("the refusal", "document.querySelector('#wrong-arguments') !== null");
    assertEquals(
        "{\"expression\": 6 * 8}",
        browser.evaluate("document.querySelector('[name=arguments]').value").asText());
    browser.evaluate("document.querySelector('[name=arguments]').scrollIntoView()");
    pictures("refused");
    browser.evaluate("document.querySelector('[name=arguments]').value = ''");
    browser.type("[name=arguments]", "{\"expression\": \"6 * 8\"}");
    browser.click("[value=edit]");
    browser.await("the outcome", "document.querySelector('#outcome') !== null");
    pictures("decided");
    browser.open(service() + run);
    browser.await("the end", "document.querySelector('#summary .status.ready') !== null");
    browser.await("no question", "document.querySelector('#waiting') === null");
    pictures("ended");
  }

  @Test
  void aPersonDecidesOnThePageOfTheRun() throws Exception {
    model.script(
        request ->
            request.size() < 2
                ? calls(
                    List.of(
                        List.of("a", "calc_calculate", "{\"expression\": \"6 * 7\"}"),
                        List.of("b", "calc_calculate", "{\"expression\": \"6 * 8\"}")))
                : say("Done."));
    api().body("{}").put(PROFILE + "/tasks/owed/runs/two").then().statusCode(201);
    browser.open(service() + HOME + "/tasks/owed/runs/two");
    browser.await("both", "document.querySelectorAll('#waiting pre').length === 2");
    pictures("two");
    browser.click("#waiting [value=approve]");
    browser.await("one left", "document.querySelectorAll('#waiting pre').length === 1");
    assertEquals(
        "true",
        browser
            .evaluate("String(document.querySelector('#waiting').textContent.includes('6 * 8'))")
            .asText());
    browser.click("#waiting [value=reject]");
    browser.await("the end", "document.querySelector('#summary .status.ready') !== null");
  }

  @Test
  void aPersonTellsWhatBecameOfACallThatMayHaveRun() throws Exception {
    model.script(
        request ->
            request.size() < 2
                ? call("c1", "calc_calculate", "{\"expression\": \"6 * 7\"}")
                : say("Done."));
    api().body("{}").put(PROFILE + "/tasks/owed/runs/lost").then().statusCode(201);
    browser.open(service() + HOME + "/tasks/owed/runs/lost");
    browser.await("the question", "document.querySelector('#waiting a.button') !== null");
    sql.statement("UPDATE approval SET may_have_run = true WHERE status = 'open'").run();
    browser.click("#waiting a.button");
    browser.await("the form", "document.querySelector('#may-have-run') !== null");
    pictures("may-have-run");
    browser.type("[name=result]", "42, as the ledger says");
    browser.click("[value=answer]");
    browser.await("the outcome", "document.querySelector('#outcome') !== null");
    browser.open(service() + HOME + "/tasks/owed/edit");
    browser.evaluate("document.querySelector('[name=approvals]').scrollIntoView()");
    pictures("task-form");
  }
}
