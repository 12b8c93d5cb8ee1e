package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.Eventually;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages of tool calls that wait for a person, as a browser without scripts uses them. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ApprovalPageTest {
  private static final String PROFILE = "/api/profiles/~/console-approvals";
  private static final String HOME = "/console/admin/console-approvals";
  private static final String LIST = HOME + "/approvals";
  private static final String PASSWORD = "a password of one who approves";
  private static final String SUM = "{\"expression\": \"1+1\"}";

  @Inject DataSource database;
  @Inject Sql sql;

  private final ScriptedModel model = new ScriptedModel();
  private final Browser admin = new Browser(Api.SESSION);

  @BeforeEach
  void aProfile() {
    api().body("{}").post(PROFILE).then().statusCode(201);
    api()
        .body("{\"servlet_slug\": \"errand/calc\", \"name\": \"calc\"}")
        .post(PROFILE + "/installations")
        .then()
        .statusCode(201);
    register("asking", Map.of());
    asks(SUM);
  }

  @AfterEach
  void tidyUp() {
    model.close();
    api().delete(PROFILE + "?force=true").then().statusCode(204);
    sql.statement("DELETE FROM account WHERE username LIKE 'approvals-%'").run();
  }

  private void register(String task, Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("key", "sk-a-key-of-1234");
    settings.put("approvals", Map.of("calc_calculate", "always"));
    api()
        .body(Api.task("Add it up.", model.url(), settings))
        .put(PROFILE + "/tasks/" + task)
        .then()
        .statusCode(201);
  }

  private void asks(String arguments) {
    model.script(
        request ->
            request.size() == 1 ? call("c", "calc_calculate", arguments) : say("It is done."));
  }

  /** Starts a run, and the page of its call that waits. */
  private static String waiting(String run) {
    api().body("{}").put(PROFILE + "/tasks/asking/runs/" + run).then().statusCode(201);
    Eventually.await(
        "a call that waits",
        Duration.ofSeconds(30),
        () -> read(run).getString("waiting_for.kind") != null);
    return LIST + "/" + read(run).getString("waiting_for.approvals[0]");
  }

  private static JsonPath read(String run) {
    return api().get(PROFILE + "/tasks/asking/runs/" + run).jsonPath();
  }

  private static JsonPath ended(String run) {
    api().get(PROFILE + "/tasks/asking/runs/" + run + "?wait=30").then().statusCode(200);
    assertEquals("ready", read(run).getString("status"), read(run).prettify());
    return read(run);
  }

  private static Map<String, String> decision(String decision) {
    return Map.of("decision", decision);
  }

  private void mayHaveRun() {
    sql.statement("UPDATE approval SET may_have_run = true").run();
  }

  @Test
  void whatWaitsIsListedReadAndApproved() {
    assertTrue(admin.open(LIST).text().contains("No tool call waits for a person."));
    String path = waiting("r");
    Page list = admin.open(LIST);
    assertEquals(path, list.one("td.lead a").attr("href"));
    assertEquals("{\"expression\":\"1+1\"}", list.one("[data-name=Arguments]").text());
    assertEquals("asking / r", list.one("[data-name=Run]").text());
    assertEquals("waits", list.one("td .status").text());

    Page page = admin.open(path);
    assertEquals("calc_calculate waits", page.one("h1").text());
    assertEquals("1+1", page.one(".values pre").text());
    assertEquals("errand/calc", page.one("#server").text());
    assertEquals("The task: \"calc_calculate\": \"always\"", page.one("#rule").text());
    assertTrue(page.one("#left").text().startsWith("23 h 59 min"), page.text());
    assertFalse(page.one("#description pre").text().isBlank());
    assertEquals(HOME + "/tasks/asking/runs/r", page.one("dd a[href$=/runs/r]").attr("href"));
    assertEquals(
        "the call is not made, and the model reads that nobody approved it",
        page.one("dt:contains(Otherwise) + dd").text());
    assertEquals(
        List.of("Prompt", "Model calls calc_calculate"),
        page.html().select(".entry .kind").eachText());
    // A GET decides nothing, whatever it asks for.
    assertEquals(200, admin.open(path + "?decision=approve").status());
    assertEquals("calc_calculate waits", admin.open(path).one("h1").text());
    assertEquals(403, admin.post(path, decision("approve")).status());
    assertEquals("calc_calculate waits", admin.open(path).one("h1").text());

    Page approved = admin.send(page, "#decide", decision("approve"));
    assertEquals(path, approved.path());
    assertEquals("admin approved the call.", approved.one("#outcome").text());
    assertFalse(approved.has("#decide"));
    assertEquals("2", ended("r").getString("results[5].exchange.content"));
    assertTrue(admin.open(LIST).text().contains("No tool call waits for a person."));
    assertEquals(path, admin.open(LIST + "?status=approved").one("td.lead a").attr("href"));
    assertTrue(admin.open(LIST + "?status=any").text().contains("approved by admin"));
    assertTrue(admin.open(LIST + "?status=rejected").text().contains("No tool call matches"));
    assertTrue(admin.open(LIST + "?status=any&run=asking/r").has("td.lead"));
    assertFalse(admin.open(LIST + "?status=any&run=asking/s").has("td.lead"));
    assertEquals(400, admin.open(LIST + "?status=nonsense").status());
    assertEquals(400, admin.open(LIST + "?cursor=nonsense").status());
    assertEquals(404, admin.open(LIST + "/nonsense").status());
  }

  @Test
  void aRejectionTellsTheModelWhy() {
    Page page = admin.open(waiting("r"));
    Page rejected =
        admin.send(
            page, "#decide", Map.of("decision", "reject", "reason", "Not on a Monday.\r\nNever."));
    assertEquals(
        "admin rejected the call. The model reads that, and goes on.",
        rejected.one("#outcome").text());
    assertTrue(rejected.text().contains("Not on a Monday."), rejected.text());
    assertEquals(
        "A person rejected this call: Not on a Monday.\nNever.",
        ended("r").getString("results[5].exchange.content"));
  }

  @Test
  void changedArgumentsAreCheckedAndKeptUntilTheyFit() {
    Page page = admin.open(waiting("r"));
    assertEquals("{\n  \"expression\" : \"1+1\"\n}", page.value("[name=arguments]"));
    Page broken =
        admin.send(
            page,
            "#decide",
            Map.of("decision", "edit", "arguments", "{\"expression\": ", "reason", "Better so."));
    assertEquals(400, broken.status());
    assertTrue(
        broken.one("details[open] .message").text().startsWith("Arguments: must be a JSON object"),
        broken.text());
    assertEquals("wrong-arguments", broken.one("[name=arguments]").attr("aria-describedby"));
    assertEquals("{\"expression\": ", broken.value("[name=arguments]"));
    assertEquals("Better so.", broken.value("[name=reason]"));
    Page misfit =
        admin.send(broken, "#decide", Map.of("decision", "edit", "arguments", "{\"sum\": \"2\"}"));
    assertEquals(400, misfit.status());
    assertTrue(
        misfit.one("#wrong-arguments").text().startsWith("Arguments: do not fit the schema"),
        misfit.text());
    assertEquals("{\"sum\": \"2\"}", misfit.value("[name=arguments]"));
    // The other button would make another call than the one that was just written.
    Page unclear = admin.send(misfit, "#decide", decision("approve"));
    assertEquals(400, unclear.status());
    assertTrue(unclear.one("#wrong-arguments").text().startsWith("Arguments: were changed"));
    assertEquals("{\"sum\": \"2\"}", unclear.value("[name=arguments]"));
    Page edited =
        admin.send(
            unclear,
            "#decide",
            Map.of("decision", "edit", "arguments", "{\"expression\": \"2+2\"}"));
    assertEquals(
        "admin changed the arguments, and approved the call.", edited.one("#outcome").text());
    assertEquals(List.of("1+1", "2+2"), edited.html().select(".values pre").eachText());
    assertTrue(edited.text().contains("Better so."), edited.text());
    assertEquals("2+2", ended("r").getString("results[4].approval.arguments.expression"));
  }

  @Test
  void unchangedArgumentsAreThoseOfTheModel() {
    Page page = admin.open(waiting("r"));
    Page approved =
        admin.send(
            page, "#decide", Map.of("decision", "edit", "arguments", "{\"expression\":\"1+1\"}"));
    assertEquals("admin approved the call.", approved.one("#outcome").text());
  }

  @Test
  void theSecondDecisionShowsTheFirst() {
    String path = waiting("r");
    Page page = admin.open(path);
    OtherUser editor = OtherUser.named("approvals-first", database);
    api().body(Map.of("role", "editor")).put(PROFILE + "/members/approvals-first");
    Browser first = new Browser(editor.session());
    first.send(first.open(path), "#decide", Map.of("decision", "reject", "reason", "Too early."));
    Page late =
        admin.send(
            page,
            "#decide",
            Map.of(
                "decision",
                "edit",
                "reason",
                "It is time.",
                "arguments",
                "{\"expression\": \"3+3\"}"));
    assertEquals(409, late.status());
    assertTrue(late.one("[role=alert]").text().contains("by approvals-first"), late.text());
    assertTrue(late.one("#outcome").text().startsWith("approvals-first rejected the call."));
    assertTrue(late.text().contains("Too early."), late.text());
    assertTrue(late.text().contains("It is time."), late.text());
    assertTrue(late.text().contains("3+3"), late.text());
    assertFalse(late.has("#decide"));
    ended("r");
  }

  @Test
  void anEndedRunNeedsNobody() {
    Page page = admin.open(waiting("r"));
    api().post(PROFILE + "/tasks/asking/runs/r/cancel").then().statusCode(200);
    Page late = admin.send(page, "#decide", decision("approve"));
    assertEquals(409, late.status());
    assertTrue(late.one("#outcome").text().startsWith("Nobody has to decide any more"));
    assertEquals("cancelled", late.one("h1 .status").text());
  }

  @Test
  void aCallThatMayHaveRunGetsItsResultFromAPerson() {
    String path = waiting("r");
    assertFalse(admin.open(path).has("[name=result], [value=fail], #may-have-run"));
    mayHaveRun();
    Page page = admin.open(path);
    assertTrue(page.one("#may-have-run").text().contains("it may have been made"), page.text());
    assertEquals("Make the call again", page.one("[value=approve]").text());
    assertTrue(admin.open(LIST).text().contains("may have run"));
    Page refused = admin.send(page, "#decide", Map.of("decision", "answer", "reason", "I looked."));
    assertEquals(400, refused.status());
    assertTrue(refused.one("#wrong-result").text().startsWith("Result: is required"));
    assertEquals("I looked.", refused.value("[name=reason]"));
    Page answered =
        admin.send(refused, "#decide", Map.of("decision", "answer", "result", "It was 2.\u202E"));
    assertEquals(
        "admin gave the result of the call, which the model reads.",
        answered.one("#outcome").text());
    assertTrue(answered.text().contains("It was 2.⟨U+202E⟩"), answered.text());
    assertEquals("It was 2.\u202E", ended("r").getString("results[5].exchange.content"));
  }

  @Test
  void aPersonEndsARunWhoseCallMayHaveRun() {
    String path = waiting("r");
    mayHaveRun();
    Page failed = admin.send(admin.open(path), "#decide", decision("fail"));
    assertEquals("admin ended the run.", failed.one("#outcome").text());
    api().get(PROFILE + "/tasks/asking/runs/r?wait=30");
    assertEquals("approval_failed", read("r").getString("error.code"));
  }

  @Test
  void whatModelsHideIsSeenAndWhatTheyWriteIsText() {
    asks(
        """
        {"expression": "1\\u202E+1\\u200b", "note\\u2066": "<img src=x onerror=alert(1)>\\nSecond line",
         "more": {"deep": ["\\u0000"], "right": true}}
        """);
    Page page = admin.open(waiting("r"));
    List<String> values =
        page.html().select(".values pre").stream().map(element -> element.wholeText()).toList();
    assertEquals("1⟨U+202E⟩+1⟨U+200B⟩", values.get(0));
    assertEquals("<img src=x onerror=alert(1)>\nSecond line", values.get(1));
    assertTrue(values.get(2).contains("\\u0000") && values.get(2).contains("true"), values.get(2));
    assertEquals(
        List.of("expression", "note⟨U+2066⟩", "more"), page.html().select(".values dt").eachText());
    assertTrue(page.text().contains("There are characters in it that one does not see."));
    assertFalse(page.has("main img"));
    assertFalse(page.answer().asString().contains("\u202E"));
    assertFalse(admin.open(LIST).answer().asString().contains("\u202E"));
    String field = page.value("[name=arguments]");
    assertTrue(field.contains("1\\u202E+1\\u200B"), field);
    // What is not changed is still what the model wrote.
    Page approved = admin.send(page, "#decide", decision("approve"));
    assertEquals("admin approved the call.", approved.one("#outcome").text());
  }

  @Test
  void longArgumentsAreShownInPartAndWholeBesideIt() {
    String text = "a".repeat(150_000) + "the end";
    asks("{\"expression\": \"" + text + "\"}");
    String path = waiting("r");
    Page page = admin.open(path);
    assertTrue(page.text().contains("This is only the beginning."), page.html().title());
    assertFalse(page.has("[name=arguments]"));
    assertTrue(page.answer().asString().length() < 100_000, "It is too long.");
    assertTrue(admin.at(path + "/arguments").asString().contains("the end"));
    assertEquals("text/plain;charset=UTF-8", admin.at(path + "/arguments").contentType());
    assertEquals(
        "admin approved the call.",
        admin.send(page, "#decide", decision("approve")).one("#outcome").text());
  }

  @Test
  void onlyApproversAndEditorsDecide() {
    String path = waiting("r");
    String second = waiting("second");
    for (String role : List.of("viewer", "runner", "editor")) {
      OtherUser user = OtherUser.named("approvals-" + role, database);
      api().body(Map.of("role", role)).put(PROFILE + "/members/approvals-" + role);
      Browser browser = new Browser(user.session());
      Page page = browser.open(path);
      assertEquals(200, page.status(), role);
      assertTrue(page.text().contains("1+1"), role);
      assertTrue(browser.open(LIST).has("td.lead a"), role);
      boolean mayDecide = role.equals("editor");
      assertEquals(mayDecide, page.has("main form, main button"), role);
      String ticket = browser.open(LIST).html().select("[name=ticket]").val();
      for (String decision : mayDecide ? List.of("nonsense", "approve") : List.of("x", "approve")) {
        Page answer = browser.post(path, Map.of("ticket", ticket, "decision", decision));
        int expected = !mayDecide ? 403 : decision.equals("approve") ? 200 : 400;
        assertEquals(expected, answer.status(), role + decision);
      }
    }
    Browser stranger = new Browser(OtherUser.named("approvals-stranger", database).session());
    assertEquals(404, stranger.open(path).status());
    assertEquals(404, stranger.open(LIST).status());
    assertEquals(404, stranger.at(path + "/arguments").statusCode());
    assertEquals("approvals-editor", decidedBy(path));
    ended("r");

    OtherUser approver = OtherUser.named("approvals-approver", database);
    api().body(Map.of("role", "approver")).put(PROFILE + "/members/approvals-approver");
    Browser browser = new Browser(approver.session());
    assertFalse(browser.open(HOME + "/tasks/asking").has("main form[method=post]"));
    assertTrue(browser.send(browser.open(second), "#decide", decision("approve")).has("#outcome"));
    assertEquals("approvals-approver", decidedBy(second));
    ended("second");
    assertFalse(browser.open(HOME + "/tasks/asking/runs/second").has("main form[method=post]"));
  }

  private static String decidedBy(String path) {
    return api()
        .get(PROFILE + "/approvals/" + path.substring(path.lastIndexOf('/') + 1))
        .path("decided_by");
  }

  @Test
  void whoeverSignsInComesBackToTheQuestion() {
    String path = waiting("r");
    String link =
        api()
            .body("{\"role\": \"member\"}")
            .put("/api/users/approvals-late")
            .path("invitation_url");
    api()
        .body(Map.of("password", PASSWORD))
        .post("/api/invitations/" + link.substring(link.lastIndexOf('/') + 1))
        .then()
        .statusCode(201);
    api().body(Map.of("role", "editor")).put(PROFILE + "/members/approvals-late");
    Browser browser = new Browser(null);
    Page signIn = browser.open(path);
    assertTrue(signIn.path().startsWith("/sign-in?return="), signIn.path());
    Page back =
        browser.send(
            signIn, "#sign-in", Map.of("username", "approvals-late", "password", PASSWORD));
    assertEquals(path, back.path());
    assertTrue(back.has("#decide"));
  }

  @Test
  void theListGoesOn() {
    String path = waiting("r");
    sql.statement(
            """
            INSERT INTO approval (id, run_id, profile_id, step, call_id, tool, arguments,
              may_have_run, status, requested_at, expires_at, expiry)
            SELECT gen_random_uuid(), a.run_id, a.profile_id, 9, 'c' || n, 'calc_' || n, '{}', false,
              'rejected', now(), now(), 'reject'
            FROM approval a JOIN profile ON profile.id = a.profile_id, generate_series(1, 60) AS n
            WHERE profile.name = 'console-approvals'
            """)
        .run();
    assertEquals(1, admin.open(LIST).html().select("tbody tr").size());
    sql.statement(
            "UPDATE approval SET status = 'open', expires_at = now() + number * interval '1 minute'"
                + " WHERE step = 9")
        .run();
    Page soonest = admin.open(LIST);
    assertEquals("calc_1", soonest.html().select("td.lead").getFirst().text());
    Page later = admin.open(soonest.one("#approvals > p.buttons a").attr("href"));
    assertEquals(11, later.html().select("tbody tr").size());
    assertEquals("calc_51", later.html().select("td.lead").getFirst().text());
    sql.statement("UPDATE approval SET status = 'rejected' WHERE step = 9").run();
    Page first = admin.open(LIST + "?status=any");
    assertEquals(50, first.html().select("tbody tr").size());
    assertEquals("calc_60", first.html().select("td.lead").getFirst().text());
    Page second = admin.open(first.one("#approvals > p.buttons a").attr("href"));
    assertEquals(11, second.html().select("tbody tr").size());
    assertEquals(path, second.html().select("td.lead a").getLast().attr("href"));
    assertEquals(
        IntStream.rangeClosed(1, 10).mapToObj(n -> "calc_" + (11 - n)).toList(),
        second.html().select("td.lead").eachText().subList(0, 10));
  }

  @Test
  void thePageOfARunAsksWhileItWaits() {
    String path = waiting("r");
    String address = HOME + "/tasks/asking/runs/r";
    Page run = admin.open(address);
    assertEquals("r waits for a person", run.one("h1").text());
    assertFalse(run.has(".status.running"));
    assertTrue(run.one("#waiting pre").text().contains("\"expression\" : \"1+1\""));
    assertEquals(path, run.one("#waiting strong a").attr("href"));
    assertTrue(run.html().select(".lane title").eachText().toString().contains("waits for a"));
    assertTrue(admin.open(HOME + "/runs").one("td.lead").text().contains("waits for a person"));
    assertTrue(admin.open(HOME).one("#running ~ ul li").text().contains("waits for a person"));
    assertTrue(admin.open(run.one("#waiting .note a").attr("href")).has("td.lead"));
    Page gone = admin.send(run, "#waiting form", decision("approve"));
    assertEquals(address, gone.path());
    assertFalse(gone.has("#waiting"));
    ended("r");
    assertFalse(admin.open(address).has("#waiting"));
    Page late = admin.send(run, "#waiting form", decision("reject"));
    assertEquals(409, late.status());
    assertEquals("admin approved the call.", late.one("#outcome").text());
  }

  @Test
  void onTheRunsPageNobodyDecidesAboutWhatIsNotWhole() {
    asks("{\"expression\": \"" + "1+".repeat(1000) + "1\"}");
    waiting("long");
    String address = HOME + "/tasks/asking/runs/long";
    assertFalse(admin.open(address).has("#waiting button"));
    assertTrue(admin.open(address).has("#waiting a.button"));
    sql.statement("UPDATE approval SET arguments = '{}', may_have_run = true").run();
    Page lost = admin.open(address);
    assertFalse(lost.has("#waiting button"));
    assertTrue(lost.one("#waiting .status").text().contains("may have been made"));
    OtherUser runner = OtherUser.named("approvals-runner", database);
    api().body(Map.of("role", "runner")).put(PROFILE + "/members/approvals-runner");
    Page seen = new Browser(runner.session()).open(address);
    assertFalse(seen.has("#waiting form, #waiting a.button"));
    assertTrue(
        seen.one("#waiting").text().contains("Approvers and editors of admin/console-approvals"));
  }

  @Test
  void theTimeThatPersonsTakeIsNotTheRuns() {
    String path = waiting("r");
    sql.statement(
            "UPDATE run SET waits_since = waits_since - interval '2 days 3 hours', started_at = started_at - interval '2 days 3 hours' WHERE name = 'r'")
        .run();
    String address = HOME + "/tasks/asking/runs/r";
    assertFalse(took(admin.open(address)).contains("h"), took(admin.open(address)));
    admin.send(admin.open(path), "#decide", decision("approve"));
    ended("r");
    assertFalse(took(admin.open(address)).contains("h"), took(admin.open(address)));
    assertFalse(admin.open(HOME + "/runs").one("[data-name=Took]").text().contains("h"));
  }

  private static String took(Page run) {
    return run.one("dt:matches(Took|Has taken) + dd").ownText();
  }

  @Test
  void theNumberOfWhatWaitsIsInTheHeadAndAtHome() {
    assertFalse(admin.open(HOME).has(".count, #waiting"));
    String path = waiting("r");
    waiting("s");
    Page home = admin.open(HOME);
    assertEquals("2 tool calls wait for a person", home.one("#waiting").text());
    assertEquals(LIST, home.one("#waiting a").attr("href"));
    assertEquals(path, home.html().select("#now [id^=waiting-]").getFirst().attr("href"));
    // What expires soonest is the first.
    sql.statement(
            "UPDATE approval SET expires_at = now() + interval '1 hour' WHERE id <> :id::uuid")
        .with("id", path.substring(path.lastIndexOf('/') + 1))
        .run();
    assertEquals(
        path, admin.open(HOME).html().select("#now [id^=waiting-]").getLast().attr("href"));
    assertEquals(path, admin.open(LIST).html().select("td.lead a").getLast().attr("href"));
    Page tasks = admin.open(HOME + "/tasks");
    assertEquals("Approvals 2 waiting", tasks.one("nav a[href$=/approvals]").text());
    // What refreshes itself takes no navigation.
    String part =
        api().accept("text/html").header("HX-Request", "true").get(HOME + "/tasks").asString();
    assertFalse(part.contains("class=\"count\""), part);
    part = api().accept("text/html").header("HX-Request", "true").get(HOME).asString();
    assertTrue(part.contains("2 tool calls wait"), part);
    sql.statement(
            """
            INSERT INTO approval (id, run_id, profile_id, step, call_id, tool, arguments,
              may_have_run, requested_at, expires_at, expiry)
            SELECT gen_random_uuid(), run_id, profile_id, 9, 'c' || n, 'calc', '{}', false, now(),
              now() + interval '1 day', 'reject'
            FROM (
              SELECT approval.* FROM approval JOIN profile ON profile.id = profile_id
              WHERE profile.name = 'console-approvals' LIMIT 1) AS one,
              generate_series(1, 120) AS n
            """)
        .run();
    assertEquals("99+ waiting", admin.open(HOME + "/tasks").one(".count").text());
    assertEquals(5, admin.open(HOME).html().select("[id^=waiting-]").size());
    api().post(PROFILE + "/tasks/asking/runs/r/cancel");
    api().post(PROFILE + "/tasks/asking/runs/s/cancel");
    assertFalse(admin.open(HOME).has(".count, #waiting"));
  }
}
