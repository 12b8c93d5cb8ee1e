package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.Events;
import dev.errand.support.Eventually;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page of a run, as a browser without scripts sees it, and the stream that keeps it up. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RunPageTest {
  private static final String TASK = Api.TASKS + "/console-run";
  private static final String HOSTILE =
      "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1))"
          + " ![p](https://example.org/p.png) {x} \"' & <b>bold</b>";

  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();
  private final Browser admin = new Browser(Api.SESSION);

  @BeforeEach
  void aTask() {
    api()
        .body(Api.task("Say {{ what }}", model.url(), Map.of("key", "sk-1", "max_attempts", 1)))
        .put(TASK)
        .then()
        .statusCode(201);
  }

  @AfterEach
  void tidyUp() throws Exception {
    model.close();
    api().delete(TASK + "?force=true").then().statusCode(204);
    execute("DELETE FROM account WHERE username LIKE 'run-%'");
  }

  private void execute(String sql) throws Exception {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void start(String run, String what, int wait) {
    given()
        .cookie("sessionId", Api.SESSION)
        .contentType("application/json")
        .body(Map.of("parameters", Map.of("what", what)))
        .put(TASK + "/runs/" + run + "?wait=" + wait)
        .then()
        .statusCode(201);
  }

  private static String page(String run) {
    return "/console/admin/default/tasks/console-run/runs/" + run;
  }

  @Test
  void theResultAndTheRepairOfARunAreShown() {
    api()
        .body("{\"settings\": {\"output_schema\": {\"type\": \"object\"}}}")
        .patch(TASK)
        .then()
        .statusCode(200);
    model.script(request -> say(request.size() == 1 ? "No." : "{\"a\": \"<b>x</b>\"}"));
    start("shaped", "x", 60);
    Page page = admin.open(page("shaped"));
    assertEquals(
        "{ \"a\" : \"<b>x</b>\" }", page.one("#result pre").text().replaceAll("\\s+", " "));
    assertTrue(page.text().contains("The answer does not fit"), page.text());
  }

  @Test
  void theStepsOfARunAreShownInOrderWithTheirTimes() {
    model.script(
        request ->
            request.size() < 2
                ? call("c1", "calc_calculate", "{\"expression\": \"6 * 7\"}")
                : say("# Answer\n\nIt is **42**.\n\n| a | b |\n| - | - |\n| 1 | 2 |"));
    start("steps", "what 6 * 7 is", 60);
    Page page = admin.open(page("steps"));
    assertEquals("steps done", page.one("h1").text());
    assertEquals(
        List.of(
            "Prompt",
            "Model calls calc_calculate",
            "Call of calc_calculate",
            "Result of calc_calculate",
            "Answer"),
        page.html().select("#entries .kind").eachText());
    assertTrue(page.one(".entry.final .end").text().contains(" ms · "));
    assertTrue(
        page.one(".entry.final .end").text().startsWith("10 tokens in, 5 out · $"), page.text());
    assertEquals("42", page.one("#answer strong").text());
    assertEquals("Answer", page.one("#answer h3").text());
    assertEquals(2, page.html().select("#answer td").size());
    assertEquals(
        "{\"expression\":\"6 * 7\"}", page.one("#entries > .entry.tool > pre").wholeText());
    assertEquals("Result of calc_calculate", page.one(".entry .entry .kind").text());
    // A lane for the model, and one for the tool; the time in the queue has one where it shows.
    List<String> lanes = page.html().select(".lane-name").eachText();
    assertTrue(lanes.containsAll(List.of("Model", "calc_calculate")), lanes::toString);
    assertEquals(2, page.html().select("rect.model").size());
    assertEquals(1, page.html().select("rect.tool").size());
    assertTrue(page.one("rect.tool title").text().contains("ms"), page.text());
    assertTrue(page.text().contains("30 (20 in, 10 out)"), page.text());
    assertEquals("of 20", page.one("dt:contains(Model answers) + dd .soft").text());
    assertEquals("10", page.one("dt:contains(Model answers) + dd meter").val());
    assertTrue(page.one("details.panel pre").wholeText().contains("what 6 * 7 is"));
    assertFalse(page.has("[sse-connect]"));
    Page entry = admin.open(page.one("#entry-2 > header a").attr("href"));
    assertEquals("Call of calc_calculate", entry.one("h1").text());
    assertEquals("{\"expression\":\"6 * 7\"}", entry.one("#text").wholeText());
    assertTrue(entry.one("#json").wholeText().contains("\"call tool request\""));
    assertFalse(entry.has("#request"));
    Page answer = admin.open(page.one(".entry.final header a").attr("href"));
    assertTrue(answer.one("section code").text().startsWith("POST " + model.url()), answer.text());
    assertTrue(answer.one("section pre").wholeText().contains("\"calc_calculate\""));
    String command = admin.at(answer.html().select("a:contains(as curl)").attr("href")).asString();
    assertTrue(command.startsWith("curl -sS -X POST '" + model.url() + "/chat/completions' \\\n"));
    assertTrue(command.contains("-H 'authorization: Bearer '\"$MODEL_KEY\""), command);
    var body = admin.at(answer.html().select("a:contains(Request as JSON)").attr("href"));
    assertEquals("application/json", body.contentType());
    assertTrue(command.endsWith("\n" + body.asString() + "\nJSON\n"), command);
    assertEquals(404, admin.open(page("steps") + "/entries/99").status());
    assertEquals(400, admin.open(page("steps") + "/entries/x").status());
    Page absent = admin.open(page("absent"));
    assertEquals(404, absent.status());
    assertEquals("/console/admin/default/runs", absent.one("nav a:contains(Runs)").attr("href"));
    assertFalse(admin.open("/console/admin/absent/runs").has("nav"));
  }

  @Test
  void picturesOfToolsAreShown() throws Exception {
    start("pictures", "x", 60);
    execute(
        """
        INSERT INTO run_entry (run_id, seq, entry) SELECT id, entry_count,
          '{"msg":"call tool result","time":1795560100102,"level":30,"exchange":{"role":"tool",
            "tool_call_id":"c1","content":"[picture 1]"},"is_error":false,"attachments":[
            {"type":"image","data":"iVBORw0KGgo=","mimeType":"image/png"},
            {"type":"image","data":"PHN2Zz4=","mimeType":"image/svg+xml"}]}'
        FROM run WHERE name = 'pictures'
        """);
    execute("UPDATE run SET entry_count = entry_count + 1 WHERE name = 'pictures'");
    List<String> pictures =
        admin.open(page("pictures")).html().select(".entry img").eachAttr("src");
    assertEquals(2, pictures.size());
    var picture = admin.at(pictures.getFirst());
    assertEquals(200, picture.statusCode());
    assertEquals("image/png", picture.contentType());
    assertEquals("nosniff", picture.header("X-Content-Type-Options"));
    assertEquals(8, picture.asByteArray().length);
    assertEquals(404, admin.at(pictures.getLast()).statusCode());
  }

  @Test
  void textsOfUsersModelsAndToolsAreEscaped() {
    model.script(request -> say(HOSTILE));
    start("hostile", HOSTILE, 60);
    Page page = admin.open(page("hostile"));
    Element main = page.one("main");
    assertEquals(0, main.select("script, img, b, iframe, object").size(), main::toString);
    assertTrue(page.one(".entry.user pre").wholeText().contains(HOSTILE));
    assertTrue(page.one("#answer").text().contains("<script>alert(1)</script>"));
    for (Element link : main.select("a")) {
      assertTrue(
          link.attr("href").startsWith("/console/")
              || link.attr("href").isEmpty()
              || link.attr("href").equals("https://example.org/p.png"),
          link::toString);
    }
  }

  @Test
  void aFailedRunSaysWhyAndIsRetried() {
    model.script(request -> error(404, "model_not_found", "There is <i>no</i> such model."));
    start("failing", "x", 60);
    Page page = admin.open(page("failing"));
    assertEquals("failing failed", page.one("h1").text());
    assertTrue(page.one(".message").text().length() > 10);
    assertFalse(page.has(".message i"));
    assertTrue(page.one("rect.bad title").text().contains("ended: "), page.text());
    assertTrue(page.has("form[action$=/retry]"));
    assertFalse(page.has("form[action$=/cancel]"));
    model.script(request -> say("Better."));
    Page again = admin.send(page, "form[action$=/retry]", Map.of());
    assertEquals(page("failing"), again.path());
    Eventually.await(
        "the end of the retry",
        () -> admin.open(page("failing")).one("h1").text().equals("failing done"));
    assertFalse(
        admin.open(page("failing")).html().select(".lane-name").eachText().contains("Queue"));
    Page refused =
        admin.post(
            page("failing") + "/retry",
            Map.of("ticket", again.html().select("[name=ticket]").val()));
    assertEquals(409, refused.status());
    assertTrue(refused.text().contains("is ready"), refused.text());
  }

  @Test
  void aLiveRunIsStreamedAndCancelled() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch open = new CountDownLatch(1);
    model.script(
        request -> {
          if (request.size() < 2) {
            return call("c1", "calc_calculate", "{\"expression\": \"1\"}");
          }
          asked.countDown();
          await(open);
          return say("late");
        });
    start("live", "line\nwith another", 0);
    asked.await();
    Page page = admin.open(page("live"));
    String address = page.one("[sse-connect]").attr("sse-connect");
    assertTrue(address.startsWith(page("live") + "/events?last="), address);
    assertTrue(page.has("noscript"));
    HttpResponse<String> stream;
    try (HttpClient client = HttpClient.newHttpClient()) {
      var answer =
          client.sendAsync(
              HttpRequest.newBuilder(
                      URI.create("http://localhost:" + RestAssured.port + page("live") + "/events"))
                  .header("Cookie", "sessionId=" + Api.SESSION)
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      Page cancelled = admin.send(page, "form[action$=/cancel]", Map.of());
      assertEquals("live cancelled", cancelled.one("h1").text());
      assertEquals("The run was cancelled by admin.", cancelled.one(".message.neutral").text());
      assertFalse(cancelled.has(".error, .bad"));
      stream = answer.get();
    } finally {
      open.countDown();
    }
    assertTrue(stream.headers().firstValue("Cache-Control").orElse("").contains("no-store"));
    Document pieces = Jsoup.parseBodyFragment(data(stream.body()));
    assertEquals(
        admin.open(page("live")).html().select("#entries .kind").eachText(),
        pieces.select(".entry .kind").eachText());
    // The lines of a text stay lines.
    assertTrue(pieces.select("#entry-0 pre").first().wholeText().contains("line\nwith another"));
    assertTrue(stream.body().contains("event:end"), stream.body());
  }

  @Test
  void aLongLiveRunIsShownAtItsEnd() throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    model.script(
        request -> {
          asked.countDown();
          await(open);
          return say("late");
        });
    try {
      start("endless", "x", 0);
      asked.await();
      execute(
          """
          INSERT INTO run_entry (run_id, seq, entry)
          SELECT id, n, '{"msg":"line ' || n || '","time":1795560100102,"level":30,"tool":"calc"}'
          FROM run, generate_series(entry_count, 243) AS n WHERE name = 'endless'
          """);
      execute("UPDATE run SET entry_count = 244 WHERE name = 'endless'");
      Page page = admin.open(page("endless"));
      assertEquals(
          List.of("entry-144", "entry-243"),
          List.of(
              page.html().select(".entry").first().id(), page.html().select(".entry").last().id()));
      assertTrue(page.one("[sse-connect]").attr("sse-connect").endsWith("?last=243"));
      assertTrue(page.text().contains("Entries from 145 on"), page.text());
      // What refreshes the head asks for the newest entries, and does so again afterwards.
      String self = page.one("#summary").attr("hx-get");
      execute(
          """
          INSERT INTO run_entry (run_id, seq, entry)
          SELECT id, n, '{"msg":"line ' || n || '","time":1795560100102,"level":30,"tool":"calc"}'
          FROM run, generate_series(244, 400) AS n WHERE name = 'endless'
          """);
      execute("UPDATE run SET entry_count = 401 WHERE name = 'endless'");
      Document part = summary(self);
      assertEquals(self, part.select("#summary").attr("hx-get"));
      assertEquals(0, part.select(".entry").size());
      // An earlier part has no stream, but the same head, and says what has come.
      Page first = admin.open(page("endless") + "?from=0");
      assertFalse(first.has("[sse-connect]"));
      String ofFirst = first.one("#summary").attr("hx-get");
      assertTrue(summary(ofFirst).text().contains("Entries 1 to 100 of 401"));
      Page newest = admin.open(first.html().select(".parts a:contains(Newest)").attr("href"));
      assertTrue(newest.has("#entry-400"));
      assertTrue(newest.has("[sse-connect]"));
      Page cancelled = admin.send(newest, "form:has(#cancel)", Map.of());
      assertTrue(cancelled.has("#retry"));
      assertEquals("", summary(self).select("#summary").attr("hx-get"));
      assertEquals("endless cancelled", summary(ofFirst).select("h1").text());
    } finally {
      open.countDown();
    }
  }

  /** What the page gets when it refreshes its head. */
  private static Document summary(String address) {
    return Jsoup.parse(
        given()
            .cookie("sessionId", Api.SESSION)
            .header("HX-Request", "true")
            .header("HX-Target", "summary")
            .get(address)
            .then()
            .statusCode(200)
            .extract()
            .asString());
  }

  @Test
  void largeEntriesLeaveTheNewestOnesInSight() throws Exception {
    start("large", "x", 60);
    execute(
        """
        INSERT INTO run_entry (run_id, seq, entry) SELECT id, n, '{"msg":"line ' || n || '",
          "time":1795560100102,"level":30,"tool":"calc","more":"' || repeat('x', 20000) || '"}'
        FROM run, generate_series(entry_count, 199) AS n WHERE name = 'large'
        """);
    execute("UPDATE run SET entry_count = 200 WHERE name = 'large'");
    Page newest = admin.open(page("large") + "?from=newest");
    assertTrue(newest.has("#entry-199"), newest.text());
    assertTrue(newest.html().select(".entry").size() > 5);
    assertEquals(400, admin.open(page("large") + "?from=oldest").status());
  }

  @Test
  void theTextOfAStreamKeepsItsLinesAndGetsNoOthers() {
    CountDownLatch watched = new CountDownLatch(1);
    CountDownLatch read = new CountDownLatch(1);
    model.script(
        request ->
            Answer.stream(
                out -> {
                  await(watched);
                  for (String piece : List.of("wo", "rd\\n\\nline\\r\\nlast <b>", "&")) {
                    out.write(
                        ("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                                + piece
                                + "\"}}]}\n\n")
                            .getBytes(StandardCharsets.UTF_8));
                    out.flush();
                  }
                  await(read);
                  out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
                }));
    api()
        .body(
            Map.of(
                "runner",
                "openai",
                "openai",
                Map.of("prompt", "x", "model", "gpt-4o", "base_url", model.url(), "stream", true),
                "settings",
                Map.of("key", "sk-1")))
        .put(TASK)
        .then()
        .statusCode(200);
    trigger("console-run", "streamed", Map.of());
    URI address = URI.create("http://localhost:" + RestAssured.port + page("streamed") + "/events");
    try (Events events = Events.of(address, null)) {
      events.await(come -> !come.named("entry").isEmpty());
      watched.countDown();
      // What comes with the entry itself is not told before it.
      events.await(come -> text(come).contains("&"));
      assertEquals("word\n\nline\nlast <b>&", text(events));
      read.countDown();
      assertTrue(events.awaitOver());
    } finally {
      read.countDown();
    }
  }

  private static String text(Events events) {
    return events.named("delta").stream()
        .map(delta -> Jsoup.parseBodyFragment("<pre>" + delta.data() + "</pre>"))
        .map(piece -> piece.body().child(0).wholeText())
        .reduce("", String::concat);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aStreamLeadsToNoOtherPage() {
    start("unseen", "x", 60);
    given()
        .redirects()
        .follow(false)
        .header("Accept", "text/event-stream")
        .get(page("unseen") + "/events")
        .then()
        .statusCode(401)
        .header("Location", nullValue());
  }

  private static String data(String events) {
    return events
        .lines()
        .filter(line -> line.startsWith("data:"))
        .map(line -> line.substring("data:".length()).replaceFirst("^ ", ""))
        .reduce("", (before, line) -> before + "\n" + line);
  }

  @Test
  void aLongRunIsShownInParts() throws Exception {
    start("long", "x", 60);
    execute(
        """
        INSERT INTO run_entry (run_id, seq, entry)
        SELECT id, n, '{"msg":"line ' || n || '","time":1795560100102,"level":30,"tool":"calc"}'
        FROM run, generate_series(entry_count, 9999) AS n WHERE name = 'long'
        """);
    execute("UPDATE run SET entry_count = 10000 WHERE name = 'long'");
    Page first = admin.open(page("long"));
    assertEquals(100, first.html().select(".entry").size());
    assertTrue(first.text().contains("Entries 1 to 100 of 10000"), first.text());
    assertTrue(first.answer().asString().length() < 100 * 1024, "The page is too large.");
    Page second = admin.open(first.html().select(".parts a:contains(Next)").attr("href"));
    assertNotNull(second.html().getElementById("entry-100"));
    Page last = admin.open(first.html().select(".parts a:contains(Newest)").attr("href"));
    assertNotNull(last.html().getElementById("entry-9999"));
    assertEquals(400, admin.open(page("long") + "?from=-1").status());
  }

  @Test
  void anEntryOfANewerVersionIsShownAsItIsAndTheRunGoesOn() throws Exception {
    model.script(request -> error(404, "x", "No."));
    start("newer", "x", 60);
    String entry =
        "{\"msg\":\"approval asked\",\"time\":1795560100102,\"level\":30,\"approval\":{\"n\":1.50}}";
    execute(
        "INSERT INTO run_entry (run_id, seq, entry) SELECT id, entry_count, '%s' FROM run"
                .formatted(entry)
            + " WHERE name = 'newer'");
    execute("UPDATE run SET entry_count = entry_count + 1 WHERE name = 'newer'");
    assertTrue(api().get(TASK + "/runs/newer").asString().contains("," + entry + "]"));
    Page page = admin.open(page("newer"));
    assertEquals("approval asked", page.one("#entry-2 pre").text());
    Page whole = admin.open(page("newer") + "/entries/2");
    assertTrue(whole.text().contains("\"approval\""), whole.text());
    model.script(request -> say("At last."));
    admin.send(page, "form:has(#retry)", Map.of());
    Api.ended("console-run", "newer");
    assertEquals("At last.", api().get(TASK + "/runs/newer").jsonPath().getString("output"));
  }

  @Test
  void textsOfAPageStayWithinItsSize() {
    String much = "word ".repeat(40_000);
    model.script(request -> say(much));
    start("much", "x", 60);
    Page page = admin.open(page("much"));
    assertTrue(page.answer().asString().length() < 100 * 1024, "The page is too large.");
    Page whole = admin.open(page.html().select("#answer a:contains(Show all)").attr("href"));
    assertTrue(whole.text().length() > 190_000);
  }

  @Test
  void buttonsAreForThoseWhoMayPressThem() {
    model.script(request -> error(404, "x", "No."));
    start("shared", "x", 60);
    for (String role : List.of("viewer", "runner", "editor")) {
      Browser member = new Browser(OtherUser.named("run-" + role, database).session());
      api()
          .body(Map.of("role", role))
          .put("/api/profiles/~/default/members/run-" + role)
          .then()
          .statusCode(201);
      Page page = member.open(page("shared"));
      assertEquals(200, page.status(), role);
      assertEquals(!role.equals("viewer"), page.has("form[action$=/retry]"), role);
      if (role.equals("viewer")) {
        String ticket = page.html().select("[name=ticket]").val();
        Page refused = member.post(page("shared") + "/retry", Map.of("ticket", ticket));
        assertEquals(403, refused.status());
        assertTrue(refused.text().contains("needs the role runner"), refused.text());
      }
    }
    Browser stranger = new Browser(OtherUser.named("run-stranger", database).session());
    assertEquals(404, stranger.open(page("shared")).status());
    assertEquals(
        "/sign-in", new Browser(null).open(page("shared")).path().replaceFirst("\\?.*", ""));
  }

  @Test
  void aFormWithoutItsOwnTicketIsRefused() {
    model.script(request -> error(404, "x", "No."));
    start("forged", "x", 60);
    String foreign =
        new Browser(OtherUser.named("run-forger", database).session())
            .open("/console/run-forger/default")
            .html()
            .select("[name=ticket]")
            .val();
    for (String ticket : List.of("", "1.guess", foreign)) {
      Page refused = admin.post(page("forged") + "/retry", Map.of("ticket", ticket));
      assertEquals(403, refused.status());
      assertTrue(refused.text().contains("has expired"), refused.text());
    }
    given()
        .cookie("sessionId", Api.SESSION)
        .header("Sec-Fetch-Site", "cross-site")
        .header("Accept", "text/html")
        .contentType("application/x-www-form-urlencoded; charset=UTF-8")
        .post(page("forged") + "/cancel")
        .then()
        .statusCode(403)
        .body(containsString("another site sent this form"))
        .body(not(containsString("Bearer")));
    assertEquals("forged failed", admin.open(page("forged")).one("h1").text());
  }
}
