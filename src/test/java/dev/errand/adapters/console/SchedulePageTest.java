package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.Eventually;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages of schedules, as a browser without scripts uses them. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SchedulePageTest {
  private static final String PROFILE = "/api/profiles/~/console-schedules";
  private static final String HOME = "/console/admin/console-schedules";
  private static final String HOSTILE = "\"><img src=x onerror=alert(1)><script>alert(1)</script>";

  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();
  private final Browser admin = new Browser(Api.SESSION);

  @BeforeEach
  void aProfileWithATask() {
    api().body("{}").post(PROFILE).then().statusCode(201);
    model.script(request -> say("Fine."));
    register("clock", "Say {{ what }}");
  }

  @AfterEach
  void tidyUp() throws Exception {
    model.close();
    api().delete(PROFILE + "?force=true").then().statusCode(204);
    sql("DELETE FROM account WHERE username LIKE 'schedules-%'");
  }

  private void sql(String statement) throws Exception {
    try (Connection connection = database.getConnection();
        Statement made = connection.createStatement()) {
      made.execute(statement);
    }
  }

  private void register(String task, String prompt) {
    api()
        .body(Api.task(prompt, model.url(), Map.of("key", "sk-a-key-of-1234")))
        .put(PROFILE + "/tasks/" + task)
        .then()
        .statusCode(201);
  }

  private static void schedule(String task, String name, Map<String, Object> wanted) {
    api()
        .body(wanted)
        .put(PROFILE + "/tasks/" + task + "/schedules/" + name)
        .then()
        .statusCode(201);
  }

  private Browser member(String role) {
    return new Browser(OtherUser.named("schedules-" + role, database).session());
  }

  private void share(String role) {
    OtherUser.named("schedules-" + role, database);
    api()
        .body(Map.of("role", role))
        .put(PROFILE + "/members/schedules-" + role)
        .then()
        .statusCode(201);
  }

  private static Map<String, Object> morning() {
    return Map.of(
        "cron", "30 9 * * MON-FRI",
        "timezone", "Europe/Berlin",
        "parameters", Map.of("what", HOSTILE));
  }

  @Test
  void theListHasTheSchedulesOfAllTasksAndIsCutIntoPages() {
    Page empty = admin.open(HOME + "/schedules");
    assertTrue(empty.text().contains("No schedule starts a task here"), empty.text());
    register("another", "x");
    schedule("clock", "morning", morning());
    for (int i = 10; i < 60; i++) {
      schedule("another", "s" + i, Map.of("every", "PT1H"));
    }
    Page first = admin.open(HOME + "/schedules");
    assertEquals(50, first.html().select("tbody tr").size());
    assertEquals("s10", first.html().select("td.lead").getFirst().text());
    assertTrue(first.answer().asString().length() < 100_000, "It is too long.");
    Page second = admin.open(first.html().select("p.buttons a").last().attr("href"));
    assertEquals(List.of("morning"), second.html().select("td.lead").eachText());
    assertEquals("clock", second.one("[data-name=Task]").text());
    assertTrue(second.text().contains("At 09:30"), second.text());
    assertEquals(1, second.html().select("[data-name='Next fire'] time").size());
    assertEquals(400, admin.open(HOME + "/schedules?cursor=wrong").status());
    Page page = admin.open(second.one("td.lead a").attr("href"));
    assertEquals("morning", page.one("h1").text());
    assertEquals(5, page.html().select("#next ~ ul time").size());
    assertTrue(page.one("#parameters ~ pre").text().contains("onerror"), page.text());
    assertFalse(page.has("main img, main script"));
    assertTrue(page.text().contains("Europe/Berlin"), page.text());
  }

  @Test
  void whatCameOfEachTimeIsTold() throws Exception {
    schedule("clock", "often", Map.of("every", "PT1S", "parameters", Map.of("what", "x")));
    Eventually.await(
        "a run that is ready",
        () -> admin.open(HOME + "/tasks/clock/schedules/often").has("#fires ~ div .status.ready"));
    Page page = admin.open(HOME + "/tasks/clock/schedules/often");
    admin.send(page, "#pause", Map.of());
    sql(
        """
        INSERT INTO schedule_fire SELECT id, fires + 1, now(), now(), 'missed', '%1$s', NULL
        FROM schedule WHERE name = 'often';
        INSERT INTO schedule_fire SELECT id, fires + 2, now(), now(), 'queue_full', '%1$s', NULL
        FROM schedule WHERE name = 'often';
        UPDATE schedule SET fires = fires + 2 WHERE name = 'often'
        """
            .formatted(HOSTILE));
    page = admin.open(HOME + "/tasks/clock/schedules/often");
    List<String> told = page.html().select("[data-name=Result]").eachText();
    assertEquals("not started queue_full", told.getFirst());
    assertEquals("missed", told.get(1));
    assertTrue(page.text().contains(HOSTILE), page.text());
    assertFalse(page.has("main img, main script"));
    Page run = admin.open(page.html().select("[data-name=Run] a").getFirst().attr("href"));
    assertTrue(run.text().contains("schedule often"), run.text());
    Page list = admin.open(HOME + "/schedules");
    assertTrue(list.one("[data-name='Last fire']").text().startsWith("not started queue_full"));
    assertEquals("It is paused.", list.one("[data-name='Next fire']").text());
  }

  @Test
  void aScheduleIsPausedResumedRunAndDeleted() throws Exception {
    schedule("clock", "morning", morning());
    String path = HOME + "/tasks/clock/schedules/morning";
    Page paused = admin.send(admin.open(path), "#pause", Map.of());
    assertEquals(path, paused.path());
    assertTrue(paused.text().contains("It is paused."), paused.text());
    assertFalse(paused.has("#next ~ ul"));
    String api = PROFILE + "/tasks/clock/schedules/morning";
    api().get(api).then().body("enabled", equalTo(false));
    Page going = admin.send(paused, "#resume", Map.of());
    assertFalse(going.has(".message"));
    api().get(api).then().body("enabled", equalTo(true));
    // One that has paused itself is resumed by the same button.
    sql(
        """
        UPDATE schedule SET paused_at = now(), paused_reason = 'It has failed too often.',
          due_at = NULL WHERE name = 'morning'
        """);
    Page itself = admin.open(path);
    assertTrue(itself.one(".message").text().contains("failed too often"), itself.text());
    assertFalse(admin.send(itself, "#resume", Map.of()).has(".message"));
    Page run = admin.send(admin.open(path), "#run", Map.of());
    assertTrue(run.path().contains("/tasks/clock/runs/morning%40manual-"), run.path());
    // What can't be done is said on the page.
    register("other", "{{ needed }}");
    schedule("other", "later", Map.of("every", "PT1H", "enabled", false));
    Page refused =
        admin.send(admin.open(HOME + "/tasks/other/schedules/later"), "#resume", Map.of());
    assertEquals(400, refused.status());
    assertTrue(refused.one("[role=alert]").text().contains("needed"), refused.text());
    Page list = admin.send(admin.open(path), "#delete", Map.of());
    assertEquals(HOME + "/schedules", list.path());
    assertEquals(List.of("later"), list.html().select("td.lead").eachText());
    assertEquals(404, admin.open(path).status());
  }

  @Test
  void buttonsAreForThoseWhoMayPressThem() {
    schedule("clock", "morning", morning());
    String path = HOME + "/tasks/clock/schedules/morning";
    for (String role : List.of("viewer", "runner", "editor")) {
      share(role);
      Browser browser = member(role);
      boolean mayRun = !role.equals("viewer");
      boolean mayEdit = role.equals("editor");
      Page page = browser.open(path);
      assertEquals(200, page.status(), role);
      assertEquals(200, browser.open(HOME + "/schedules").status(), role);
      assertEquals(mayRun, page.has("#run"), role);
      assertEquals(mayEdit, page.has("#pause, #delete"), role);
      Map<String, String> ticket = Map.of("ticket", page.html().select("[name=ticket]").val());
      assertEquals(mayRun ? 200 : 403, browser.post(path + "/run", ticket).status(), role);
      for (String step : List.of("/pause", "/resume", "/delete")) {
        assertEquals(mayEdit ? 200 : 403, browser.post(path + step, ticket).status(), role + step);
      }
    }
    schedule("clock", "morning", morning());
    Browser stranger = member("stranger");
    for (String page : List.of(HOME + "/schedules", path)) {
      assertEquals(404, stranger.open(page).status(), page);
      assertTrue(new Browser(null).open(page).path().startsWith("/sign-in?return="), page);
    }
    for (String step : List.of("/run", "/pause", "/resume", "/delete")) {
      assertEquals(403, admin.post(path + step, Map.of()).status(), step);
      assertEquals("/sign-in", new Browser(null).post(path + step, Map.of()).path(), step);
    }
    assertEquals(200, admin.open(path).status());
  }
}
