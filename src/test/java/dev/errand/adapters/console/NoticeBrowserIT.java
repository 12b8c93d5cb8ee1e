package dev.errand.adapters.console;

import static dev.errand.adapters.console.AdminBrowser.service;
import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.automation.channel.ChannelKind;
import dev.errand.automation.delivery.Receiver;
import dev.errand.identity.signin.StartLinks;
import dev.errand.support.Chromium;
import dev.errand.support.PagePictures;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * People set up notices with a browser that others have written, and follow the link of one: {@code
 * ./mvnw test -Pbrowser}. Its pictures are in {@code target/browser}.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class NoticeBrowserIT {
  private static final String PROFILE = "/api/profiles/~/alarms";
  private static final String HOME = "/console/admin/alarms";
  private static final ObjectMapper JSON = new ObjectMapper();

  @Inject StartLinks links;
  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();
  private final Receiver receiver = new Receiver();
  private Chromium browser;

  @BeforeEach
  void aBrowserInAnEmptyProfile() throws Exception {
    api().body("{}").post(PROFILE).then().statusCode(201);
    browser = AdminBrowser.open(links, database);
    model.script(
        request ->
            request.authorization().equals("Bearer sk-that-works-2")
                ? say("Good morning!")
                : error(401, "invalid_api_key", "Incorrect API key provided."));
  }

  @AfterEach
  void tidyUp() {
    browser.close();
    model.close();
    receiver.close();
    api().delete(PROFILE + "?force=true").then().statusCode(204);
  }

  private void pictures(String name) throws IOException {
    PagePictures.take(browser, "notices-" + name);
  }

  @Test
  void aPersonHearsThatATaskFailsAndThatItWorksAgain() throws Exception {
    String secret = makeAChannel();
    makeANotice();
    registerATask();
    run("error");
    browser.click("#again");
    run("error");
    browser.click("#again");
    run("error");

    Receiver.Call told = receiver.await(2).getLast();
    assertEquals(told.expected(secret), told.signature());
    JsonNode failed = JSON.readTree(told.body());
    assertEquals("run.errors_in_a_row", failed.path("type").asText(), told.body());
    String page = failed.path("data").path("console_url").asText();
    assertEquals(browser.evaluate("location.href").asText(), page);
    browser.open(page);
    assertEquals("key_refused", browser.evaluate(text(".message strong")).asText());
    pictures("failed-run");

    browser.click(".crumbs a:last-child");
    browser.click(".head a[href$='/edit']");
    browser.type("[name=key]", "sk-that-works-2");
    browser.click("#task button.first");
    browser.await("the task", "location.pathname.endsWith('/tasks/post')");
    run("ready");
    Receiver.Call well = receiver.await(3).getLast();
    assertEquals(well.expected(secret), well.signature());
    assertEquals("run.recovered", JSON.readTree(well.body()).path("type").asText(), well.body());

    browser.open(service() + HOME + "/notices");
    pictures("list");
    browser.click("td.lead a");
    browser.await("the notice", "location.pathname.endsWith('/notices/failures')");
    browser.await(
        "both deliveries, after a reload",
        text("td.lead .status") + " === 'delivered,delivered' || (location.reload(), false)");
    assertEquals(
        "run.recovered,run.errors_in_a_row",
        browser.evaluate(text("[data-name=Event] .note")).asText());
    browser.click("td details summary");
    pictures("deliveries");
    assertEquals(3, receiver.calls().size());
  }

  /** Makes a channel to the receiver, and tests it; the secret that it signs with. */
  private String makeAChannel() throws Exception {
    browser.open(service() + HOME + "/notices");
    pictures("none");
    browser.click(".empty a.first");
    browser.type("[name=name]", "ops");
    browser.evaluate("document.querySelector('[name=kind]').value = 'webhook'");
    browser.type("[name=address]", receiver.url("/ops"));
    pictures("new-channel");
    browser.click("#channel button.first");
    browser.await("the secret", "document.querySelector('#secret') !== null");
    pictures("secret");
    String secret = browser.evaluate("document.querySelector('#secret').value").asText();
    browser.click("#test button");
    browser.await(
        "the answer",
        "document.querySelector('.message[role=status]').textContent"
            + ".includes('accepted with the answer 204')");
    pictures("tested");
    Receiver.Call test = receiver.calls().getFirst();
    assertEquals(test.expected(secret), test.signature());
    assertEquals("channel.test", JSON.readTree(test.body()).path("type").asText(), test.body());
    return secret;
  }

  @Test
  void theFormOfAChannelShowsTheFieldsOfItsKind() {
    browser.open(service() + HOME + "/new-channel");
    for (ChannelKind kind : ChannelKind.values()) {
      browser.evaluate("document.querySelector('[name=kind]').value = '%s'".formatted(kind.code()));
      assertEquals(
          kind.address() + " " + kind.credential().code(),
          browser
              .evaluate(
                  """
                  var seen = all => [...document.querySelectorAll(all)].filter(e => e.checkVisibility());
                  seen('[name=address] ~ .note').map(note => note.textContent).join() + ' '
                    + (seen('[name=token], [name=secret]').map(input => input.name).join() || 'none')""")
              .asText());
    }
  }

  private void makeANotice() throws Exception {
    browser.click(".head a[href*='/new-notice']");
    browser.await("the form", "document.querySelector('#notice') !== null");
    assertEquals(
        "ops", browser.evaluate("document.querySelector('[name=channel]').value").asText());
    assertTrue(
        browser
            .evaluate("document.querySelector(\"[name='events.run.errors_in_a_row']\").checked")
            .asBoolean());
    pictures("new-notice");
    browser.click("#notice button.first");
    browser.await("the notice", "location.pathname.endsWith('/notices/failures')");
    pictures("notice");
  }

  private void registerATask() throws Exception {
    browser.open(service() + HOME + "/new-task");
    browser.type("[name=name]", "post");
    browser.type("[name=prompt]", "Wish the team a good morning.");
    browser.type("[name=model]", "gpt-4o");
    browser.click("[name=runner][value=openai]");
    browser.type("[name=key]", "sk-that-is-revoked-1");
    browser.type("[name=base_url]", model.url());
    browser.click("#task button.first");
    browser.await(
        "who is told",
        "document.querySelector('#known').parentElement.textContent"
            + ".includes('failures tells the channel ops when 3 runs of a task failed in a row')");
    pictures("registered");
  }

  /** Runs the task from its page, and waits for the run's end. */
  private void run(String end) {
    browser.click("#run button");
    browser.await("the run", "location.pathname.includes('/runs/')");
    browser.await("its end", "document.querySelector('#summary .status." + end + "') !== null");
  }

  /** The texts of elements, with commas between them. */
  private static String text(String selector) {
    return "[...document.querySelectorAll('%s')].map(one => one.textContent).join()"
        .formatted(selector);
  }
}
