package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.models.port.RunError;
import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page with the runs of a profile, and the list of the API that is behind it. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RunListPageTest {
  private static final String PROFILE = "/api/profiles/~/console-list";
  private static final String RUNS = "/console/admin/console-list/runs";
  private static final String HOSTILE = "<img src=x onerror=alert(1)>{x}\"'&";

  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();
  private final Browser admin = new Browser(Api.SESSION);

  @BeforeEach
  void aProfileWithRuns() {
    api().body("{}").post(PROFILE).then().statusCode(201);
    model.script(
        request ->
            request.lastMessage().toString().contains("broken")
                ? error(404, "model_not_found", "There is no such model.")
                : say("Fine."));
    for (String task : List.of("good", "bad")) {
      api()
          .body(
              Api.task(task.equals("bad") ? "broken" : "Hello", model.url(), Map.of("key", "sk-1")))
          .put(PROFILE + "/tasks/" + task)
          .then()
          .statusCode(201);
    }
    start("good", "one");
    start("bad", "two");
    start("good", HOSTILE.replace("/", ""));
  }

  private static void start(String task, String run) {
    String encoded = URLEncoder.encode(run, StandardCharsets.UTF_8).replace("+", "%20");
    api()
        .body("{}")
        .put(PROFILE + "/tasks/" + task + "/runs/" + encoded + "?wait=30")
        .then()
        .statusCode(201);
  }

  @AfterEach
  void tidyUp() {
    model.close();
    api().delete(PROFILE + "?force=true").then().statusCode(204);
  }

  private static List<String> names(Page page) {
    return page.html().select("tbody td[data-name=Run]").eachText();
  }

  @Test
  void runsAreListedNewestFirstAndNamesAreText() {
    Page page = admin.open(RUNS);
    assertEquals(200, page.status());
    assertEquals(List.of(HOSTILE, "two", "one"), names(page));
    assertEquals(List.of("done", "failed", "done"), page.html().select("td .status").eachText());
    assertFalse(page.has("main img"));
    assertTrue(page.has("#runs[hx-get][hx-trigger]"));
    assertTrue(page.one("td code").text().length() > 3);
    for (var link : page.html().select("td a")) {
      assertTrue(
          link.attr("href").startsWith("/console/admin/console-list/tasks/"), link::toString);
    }
  }

  @Test
  void aReadyRunWithAWarningIsToldFromOthers() {
    model.script(request -> request.size() == 1 ? call("c", "none", "{}") : say("Fine."));
    start("good", "useless");
    String below = RUNS.replace("/runs", "");

    Page list = admin.open(RUNS + "?warning=tools_failed");
    assertEquals(List.of("useless"), names(list));
    assertEquals("done", list.one("td .status.warned").text());
    assertEquals("tools_failed", list.one("td code").text());
    assertEquals("tools_failed", list.one("input[name=warning]").attr("value"));
    assertTrue(list.has("#warnings option[value=output_cut]"));
    assertTrue(list.has("#warnings option[value=max_cost]"));
    assertEquals(1, admin.open(RUNS).html().select(".status.warned").size());
    Page run = admin.open(below + "/tasks/good/runs/useless");
    assertEquals("done", run.one("h1 .status.warned").text());
    assertTrue(run.one("#warnings").text().contains("tools_failed"), run.text());
    assertTrue(run.text().contains("The only tool call, of none, failed."), run.text());
    assertFalse(admin.open(below + "/tasks/good/runs/one").has("#warnings"));
    assertTrue(admin.open(below + "/tasks/good").has("td .status.warned"));
    assertTrue(admin.open(below + "/tasks").has("td .status.warned"));
    Page home = admin.open(below);
    assertEquals(
        List.of("warning good / useless tools_failed", "failed bad / two model_not_found"),
        home.html().select("section[aria-labelledby=attention] li").eachText().stream()
            .map(line -> line.replaceFirst(" \\w{3} \\d+ \\w{3} \\d{4}, .*", ""))
            .toList());
  }

  @Test
  void runsThatARunHasStartedAreLinkedBothWays() {
    api()
        .body(Map.of("servlet_slug", "errand/tasks", "name", "tasks"))
        .post(PROFILE + "/installations")
        .then()
        .statusCode(201);
    api()
        .body(Api.task("Begin", model.url(), Map.of("key", "sk-1")))
        .put(PROFILE + "/tasks/begins")
        .then()
        .statusCode(201);
    model.script(
        request ->
            request.body().toString().contains("Begin") && request.size() == 1
                ? call("a", "tasks_run", "{\"task\": \"good\", \"run\": \"<b>child\"}")
                : say("Fine."));
    start("begins", "above");
    String above = RUNS.replace("/runs", "/tasks/begins/runs/above");
    Page parent = admin.open(above);
    assertEquals(List.of("good / <b>child"), parent.html().select("#children a").eachText());
    Page child = admin.open(parent.one("#children a").attr("href"));
    assertEquals(above, child.one("dt:contains(Started by) + dd a").attr("href"));
    assertFalse(child.has("#children"));
    Page list = admin.open(RUNS + "?parent=begins/above");
    assertEquals(List.of("<b>child"), names(list));
    assertEquals("begins/above", list.one("[name=parent]").val());
    api()
        .get(PROFILE + "/runs?parent=begins/above")
        .then()
        .body("name", equalTo(List.of("<b>child")));
    api().get(PROFILE + "/runs?parent=begins/other").then().body("size()", equalTo(0));
  }

  @Test
  void theFormOffersEveryError() {
    Page page = admin.open(RUNS);
    assertEquals(
        Arrays.stream(RunError.values()).map(RunError::code).toList(),
        page.html()
            .select("#" + page.one("[name=code]").attr("list") + " option")
            .eachAttr("value"));
  }

  @Test
  void aFilterThatIsNoneIsGivenBack() {
    Page refused = admin.open(RUNS + "?code=model%20refused&status=ready");
    assertEquals(400, refused.status());
    assertTrue(refused.one(".message").text().contains("must be one of"), refused.text());
    assertEquals("model refused", refused.value("[name=code]"));
    assertTrue(refused.has("[name=status] option[value=ready][selected]"));
    assertTrue(refused.has("nav[aria-label=Main]"));
    assertEquals(List.of(), names(refused));
    assertFalse(refused.has("#runs[hx-get]"));
    // An address without a filter has no question mark.
    assertEquals(RUNS, admin.open(RUNS).one("#runs").attr("hx-get"));
  }

  @Test
  void theFormFiltersByEachOfItsFields() {
    Page all = admin.open(RUNS);
    String code = all.one("td code").text();
    Map<Map<String, String>, List<String>> expected =
        Map.of(
            Map.of("status", "error"), List.of("two"),
            Map.of("status", "ready"), List.of(HOSTILE, "one"),
            Map.of("status", "pending"), List.of(),
            Map.of("task", "bad"), List.of("two"),
            Map.of("code", code), List.of("two"),
            Map.of("code", "timeout"), List.of(),
            Map.of("cause", "api"), List.of(HOSTILE, "two", "one"),
            Map.of("cause", "schedule"), List.of(),
            Map.of("from", "2999-01-01T00:00"), List.of(),
            Map.of("from", "2020-01-01T00:00", "to", "2999-01-01T00:00"),
                List.of(HOSTILE, "two", "one"));
    expected.forEach(
        (fields, names) -> {
          Page page = admin.send(all, "form.filters", fields);
          assertEquals(names, names(page), fields.toString());
          // What was asked for stands in the form again.
          fields.forEach(
              (name, value) ->
                  assertTrue(
                      page.has("option[value=%s][selected]".formatted(value.replace(":", "\\:")))
                          || page.one("[name=" + name + "]").val().equals(value),
                      name));
        });
    Page wrong = admin.open(RUNS + "?from=yesterday");
    assertEquals(400, wrong.status());
    assertTrue(wrong.text().contains("must be a time"), wrong.text());
    assertEquals(404, admin.open(RUNS + "?task=absent").status());
    assertEquals(400, admin.open(RUNS + "?cursor=x").status());
  }

  @Test
  void runsAreFoundByATextOfTheirAnswerOrError() {
    model.script(request -> say("Die GRÖSSE of \"invoice\" 12345 is 50 %_ \\ <b>."));
    start("good", "invoice");
    Page all = admin.open(RUNS);
    Map.of(
            "Größe".replace("ß", "SS"),
            List.of("invoice"),
            "  of \"INVOICE\" 12345 ",
            List.of("invoice"),
            "50 %_ \\",
            List.of("invoice"),
            "%",
            List.of("invoice"),
            "there is no such MODEL",
            List.of("two"),
            "fine.",
            List.of(HOSTILE, "one"))
        .forEach(
            (text, names) -> {
              Page page = admin.send(all, "form.filters", Map.of("text", text));
              assertEquals(names, names(page), text);
              assertEquals("All runs were searched.", page.one("#searched").text());
              // It takes too long to be done every five seconds.
              assertFalse(page.has("#runs[hx-get]"));
              api()
                  .urlEncodingEnabled(true)
                  .queryParam("text", text)
                  .get(PROFILE + "/runs")
                  .then()
                  .body("name", equalTo(names));
            });
    Page both = admin.open(RUNS + "?text=fine&status=ready&task=good");
    assertEquals(List.of(HOSTILE, "one"), names(both));
    assertEquals("fine", both.value("[name=text]"));
    assertEquals(List.of(), names(admin.open(RUNS + "?text=fine&task=bad")));
    assertFalse(all.has("#searched"));
    // The database has no NUL.
    api()
        .urlEncodingEnabled(false)
        .get(PROFILE + "/runs?text=fine%00")
        .then()
        .statusCode(200)
        .body("size()", equalTo(0));
    Page wrong = admin.open(RUNS + "?text=" + "x".repeat(201));
    assertEquals(400, wrong.status());
    assertTrue(wrong.text().contains("must have at most 200 characters"), wrong.text());
    problem(api().get(PROFILE + "/runs?text=" + "x".repeat(201)), 400, "invalid_input");
    api().get(PROFILE + "/runs?text=").then().statusCode(200).body("size()", equalTo(4));
  }

  @Test
  void aSearchByTextSaysHowFarBackItCame() throws Exception {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO run (task_id, profile_id, name, status, parameters, assignment, trigger,
            attempt, created_at, started_at, finished_at, output)
          SELECT task.id, profile_id, 'old-' || n, 'ready', '{}', '{}', '{"kind": "api"}', 1, now(),
            now(), now(), CASE WHEN n = 3 THEN 'The Needle.' ELSE 'Hay.' END
          FROM task JOIN profile ON profile.id = task.profile_id, generate_series(1, 10600) AS n
          WHERE profile.name = 'console-list' AND task.name = 'good' ORDER BY n
          """);
    }
    Page page = admin.open(RUNS + "?text=needle");
    assertEquals(List.of(), names(page));
    assertTrue(page.one("#searched").text().startsWith("Searched back to "), page.text());
    Page further = admin.open(page.one(".empty a").attr("href"));
    assertEquals(List.of("old-3"), names(further));
    assertEquals("All runs were searched.", further.one("#searched").text());
    Page many = admin.open(RUNS + "?text=hay");
    assertEquals(50, names(many).size());
    assertEquals("There may be more.", many.one("#searched").text());
    assertTrue(api().get(PROFILE + "/runs?text=needle").header("Link").contains("text=needle"));
  }

  @Test
  void usersWithoutARoleSeeNothingOfTheProfile() {
    for (String role : List.of("viewer", "runner", "editor")) {
      OtherUser.named("list-" + role, database);
      api()
          .body(Map.of("role", role))
          .put(PROFILE + "/members/list-" + role)
          .then()
          .statusCode(201);
      Page page = new Browser(OtherUser.named("list-" + role, database).session()).open(RUNS);
      assertEquals(200, page.status(), role);
      assertEquals(3, names(page).size(), role);
    }
    Page stranger = new Browser(OtherUser.named("list-stranger", database).session()).open(RUNS);
    assertEquals(404, stranger.status());
    assertTrue(stranger.text().contains("no profile"), stranger.text());
    given()
        .redirects()
        .follow(false)
        .get(RUNS + "?status=error")
        .then()
        .statusCode(303)
        .header(
            "Location",
            equalTo(
                "http://localhost:"
                    + RestAssured.port
                    + "/sign-in?return=console%2Fadmin%2Fconsole-list%2Fruns%3Fstatus%3Derror"));
    // A part that refreshes itself has the whole page leave.
    given()
        .header("HX-Request", "true")
        .header("HX-Current-URL", "http://localhost:" + RestAssured.port + RUNS)
        .get(RUNS)
        .then()
        .statusCode(401)
        .header("HX-Redirect", containsString("/sign-in?return="));
    // A token is no session.
    given()
        .header("Authorization", "Bearer x")
        .redirects()
        .follow(false)
        .get(RUNS)
        .then()
        .statusCode(303);
  }

  @Test
  void theAddressOfTheServiceLeadsHome() {
    assertEquals("/console/admin/default", admin.open("/").path());
    assertEquals("/console/admin/default", admin.open("/console").path());
    assertEquals("/sign-in?return=console", new Browser(null).open("/console").path());
  }

  @Test
  void theScriptsOfThePagesAreServedAndSmall() {
    int size = 0;
    for (var script : admin.open(RUNS).html().select("script")) {
      byte[] content =
          given().get(script.attr("src")).then().statusCode(200).extract().asByteArray();
      size += content.length;
      assertTrue(
          given().get(script.attr("src")).header("Cache-Control").contains("max-age=31536000"),
          script.attr("src"));
    }
    assertTrue(size < 120 * 1024, "The scripts have " + size + " bytes.");
  }

  @Test
  void theListOfTheApiIsPaged() {
    String path = PROFILE + "/runs?limit=1";
    for (String expected : List.of(HOSTILE, "two", "one")) {
      var answer = api().get(path);
      answer.then().statusCode(200).body("size()", equalTo(1));
      assertEquals(expected, answer.path("[0].name"));
      String link = answer.header("Link");
      if (expected.equals("one")) {
        assertEquals(null, link);
      } else {
        URI next = URI.create(link.substring(1, link.indexOf('>')));
        path = next.getRawPath() + "?" + next.getRawQuery();
      }
    }
    api().get(PROFILE + "/runs?code=timeout").then().statusCode(200).body("size()", equalTo(0));
    problem(api().get(PROFILE + "/runs?status=done"), 400, "invalid_input");
    problem(api().get(PROFILE + "/runs?task=absent"), 404, "task_not_found");
  }

  @Test
  void runsOfADeletedTaskAreNotListed() {
    api().delete(PROFILE + "/tasks/bad").then().statusCode(204);
    assertEquals(List.of(HOSTILE, "one"), names(admin.open(RUNS)));
    assertEquals(List.of(HOSTILE), api().get(PROFILE + "/runs?limit=1").path("name"));
  }
}
