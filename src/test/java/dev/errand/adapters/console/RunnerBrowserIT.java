package dev.errand.adapters.console;

import static dev.errand.adapters.console.AdminBrowser.service;
import static dev.errand.support.Api.api;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.identity.signin.StartLinks;
import dev.errand.support.Chromium;
import dev.errand.support.HostedService;
import dev.errand.support.PagePictures;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** People choose the runners of tasks and providers with a browser that others have written. */
@QuarkusTest
@TestProfile(HostedService.class)
@QuarkusTestResource(TestDatabase.class)
class RunnerBrowserIT {
  private static final String PROFILE = "/api/profiles/~/vendors";
  private static final String HOME = "/console/admin/vendors";

  @Inject StartLinks links;
  @Inject DataSource database;

  private Chromium browser;

  @BeforeEach
  void aBrowserInAProfileWithAProvider() throws Exception {
    api().body("{}").post(PROFILE).then().statusCode(201);
    api()
        .body(
            Map.of(
                "runner", "abacus",
                "abacus", Map.of("model", "large-1", "beads", 5),
                "settings", Map.of("key", "sk-of-a-gateway-1")))
        .put(PROFILE + "/providers/gateway")
        .then()
        .statusCode(201);
    browser = AdminBrowser.open(links, database);
  }

  @AfterEach
  void tidyUp() {
    browser.close();
    api().delete(PROFILE + "?force=true");
  }

  private boolean sees(String field) {
    return browser
        .evaluate("document.querySelector('[name=\"" + field + "\"]').checkVisibility()")
        .asBoolean();
  }

  private void choose(String provider) {
    browser.evaluate(
        """
        (() => { const provider = document.querySelector('[name=provider]');
          provider.value = '%s';
          provider.dispatchEvent(new Event('input', {bubbles: true})); })()"""
            .formatted(provider));
  }

  @Test
  void theFormShowsTheSettingsOfTheChosenRunner() throws Exception {
    browser.open(service() + HOME + "/new-task");
    assertEquals(false, sees("abacus.beads"));
    browser.click("[name=runner][value=openai]");
    assertEquals(true, sees("openai.temperature"));
    browser.type("[name='openai.temperature']", "0.5");
    PagePictures.take(browser, "runner-openai");
    browser.click("[name=runner][value=abacus]");
    assertEquals(true, sees("abacus.beads"));
    assertEquals(false, sees("openai.temperature"));
    browser.click("[name=runner][value=openai]");
    assertEquals(
        "0.5",
        browser.evaluate("document.querySelector('[name=\"openai.temperature\"]').value").asText());
    choose("admin/vendors/gateway");
    assertEquals(true, sees("abacus.beads"));
    assertEquals(false, sees("openai.temperature"));
    assertEquals(
        1,
        browser
            .evaluate(
                "[...document.querySelectorAll('[name=runner]')].filter(one =>"
                    + " one.checkVisibility()).length")
            .asInt());
    PagePictures.take(browser, "runner-of-provider");
    choose("");
    assertEquals(true, sees("abacus.beads"));
    browser.type("[name=name]", "counted");
    browser.type("[name=prompt]", "Count");
    browser.type("[name=model]", "m1");
    browser.type("[name=key]", "sk-1");
    browser.type("[name='abacus.beads']", "0");
    browser.click("button.first");
    browser.await(
        "the refusal",
        "document.querySelector('[name=\"abacus.beads\"]')?.getAttribute('aria-invalid') === 'true'");
    PagePictures.take(browser, "runner-refused");
    browser.open(service() + HOME + "/settings/providers/profile/gateway");
    assertEquals(true, sees("abacus.beads"));
    PagePictures.take(browser, "runner-provider");
  }

  @Test
  void aBrowserWithoutScriptsOffersAllRunners() {
    browser.scripts(false);
    browser.open(service() + HOME + "/new-task");
    browser.click("[name=runner][value=abacus]");
    browser.scripts(true);
    assertEquals(true, sees("abacus.beads"));
    assertEquals(false, sees("openai.temperature"));
    assertEquals(true, sees("runner"));
  }
}
