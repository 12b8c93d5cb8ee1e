package dev.errand.adapters.console;

import static dev.errand.adapters.console.AdminBrowser.service;
import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.models;
import static dev.errand.support.ScriptedModel.say;
import static io.restassured.RestAssured.given;
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
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** People write and try tasks with a browser that others have written. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class EditorBrowserIT {
  private static final String PROFILE = "/api/profiles/~/desk";
  private static final String HOME = "/console/admin/desk";
  private static final String WRITER = "/api/users/desk-writer";
  private static final String PASSWORD = "a password of one who writes tasks";
  private static final String PROVIDER = PROFILE + "/providers/gateway";
  private static final Map<String, Object> ONLINE = network(false);
  private static final Map<String, Object> OFFLINE = network(true);

  @Inject StartLinks links;
  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();
  private Chromium browser;

  @BeforeEach
  void aBrowserInAProfileWithAProvider() throws Exception {
    api().body("{}").post(PROFILE).then().statusCode(201);
    api()
        .body(
            Map.of(
                "runner", "openai",
                "openai", Map.of("model", "large-1", "base_url", model.url()),
                "settings", Map.of("key", "sk-of-a-gateway-1")))
        .put(PROVIDER)
        .then()
        .statusCode(201);
    browser = AdminBrowser.open(links, database);
  }

  @AfterEach
  void tidyUp() {
    browser.close();
    model.close();
    api().delete(PROFILE + "?force=true");
    api().delete("/api/profiles/~/studio?force=true");
    api().delete(WRITER + "?force=true");
  }

  private static Map<String, Object> network(boolean off) {
    return Map.of("offline", off, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1);
  }

  private void pictures(String name) throws IOException {
    PagePictures.take(browser, "editor-" + name);
  }

  @Test
  void aPersonWritesATaskAndTriesItBesideTheForm() throws Exception {
    model.catalog(request -> models(List.of("large-1", "small-1")));
    model.script(request -> say("Three new papers on sleep:\n\n1. One\n2. Two\n3. Three"));
    for (String servlet : List.of("calc", "fetch", "json")) {
      api()
          .body(Map.of("servlet_slug", "errand/" + servlet, "name", servlet))
          .post(PROFILE + "/installations")
          .then()
          .statusCode(201);
    }
    browser.open(service() + HOME + "/new-task");
    browser.type("[name=name]", "digest");
    browser.type("[name=prompt]", "Look for {{ topic }}{{#more}} and {{ more }}{{/more}}.");
    browser.await(
        "the parameters", "document.querySelector('#parameters [name=\"p.topic\"]') !== null");
    browser.evaluate(
        """
        (() => { const provider = document.querySelector('[name=provider]');
          provider.value = 'admin/desk/gateway';
          provider.dispatchEvent(new Event('change', {bubbles: true})); })()""");
    browser.await("the models", "document.querySelectorAll('#models option').length === 2");
    assertEquals(
        false,
        browser.evaluate("document.querySelector('.for-key').checkVisibility()").asBoolean());
    browser.type("[name='p.topic']", "sleep");
    pictures("new");
    browser.evaluate("document.querySelector('details:has([name=tools])').open = true");
    assertEquals(
        false,
        browser.evaluate("document.querySelector('.of-choice').checkVisibility()").asBoolean());
    browser.click("[name=tools][value=chosen]");
    browser.await("the tools", "document.querySelector('.of-choice').checkVisibility()");
    browser.click(".of-choice [type=checkbox]");
    pictures("new-tools");
    browser.click("[name=show]");
    browser.await("the preview", "document.querySelector('#trial #request') !== null");
    assertEquals(
        "sleep", browser.evaluate("document.querySelector('[name=\"p.topic\"]').value").asText());
    pictures("preview");
    browser.click("[name=then]");
    browser.await(
        "the answer",
        "document.querySelector('#trial pre')?.textContent.startsWith('Three new') === true");
    assertEquals(HOME + "/tasks/digest/edit", browser.evaluate("location.pathname").asText());
    pictures("tried");
    browser.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)");
    browser.type("[name='callback.0.url']", "https://example.org/hook");
    browser.click("button.first");
    browser.await("the secret", "document.querySelector('.said input') !== null");
    pictures("saved");
    browser.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)");
    browser.type("[name='callback.1.url']", "https://example.org/other");
    browser.click("[name=then]");
    browser.await(
        "the answer beside the secret",
        "document.querySelector('.said input') && document.querySelector('#trial pre') !== null");
    browser.await("the address of the run", "location.search.startsWith('?run=')");
    pictures("saved-and-run");
  }

  @Test
  void aPersonFollowsRunsToThoseThatTheyStarted() throws Exception {
    api()
        .body(Map.of("servlet_slug", "errand/tasks", "name", "tasks"))
        .post(PROFILE + "/installations")
        .then()
        .statusCode(201);
    for (String task : List.of("survey", "one-source")) {
      api()
          .body(Api.task("Work on " + task, model.url(), Map.of("key", "sk-1")))
          .put(PROFILE + "/tasks/" + task)
          .then()
          .statusCode(201);
    }
    model.script(
        request ->
            request.body().toString().contains("survey") && request.size() == 1
                ? call("a", "tasks_run", "{\"task\": \"one-source\", \"run\": \"first\"}")
                : say("Done."));
    api().body("{}").put(PROFILE + "/tasks/survey/runs/monday?wait=30").then().statusCode(201);
    browser.open(service() + HOME + "/tasks/survey/runs/monday");
    pictures("parent");
    browser.click("#children a");
    browser.await("the run below", "location.pathname.endsWith('/one-source/runs/first')");
    browser.click(".facts a");
    browser.await("the run above", "location.pathname.endsWith('/survey/runs/monday')");
  }

  private void signInAsAWriter() {
    String link =
        api()
            .body("{\"role\": \"member\"}")
            .put(WRITER)
            .then()
            .statusCode(201)
            .extract()
            .path("invitation_url");
    given()
        .contentType("application/json")
        .body(Map.of("password", PASSWORD))
        .post("/api/invitations/" + link.substring(link.lastIndexOf('/') + 1))
        .then()
        .statusCode(201);
    browser.send("Network.clearBrowserCookies", Map.of());
    browser.open(service() + "/console/desk-writer/default/new-task");
    signIn();
  }

  @Test
  void aPersonWhoseSessionEndedFindsTheFormAsItWas() throws Exception {
    signInAsAWriter();
    browser.type("[name=name]", "kept");
    browser.type("[name=prompt]", "Look for {{ topic }}.");
    browser.type("[name=key]", "sk-of-a-writer");
    browser.send("Network.clearBrowserCookies", Map.of());
    browser.click("button.first");
    browser.await(
        "the reason", "document.querySelector('main > .message ~ #ways #sign-in') !== null");
    pictures("ended");
    signIn();
    browser.await(
        "what was filled in",
        "document.querySelector('[name=prompt]')?.value === 'Look for {{ topic }}.'");
    browser.await(
        "its parameter", "document.querySelector('#parameters [name=\"p.topic\"]') !== null");
    assertEquals("", browser.evaluate("document.querySelector('[name=key]').value").asText());
    assertEquals(
        "none",
        browser
            .evaluate("sessionStorage.getItem('sent') || sessionStorage.getItem('again') || 'none'")
            .asText());
    browser.await("the note", "document.querySelector('#restored') !== null");
    pictures("restored");
    // While the person types, a part of the page finds that the session has ended.
    browser.type("[name='p.topic']", "sleep");
    browser.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)");
    browser.type("[name='watch.ready_every']", "PT25H");
    browser.send("Network.clearBrowserCookies", Map.of());
    browser.type("[name=prompt]", " And {{ more }}.");
    browser.await("the sign-in", "document.querySelector('#kept:not([hidden])') !== null");
    browser.picture(PagePictures.FOLDER.resolve("editor-ended-while-typing.png"), 390, "light");
    browser.send("Emulation.clearDeviceMetricsOverride", Map.of());
    signIn();
    browser.await(
        "what was typed",
        "document.querySelector('[name=prompt]')?.value.endsWith('{{ more }}.') === true");
    browser.await(
        "its parameter", "document.querySelector('[name=\"p.topic\"]')?.value === 'sleep'");
    assertEquals(
        "kept PT25H",
        browser
            .evaluate(
                "['name', 'watch.ready_every'].map(name => document.getElementsByName(name)[0].value).join(' ')")
            .asText());
  }

  @Test
  void aFormThatWasNotTakenIsAsItWas() throws Exception {
    signInAsAWriter();
    browser.type("[name=name]", "kept");
    browser.type("[name=model]", "m");
    browser.evaluate(
        "document.querySelector('[name=prompt]').value = 'Too long. ' + 'x'.repeat(2200000)");
    browser.click("button.first");
    browser.await("the reason", "document.querySelector('#kept:not([hidden])') !== null");
    assertEquals(
        true, browser.evaluate("document.body.textContent.includes('2097152 bytes')").asBoolean());
    browser.picture(PagePictures.FOLDER.resolve("editor-too-large.png"), 390, "light");
    browser.send("Emulation.clearDeviceMetricsOverride", Map.of());
    browser.click("#back");
    browser.await(
        "the long prompt", "document.querySelector('[name=prompt]')?.value.length === 2200010");
    browser.evaluate("document.querySelector('[name=prompt]').value = 'Short.'");
    // Another tab has signed in again, so that the form is of another session.
    String other =
        given()
            .contentType("application/json")
            .body(Map.of("username", "desk-writer", "password", PASSWORD))
            .post("/api/sessions")
            .then()
            .statusCode(201)
            .extract()
            .cookie("sessionId");
    browser.send(
        "Network.setCookie", Map.of("name", "sessionId", "value", other, "url", service() + "/"));
    browser.click("button.first");
    browser.await("the refusal", "document.querySelector('#back') !== null");
    browser.click("#back");
    browser.await("the form", "document.querySelector('[name=prompt]')?.value === 'Short.'");
    browser.send("Network.emulateNetworkConditions", OFFLINE);
    browser.click("button.first");
    browser.await("no page", "document.querySelector('#task') === null");
    browser.send("Network.emulateNetworkConditions", ONLINE);
    browser.evaluate("history.back()");
    browser.await("the form", "document.querySelector('[name=prompt]')?.value === 'Short.'");
    assertEquals("m", browser.evaluate("document.querySelector('[name=model]').value").asText());
  }

  private void signIn() {
    browser.type("#sign-in [name=username]", "desk-writer");
    browser.type("#sign-in [name=password]", PASSWORD);
    browser.click("#sign-in button");
    browser.await("the form", "document.querySelector('#task') !== null");
  }

  @Test
  void aPersonRenamesAndDeletesAProfile() throws Exception {
    browser.open(service() + HOME + "/settings/profile");
    browser.evaluate("document.querySelector('.delete').open = true");
    pictures("profile");
    browser.evaluate("document.querySelector('[name=name]').value = 'studio'");
    browser.click("#profile button.first");
    browser.await("the new name", "location.pathname === '/console/admin/studio/settings/profile'");
    browser.click("#stop button");
    browser.await("the pause", "document.querySelector('#resume') !== null");
    pictures("paused");
    browser.click(".delete summary");
    browser.click("#delete button");
    browser.await("another profile", "location.pathname === '/console/admin/default'");
  }
}
