package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page with the usage of a profile, and the same as a file. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class UsagePageTest {
  private static final String PROFILE = "/api/profiles/~/console-usage";
  private static final String USAGE = "/console/admin/console-usage/usage";
  private static final String HOSTILE = "<script>alert(1)</script>\"><img onerror=alert(1)>{x}'&";

  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();
  private final Browser admin = new Browser(Api.SESSION);

  @BeforeEach
  void aProfile() {
    api().body("{}").post(PROFILE).then().statusCode(201);
  }

  @AfterEach
  void tidyUp() throws Exception {
    model.close();
    api().delete(PROFILE + "?force=true").then().statusCode(204);
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM account WHERE username LIKE 'usage-%'");
    }
  }

  private void runs() {
    model.script(
        request ->
            request.lastMessage().toString().contains("broken")
                ? error(404, "model_not_found", "There is no such model.")
                : say("Fine."));
    // A spreadsheet would take the second name for a formula.
    for (String task : List.of("good", "-2")) {
      api()
          .body(
              Api.task(
                  task.equals("good") ? "Hello" : "broken", model.url(), Map.of("key", "sk-1")))
          .put(PROFILE + "/tasks/" + task)
          .then()
          .statusCode(201);
      for (String run : List.of("one", "two")) {
        api().body("{}").put(PROFILE + "/tasks/" + task + "/runs/" + run + "?wait=30").then();
      }
    }
  }

  private static List<String> names(Page page, String heading) {
    return page.html().select(heading + " + .scroll tbody td.lead").eachText();
  }

  @Test
  void anEmptyPageSaysWhatToDo() {
    Page page = admin.open(USAGE);
    assertEquals("page", page.one("nav a:contains(Usage)").attr("aria-current"));
    assertTrue(page.one(".empty").text().contains("No run ended"), page.text());
    assertFalse(page.has("#plots"));
    assertEquals("30 days", page.one(".spans [aria-current]").text());
  }

  @Test
  void usageStandsInTablesAndForThePlots() throws Exception {
    runs();
    Page page = admin.open(USAGE);
    assertEquals(2, names(page, "#tasks").size());
    assertEquals("good", names(page, "#tasks").getFirst());
    assertEquals(1, names(page, "#days").size());
    assertEquals("2", page.one("#days + .scroll td[data-name=Done]").text());
    assertEquals("2", page.one("#days + .scroll td[data-name=Failed]").text());
    assertEquals("100", page.html().select("#tasks + .scroll rect").first().attr("width"));
    var runs = page.one("#task-plots section:contains(Runs by task)");
    assertEquals(List.of("-2", "good"), runs.select("dt a").eachText());
    assertEquals(List.of("0", "100"), runs.select("rect.tool").eachAttr("width"));
    assertEquals(List.of("100", "0"), runs.select("rect.bad").eachAttr("width"));
    assertEquals(
        List.of("2"), page.html().select("section:contains(Errors by task) dd").eachText());
    JsonNode plot = new ObjectMapper().readTree(page.one("#plots").attr("data-plot"));
    assertEquals(30, plot.path("ready").size());
    assertEquals(2, plot.path("ready").get(29).asInt());
    assertEquals(2, plot.path("failed").get(29).asInt());
    assertEquals(0, plot.path("tokens").get(28).asInt());
    // The scripts that draw are there, and nothing of another site.
    for (String script : page.html().select("script").eachAttr("src")) {
      assertEquals(200, admin.at(script).statusCode(), script);
    }
    for (String style : page.html().select("link[rel=stylesheet]").eachAttr("href")) {
      assertEquals(200, admin.at(style).statusCode(), style);
    }
    Page one = admin.send(page, "form.filters", Map.of("task", "-2"));
    assertEquals("0", one.one("#days + .scroll td[data-name=Done]").text());
    assertFalse(one.has("#tasks, #task-plots"));
    assertEquals("-2", one.one("select[name=task] option[selected]").attr("value"));
    assertEquals(200, admin.open(page.html().select(".spans a").last().attr("href")).status());
  }

  @Test
  void wrongDaysAreKeptAndExplained() {
    for (Map<String, String> wrong :
        List.of(
            Map.of("from", "2026-02-02", "to", "2026-02-01"),
            Map.of("from", "2020-01-01", "to", "2026-02-01"),
            Map.of("from", HOSTILE, "to", ""))) {
      Page refused = admin.send(admin.open(USAGE), "form.filters", wrong);
      assertEquals(400, refused.status());
      assertTrue(refused.one(".message").text().length() > 3, refused.text());
      assertEquals(wrong.get("from"), refused.one("[name=from]").val());
      assertEquals(wrong.get("to"), refused.one("[name=to]").val());
      assertFalse(refused.has("main img"));
    }
    assertEquals(404, admin.open(USAGE + "?task=nowhere").status());
  }

  @Test
  void theExportIsTheSameByThePageAndByTheApi() {
    runs();
    String link = admin.open(USAGE).one("a[href*=usage.csv]").attr("href");
    Response file = admin.at(link);
    assertEquals(200, file.statusCode());
    assertTrue(file.contentType().startsWith("text/csv"), file.contentType());
    assertEquals("no-store", file.header("Cache-Control"));
    assertTrue(file.header("Content-Disposition").startsWith("attachment; filename=\"usage-"));
    String[] lines = file.asString().split("\r\n", -1);
    assertEquals(4, lines.length);
    assertTrue(lines[0].startsWith("day,task,deleted,runs_ready,runs_error,"), lines[0]);
    assertTrue(lines[1].matches("[0-9]{4}-[0-9]{2}-[0-9]{2},'-2,false,0,2,.*"), lines[1]);
    assertTrue(lines[2].matches("[0-9]{4}-[0-9]{2}-[0-9]{2},good,false,2,0,.*"), lines[2]);
    assertEquals("", lines[3]);
    Response byApi = api().header("Accept", "text/csv").get(PROFILE + "/usage");
    assertEquals(file.asString(), byApi.asString());
    assertEquals("text/csv", byApi.contentType().replaceFirst(";charset=UTF-8$", ""));
    Response ofTask = api().header("Accept", "text/csv").get(PROFILE + "/tasks/good/usage");
    assertEquals(lines[0] + "\r\n" + lines[2] + "\r\n", ofTask.asString());
    assertEquals("text/csv", ofTask.contentType().replaceFirst(";charset=UTF-8$", ""));
    assertEquals(ofTask.asString(), admin.at(link + "&task=good").asString());
    // Whoever does not ask for it by name gets JSON.
    assertTrue(api().get(PROFILE + "/usage").contentType().startsWith("application/json"));
    api().header("Accept", "text/csv").get(PROFILE + "/usage?from=x").then().statusCode(400);
    assertEquals(400, admin.at(USAGE + ".csv?from=x").statusCode());
  }

  @Test
  void membersSeeItAndNobodyElse() {
    Browser viewer = new Browser(OtherUser.named("usage-viewer", database).session());
    assertEquals(404, viewer.open(USAGE).status());
    assertEquals(404, viewer.at(USAGE + ".csv").statusCode());
    api().body(Map.of("role", "viewer")).put(PROFILE + "/members/usage-viewer").then();
    assertEquals(200, viewer.open(USAGE).status());
    assertEquals(200, viewer.at(USAGE + ".csv").statusCode());
    assertTrue(new Browser(null).open(USAGE).path().startsWith("/sign-in"));
  }
}
