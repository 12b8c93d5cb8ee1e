package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.calls;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Api;
import dev.errand.support.ApiToken;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.StatementLog;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the page of a run tells a person who asks what it did, what it cost and what failed. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RunConversationPageTest {
  private static final String TASK = Api.TASKS + "/console-long";
  private static final String OVERRIDE = "a\u202Eb";

  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();
  private final Browser admin = new Browser(Api.SESSION);

  @BeforeEach
  void aTask() {
    register(Map.of("prompt", "Say {{ what }}", "model", "gpt-4o", "base_url", model.url()));
  }

  private static void register(Map<String, Object> ofRunner) {
    api()
        .body(
            Api.task(
                ofRunner,
                Map.of(
                    "key",
                    "sk-1",
                    "max_attempts",
                    1,
                    "max_steps",
                    60,
                    "max_tool_calls",
                    60,
                    "max_tokens",
                    1_000_000)))
        .put(TASK)
        .then()
        .statusCode(oneOf(200, 201));
  }

  @AfterEach
  void tidyUp() {
    model.close();
    api().delete(TASK + "?force=true").then().statusCode(204);
  }

  private void execute(String sql) throws Exception {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void run(String name, String what) {
    trigger("console-long", name, Map.of("what", what)).then().statusCode(201);
    Api.ended("console-long", name);
  }

  private static String page(String run) {
    return "/console/admin/default/tasks/console-long/runs/" + run;
  }

  /** A run of 41 answers and 40 calls, of which the 31st fails. */
  private void longRun(String name) {
    model.script(
        request -> {
          int step = request.size() / 2;
          return step == 40
              ? say("The **end**. " + "word ".repeat(40_000))
              : call(
                  "c1",
                  "calc_calculate",
                  "{\"expression\": \"" + (step == 30 ? "oops" : step + " + 1") + "\"}");
        });
    run(name, "much");
  }

  @Test
  void aLongRunShowsItsAnswerAndLeadsToItsFailure() {
    longRun("long");
    Page page = admin.open(page("long"));
    assertTrue(page.answer().asString().length() < 100 * 1024, "The page is too large.");
    assertEquals("end", page.one("#summary #answer strong").text());
    assertEquals("41", page.one("dt:contains(Model answers) + dd").ownText());
    assertEquals("40", page.one("dt:contains(Tool calls) + dd").ownText());
    Element failed = page.one("dt:contains(Tool calls) + dd a.bad");
    assertEquals("1 failed", failed.text());

    Page failures = admin.open(failed.attr("href"));
    assertEquals("calc_calculate failed", failures.html().select(".entry .kind").first().text());
    Page there =
        admin.open(
            failures.html().select(".entry a:contains(In the conversation)").first().attr("href"));
    String id = failures.html().select(".entry").first().id();
    assertTrue(there.one("#" + id).hasClass("failed"));
    assertEquals("#" + id, there.one("#failures a").attr("href"));
    assertTrue(there.has(".lane a[href=#" + id + "] rect.bad"));

    Page whole = admin.open(page.one("#answer .note a").attr("href"));
    assertEquals("end", whole.one("#text strong").text());
    assertTrue(whole.one("#text").text().length() > 199_000);
    assertTrue(whole.one("#json").wholeText().length() < 21_000);
    String text = admin.at(whole.one("a[href$=text.txt]").attr("href")).asString();
    assertTrue(text.startsWith("The **end**. word word"), text.substring(0, 30));
    String json = admin.at(whole.one(".buttons a[href$=entry.json]").attr("href")).asString();
    assertTrue(json.startsWith("{\"msg\":\"final message\""), json.substring(0, 60));
  }

  @Test
  void theLengthOfARunDoesNotMatterToHowManyStatementsItsPageTakes() {
    longRun("many");
    model.script(
        request ->
            request.size() == 1
                ? call("c1", "calc_calculate", "{\"expression\": \"1\"}")
                : say("One."));
    run("few", "x");
    assertEquals(statements("few"), statements("many"));
  }

  private int statements(String run) {
    StatementLog.start();
    assertEquals(200, admin.open(page(run)).status());
    try {
      return StatementLog.ofRequest(page(run)).size();
    } finally {
      StatementLog.stop();
    }
  }

  @Test
  void aRunIsSearched() {
    longRun("searched");
    Page page = admin.open(page("searched"));
    Page found = admin.open(page("searched") + "?q=%22EXPRESSION%22:%2239%20%2B%201");
    assertEquals("q", page.one("form[role=search] [type=search]").attr("name"));
    assertEquals(List.of("Call of calc_calculate"), found.html().select(".kind").eachText());
    assertEquals("\"expression\":\"39 + 1", found.one("mark").text());
    assertEquals("\"EXPRESSION\":\"39 + 1", found.value("[name=q]"));
    assertTrue(found.one("#found").text().startsWith("1 entry."), found.text());
    assertFalse(found.has("[sse-connect], #summary[hx-get]"));
    // The names of fields are not what an entry says.
    Page none = admin.open(page("searched") + "?q=lastMessage");
    assertTrue(none.one("#found").text().startsWith("No entry has that."), none.text());
    // Each call is in three entries.
    Page many = admin.open(page("searched") + "?q=calc_calculate");
    assertEquals(50, many.html().select(".entry").size());
    Page more = admin.open(many.one("a:contains(Search on)").attr("href"));
    assertEquals(50, more.html().select(".entry").size());
    Page last = admin.open(more.one("a:contains(Search on)").attr("href"));
    assertEquals(20, last.html().select(".entry").size());
    assertFalse(last.has("a:contains(Search on)"));
    assertEquals(200, admin.open(page("searched") + "?q=%00%27%25%22&show=failed").status());
  }

  @Test
  void aUseOfAToolIsOneBlock() throws Exception {
    model.script(
        request ->
            request.size() == 1
                ? calls(
                    List.of(
                        List.of("a", "calc_calculate", "{\"expression\": \"1 + 1\"}"),
                        List.of("b", "calc_calculate", "{\"expression\": \"oops\"}")))
                : say("Two."));
    run("used", "x");
    Page page = admin.open(page("used"));
    assertEquals(2, page.html().select("#entries > [data-use=call]").size());
    for (Element use : page.html().select("#entries > [data-use=call]")) {
      Element end = use.select("> .entry").first();
      assertEquals("end", end.attr("data-use"));
      assertEquals(use.attr("data-call"), end.attr("data-call"));
    }
    assertTrue(page.has("#entries > [data-call=b] > .entry.failed"));

    // The log of the only call, and what the tool said that it cut.
    execute(
        """
        INSERT INTO run_entry (run_id, seq, entry) SELECT run.id, entry_count + each.n, each.entry
        FROM run, (VALUES
          (0, '{"msg":"call tool request","time":1795560100102,"level":30,"params":{"name":"fetch_fetch","arguments":{"url":"https://example.org"}},"tool_call_id":"f"}'),
          (1, '{"msg":"GET /","time":1795560100102,"level":30,"tool":"fetch_fetch"}'),
          (2, '{"msg":"call tool result","time":1795560100102,"level":30,"exchange":{"role":"tool","tool_call_id":"f","content":"So it \\n\\n[cut: characters 0 to 20000 of 48213; call again with start_index 20000]"},"tool":"fetch_fetch","is_error":false,"ms":7,"egress":[{"host":"example.org","method":"GET","status":200,"bytes":48213,"ms":6}]}')
          ) AS each (n, entry)
        WHERE run.name = 'used'
        """);
    execute("UPDATE run SET entry_count = entry_count + 3 WHERE name = 'used'");
    Element use = admin.open(page("used")).one("#entries > [data-call=f]");
    assertEquals("{\"url\":\"https://example.org\"}", use.select("> pre").text());
    assertEquals(
        List.of("Log of fetch_fetch", "Result of fetch_fetch"),
        use.select("> .entry .kind").eachText());
    assertEquals(
        "The model got a part of this answer: characters 0 to 20000 of 48213; call again with"
            + " start_index 20000.",
        use.select(".note").text());
    assertTrue(use.select("details").text().contains("GET example.org"), use::toString);
  }

  @Test
  void hiddenCharactersAreWrittenOut() {
    model.script(
        request ->
            request.size() == 1
                ? call("c", "none" + OVERRIDE, "{\"path\": \"" + OVERRIDE + "\"}")
                : say(OVERRIDE + " می\u200cخواهم 👩\u200d🚀"));
    run("hidden", OVERRIDE);
    Page page = admin.open(page("hidden"));
    assertFalse(page.answer().asString().contains("\u202E"), page.text());
    assertEquals("a⟨U+202E⟩b می\u200cخواهم 👩\u200d🚀", page.one("#answer p").text());
    assertTrue(page.one(".entry.user").text().contains("Say a⟨U+202E⟩b"), page.text());
    assertTrue(page.one("[data-use=call] > pre").text().contains("a\\u202Eb"), page.text());
    for (int number = 0; number < 5; number++) {
      Page entry = admin.open(page("hidden") + "/entries/" + number);
      assertFalse(entry.answer().asString().contains("\u202E"), entry.text());
    }
  }

  @Test
  void aCostThatNothingBoundsIsNoEmptyBar() {
    register(Map.of("prompt", "Say {{ what }}", "model", "strange-1", "base_url", model.url()));
    model.script(request -> say("Well."));
    run("unpriced", "x");
    Page page = admin.open(page("unpriced"));
    Element cost = page.one("dt:contains(Cost) + dd");
    assertEquals("not bounded: no price for this model", cost.text());
    assertTrue(cost.select("meter").isEmpty());
    // So many words need more than one line, else they are written over the next fact.
    assertFalse(cost.select(".soft").hasClass("keep"));
    assertTrue(page.one("dt:contains(Tokens) + dd .soft").hasClass("keep"), page.text());
    assertEquals("strange-1", page.one("dt:contains(Model):not(:contains(answers)) + dd").text());
    assertTrue(page.one(".entry.final .end").text().startsWith("10 tokens in, 5 out · "));
  }

  @Test
  void itIsSaidWhoStartedARun() {
    model.script(request -> say("Well."));
    ApiToken.make(api(), List.of("run"), Map.of())
        .api()
        .body(Map.of("parameters", Map.of("what", "x")))
        .put(TASK + "/runs/by-token")
        .then()
        .statusCode(201);
    Api.ended("console-long", "by-token");
    Page page = admin.open(page("by-token"));
    assertEquals("admin, token for a test", page.one("dt:contains(Started by) + dd").text());
  }

  @Test
  void theProviderThatARunBeganWithIsSaid() {
    String provider = "/api/profiles/~/default/providers/shown";
    api()
        .body(
            Map.of(
                "runner",
                Api.runner(),
                Api.runner(),
                Map.of("model", "gpt-4o", "base_url", model.url()),
                "settings",
                Map.of("key", "sk-1")))
        .put(provider)
        .then()
        .statusCode(201);
    try {
      api().delete(TASK).then().statusCode(204);
      api()
          .body(
              Map.of(
                  "provider",
                  "admin/default/shown",
                  Api.runner(),
                  Map.of("prompt", "Say {{ what }}")))
          .put(TASK)
          .then()
          .statusCode(201);
      model.script(request -> say("Well."));
      run("provided", "x");
      Page page = admin.open(page("provided"));
      assertEquals("admin/default/shown", page.one("dt:contains(Provider) + dd").text());
      api().delete(TASK + "?force=true").then().statusCode(204);
    } finally {
      api().delete(provider).then().statusCode(204);
    }
    aTask();
  }

  @Test
  void aLiveRunSaysWhatItWaitsForAndACancelIsNoFailure() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch open = new CountDownLatch(1);
    model.script(
        request -> {
          asked.countDown();
          try {
            open.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return say("late");
        });
    try {
      trigger("console-long", "live", Map.of("what", "x")).then().statusCode(201);
      asked.await();
      Page page = admin.open(page("live"));
      assertTrue(page.one("#now").text().matches("waiting for the model, \\d+ s"), page.text());
      assertTrue(page.has("#now [data-elapsed]"));
      assertTrue(
          page.one("dt:contains(Has taken) + dd [data-elapsed]").text().matches("\\d+ s"),
          page.text());
      assertTrue(page.has("rect.model.going"));
      admin.send(page, "form:has(#cancel)", Map.of());
    } finally {
      open.countDown();
    }
    Page page = admin.open(page("live"));
    assertEquals("cancelled", page.one("h1 .status.cancelled").text());
    assertFalse(page.has("#now, .bad, .error, [role=alert]"));
    assertTrue(page.has("#retry"));
    Page list = admin.open("/console/admin/default/runs?task=console-long");
    assertEquals("cancelled", list.one("td .status.cancelled").text());
    Eventually.await(
        "a home without it",
        () ->
            !admin
                .open("/console/admin/default")
                .one("section[aria-labelledby=attention]")
                .text()
                .contains("live"));
  }
}
