package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.adapters.console.page.PageTime;
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
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
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
    assertTrue(empty.text().contains("This profile has no schedules yet"), empty.text());
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
    assertEquals(1, second.html().select("[data-name='Next time'] time").size());
    assertEquals(400, admin.open(HOME + "/schedules?cursor=wrong").status());
    Page page = admin.open(second.one("td.lead a").attr("href"));
    assertEquals("morning", page.one("h1").text());
    assertEquals(5, page.html().select("#next ~ ul time").size());
    assertTrue(page.one("#parameters ~ pre").text().contains("onerror"), page.text());
    assertFalse(page.has("main img, main script"));
    assertEquals("Europe/Berlin", page.one("main").attr("data-zone"));
    assertEquals(
        "Europe/Berlin, for all times of this page",
        page.one("dt:contains(Time zone) + dd").text());
    assertTrue(
        page.html().select("#next ~ ul time").eachText().stream()
            .allMatch(
                time -> time.matches("(Mon|Tue|Wed|Thu|Fri) \\d+ [A-Z][a-z]{2} 20\\d\\d, 09:30")),
        page.text());
    assertEquals("UTC", second.one("#zone").text());
    assertTrue(
        second
            .one("[data-name='Next time'] time")
            .text()
            .matches("\\w{3} .* 20\\d\\d, 0[78]:30 UTC"),
        second.text());
  }

  @Test
  void thePageSaysWhyItDidNotFire() {
    schedule("clock", "morning", morning());
    Page page = admin.open(HOME + "/tasks/clock/schedules/morning");
    assertFalse(page.has("#why ~ [role=status]"));
    String address = page.one("#why ~ form").attr("action").replace("#why", "?at=");
    Page answer = admin.open(address + "2020-01-31T09%3A30");
    assertTrue(
        answer.one("#why ~ [role=status]").text().contains("The schedule did not exist then"),
        answer.text());
    assertEquals("2020-01-31T09:30", answer.value("[name=at]"));
    Page refused = admin.open(address + "%22%3E%3Cscript%3E");
    assertEquals(400, refused.status());
    assertTrue(
        refused.one("#why ~ [role=alert]").text().contains("must be a time"), refused.text());
    assertEquals("\"><script>", refused.value("[name=at]"));
    assertFalse(admin.open(address).has("#why ~ [role]"));
  }

  @Test
  void theResultOfEachFireIsListed() throws Exception {
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
    assertTrue(list.one("[data-name='Last time']").text().startsWith("not started queue_full"));
    assertEquals("It is paused.", list.one("[data-name='Next time']").text());
  }

  @Test
  void aRunThatIsTriedAgainLaterShowsWhen() throws Exception {
    model.script(request -> error(503, "busy", "Later."));
    api()
        .body(Map.of("settings", Map.of("max_attempts", 1)))
        .patch(PROFILE + "/tasks/clock")
        .then()
        .statusCode(200);
    String later = Instant.now().plusSeconds(3600).toString();
    schedule("clock", "once", Map.of("at", later, "parameters", Map.of("what", "x")));
    // However long a busy machine takes to register it, its time comes now.
    sql(
        """
        UPDATE schedule SET at = time.now, next_time = time.now, due_at = time.now
        FROM (SELECT date_trunc('seconds', now()) AS now) AS time WHERE name = 'once'
        """);
    String path = HOME + "/tasks/clock/schedules/once";
    Eventually.await(
        "a run that waits for its next try", () -> admin.open(path).text().contains("next try"));
    String at =
        api().get(PROFILE + "/tasks/clock/schedules/once").then().extract().path("retrying.at");

    Page page = admin.open(path);
    assertTrue(page.text().contains("tried again after 5 minutes, 20 minutes and 1 hour"));
    assertEquals(at, page.one("[data-name=Result] time").attr("datetime"));
    Page list = admin.open(HOME + "/schedules");
    assertTrue(list.one("[data-name='Last time']").text().contains("pending next try"), at);
    Page run = admin.open(page.one("[data-name=Run] a").attr("href"));
    assertTrue(
        run.text().contains("Next try " + PageTime.of(Instant.parse(at)).text()), run.text());
    assertTrue(
        run.text().contains("The next try is at " + at.substring(0, 16).replace('T', ' ')),
        run.text());
    String due = api().get(PROFILE + "/tasks/clock/schedules/once").then().extract().path("at");
    Page day = admin.open(HOME + "/calendar?view=day&zone=UTC&date=" + due.substring(0, 10));
    assertTrue(day.text().contains("pending next try " + at.substring(11, 16)), day.text());
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
    // It is among the past ones and in the calendar, though the schedule did not fire.
    Page past = admin.open(path);
    assertEquals(
        "Run now, by admin.", past.one("[id^=by-hand-] [data-name=Why]").text(), past.text());
    assertEquals(run.path(), past.one("[id^=by-hand-] [data-name=Run] a").attr("href"));
    api().get(PROFILE + "/tasks/clock/schedules/morning/fires").then().body("size()", equalTo(0));
    Page calendar = admin.open(HOME + "/calendar?view=day");
    assertEquals(
        past.one("[id^=by-hand-]").id(),
        calendar.one(".calendar li:has(.status) a:not(.status)").attr("href").split("#", 2)[1]);
    assertEquals(run.path(), calendar.one(".calendar li a.status").attr("href"));
    // A schedule of the same name that is made later has not been run.
    api().delete(PROFILE + "/tasks/clock/schedules/morning").then().statusCode(204);
    schedule("clock", "morning", morning());
    assertFalse(admin.open(path).has("[id^=by-hand-]"));
    assertFalse(admin.open(HOME + "/calendar?view=day").has(".calendar .status"));
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

  @Test
  void aScheduleIsMadeAndChangedByItsForm() {
    assertTrue(admin.open(HOME + "/schedules").has("a.first[href$=/new-schedule]"));
    Page form = admin.open(HOME + "/new-schedule?task=clock");
    assertEquals("clock", form.value("[name=task]"));
    assertEquals("", form.value("[name=p.what]"));
    assertTrue(form.one("[name=p.what]").hasAttr("required"));
    assertEquals("datetime-local", form.one("[name=at]").attr("type"));
    assertFalse(form.has("[name=others]"));
    Map<String, String> filled =
        Map.of(
            "name", "morning",
            "rule", "cron",
            "cron", "30 9 * * MON-FRI",
            "timezone", "Europe/Berlin",
            "p.what", "x",
            "start", "2027-01-01T00:00",
            "retry", "10m, 1 hour",
            "missed", "last");
    Page page = admin.send(form, "#schedule", filled);
    assertEquals(HOME + "/tasks/clock/schedules/morning", page.path());
    String api = PROFILE + "/tasks/clock/schedules/morning";
    api()
        .get(api)
        .then()
        .body("cron", equalTo("30 9 * * MON-FRI"))
        .body("timezone", equalTo("Europe/Berlin"))
        .body("start", equalTo("2026-12-31T23:00:00.000Z"))
        .body("missed", equalTo("last"))
        .body("retry", equalTo(List.of("PT10M", "PT1H")))
        .body("enabled", equalTo(true))
        .body("parameters.what", equalTo("x"));
    // A name that is taken is not taken over.
    assertEquals(409, admin.send(form, "#schedule", filled).status());
    admin.send(page, "#pause", Map.of());
    Page edit = admin.open(page.one(".head a[href$=/edit]").attr("href"));
    assertEquals("2027-01-01T00:00", edit.one("[name=start]").val());
    assertEquals("last", edit.one("[name=missed] [selected]").val());
    admin.send(edit, "#schedule", Map.of("rule", "every", "every", "6 hours", "p.what", "y"));
    api()
        .get(api)
        .then()
        .body("every", equalTo("PT6H"))
        .body("cron", equalTo(null))
        .body("start", equalTo("2026-12-31T23:00:00.000Z"))
        .body("parameters.what", equalTo("y"))
        .body("parameters.size()", equalTo(1))
        .body("enabled", equalTo(false));
    admin.send(
        admin.open(HOME + "/tasks/clock/schedules/morning/edit"),
        "#schedule",
        Map.of("rule", "at", "at", "2030-06-01T09:00", "timezone", "Asia/Tokyo"));
    api().get(api).then().body("at", equalTo("2030-06-01T00:00:00.000Z"));
    assertEquals(
        "2030-06-01T09:00",
        admin.open(HOME + "/tasks/clock/schedules/morning/edit").one("[name=at]").val());
  }

  @Test
  void aNewScheduleOfSeveralTasksAsksForItsTaskFirst() {
    register("another", "{{#@previous}}{{ output }}{{/@previous}} {{#more}}x{{/more}}");
    Page choice = admin.open(HOME + "/new-schedule");
    assertFalse(choice.has("#schedule"));
    assertEquals(
        List.of("choose one", "another", "clock"),
        choice.html().select("[name=task] option").eachText());
    Page form = admin.open(HOME + "/new-schedule?task=another");
    // What Errand fills in itself is not asked for.
    assertEquals(
        List.of("p.more", "others"), form.html().select("#parameters textarea").eachAttr("name"));
    assertEquals(HOME + "/new-schedule?task=another", form.one("#schedule").attr("action"));
    assertEquals(404, admin.open(HOME + "/new-schedule?task=none").status());
  }

  @Test
  void parametersThatTheFormDoesNotChangeStayAsTheyWere() {
    Map<String, Object> parameters = Map.of("what", 5, "old", List.of(true));
    schedule("clock", "kept", Map.of("every", "PT90M", "jitter", "PT5M", "parameters", parameters));
    Page edit = admin.open(HOME + "/tasks/clock/schedules/kept/edit");
    assertEquals("1 hour 30 minutes", edit.value("[name=every]"));
    assertEquals("5 minutes", edit.value("[name=jitter]"));
    assertEquals("5", edit.value("[name=p.what]"));
    assertTrue(edit.value("[name=others]").contains("old"), edit.value("[name=others]"));
    admin.send(edit, "#schedule", Map.of("retry", "1h30m, 2 hours"));
    String api = PROFILE + "/tasks/clock/schedules/kept";
    api()
        .get(api)
        .then()
        .body("every", equalTo("PT1H30M"))
        .body("jitter", equalTo("PT5M"))
        .body("retry", equalTo(List.of("PT1H30M", "PT2H")))
        .body("parameters", equalTo(parameters));
    admin.send(
        admin.open(HOME + "/tasks/clock/schedules/kept/edit"), "#schedule", Map.of("p.what", "6"));
    api().get(api).then().body("parameters.what", equalTo(6));
  }

  @Test
  void theEndsOfLinesThatTheFormDoesNotChangeStayAsTheyWere() {
    Map<String, Object> parameters = Map.of("what", "a\r\nb\rc\n");
    schedule("clock", "lines", Map.of("every", "PT1H", "parameters", parameters));
    String page = HOME + "/tasks/clock/schedules/lines/edit";
    admin.send(admin.open(page), "#schedule", Map.of("every", "2 hours"));
    String api = PROFILE + "/tasks/clock/schedules/lines";
    api().get(api).then().body("every", equalTo("PT2H")).body("parameters", equalTo(parameters));
    admin.send(admin.open(page), "#schedule", Map.of("p.what", "a\r\nb"));
    api().get(api).then().body("parameters.what", equalTo("a\nb"));
  }

  @Test
  void aDoubledLocalTimeStaysAsItWas() {
    // Both stand at 02:30 of that day in Berlin; a local time means the first.
    schedule(
        "clock",
        "end",
        Map.of(
            "every", "PT1H",
            "timezone", "Europe/Berlin",
            "parameters", Map.of("what", "x"),
            "end", "2030-10-27T01:30:00Z"));
    Page edit = admin.open(HOME + "/tasks/clock/schedules/end/edit");
    assertEquals("2030-10-27T02:30", edit.one("[name=end]").val());
    admin.send(edit, "#schedule", Map.of("every", "PT2H"));
    api()
        .get(PROFILE + "/tasks/clock/schedules/end")
        .then()
        .body("every", equalTo("PT2H"))
        .body("end", equalTo("2030-10-27T01:30:00.000Z"));
  }

  @Test
  void aTimeIsPickedOnDays() {
    Page form = admin.open(HOME + "/new-schedule?task=clock");
    assertEquals("weekdays", form.value("[name=rule] [selected]"));
    assertEquals(5, form.html().select(".days [checked]").size());
    // The preview says so while it is picked.
    assertTrue(
        admin
            .at(HOME + "/schedule-preview?rule=weekdays&time=07:30&on.MONDAY=true&on.SUNDAY=true")
            .asString()
            .contains("At 07:30 on Mondays and Sundays, in UTC"));
    Page saved =
        admin.send(form, "#schedule", Map.of("name", "early", "time", "07:30", "p.what", "x"));
    assertTrue(saved.text().contains("At 07:30 on weekdays, in UTC"), saved.text());
    String api = PROFILE + "/tasks/clock/schedules/early";
    String edit = HOME + "/tasks/clock/schedules/early/edit";
    api().get(api).then().body("cron", equalTo("30 7 * * MON-FRI"));
    // What was written by hand shows as picked, and stays as it is until it is changed.
    api().body(Map.of("cron", "5  6 * 1-12 0,3")).patch(api).then().statusCode(200);
    Page picked = admin.open(edit);
    assertEquals("06:05", picked.value("[name=time]"));
    assertEquals(
        List.of("on.WEDNESDAY", "on.SUNDAY"),
        picked.html().select(".days [checked]").eachAttr("name"));
    admin.send(picked, "#schedule", Map.of("p.what", "y"));
    api().get(api).then().body("cron", equalTo("5  6 * 1-12 0,3"));
    admin.send(admin.open(edit), "#schedule", Map.of("on.FRIDAY", "true"));
    api().get(api).then().body("cron", equalTo("5 6 * * WED,FRI,SUN"));
    admin.send(admin.open(edit), "#schedule", Map.of("rule", "monthday", "day", "1"));
    api().get(api).then().body("cron", equalTo("5 6 1 * *"));
    assertEquals("1", admin.open(edit).value("[name=day]"));
    api().body(Map.of("cron", "5,10 6 * * *")).patch(api).then().statusCode(200);
    assertEquals("cron", admin.open(edit).value("[name=rule] [selected]"));
    Map<Map<String, String>, String> wrong =
        Map.of(
            Map.of("time", ""), "Time: is required",
            Map.of("time", "25:00"), "Time: must be hours and minutes",
            Map.of("rule", "monthday", "time", "9:00", "day", "32"), "Day: must be 1 to 31");
    Map<String, String> all = Map.of("name", "late", "p.what", "x");
    wrong.forEach(
        (fields, said) -> {
          Map<String, String> sent = new HashMap<>(all);
          sent.putAll(fields);
          Page refused = admin.send(form, "#schedule", sent);
          assertEquals(400, refused.status(), said);
          assertTrue(refused.one("[role=alert]").text().contains(said), refused.text());
          assertEquals(fields.get("time"), refused.value("[name=time]"));
        });
    Map<String, String> noDay =
        Map.of(
            "ticket", form.html().select("[name=ticket]").val(),
            "task", "clock",
            "name", "late",
            "rule", "weekdays",
            "time", "09:00",
            "p.what", "x");
    Page refused = admin.post(HOME + "/new-schedule", noDay);
    assertTrue(refused.one("[role=alert]").text().contains("Days: choose"), refused.text());
  }

  @Test
  void aFormThatIsRefusedKeepsWhatWasFilledIn() {
    Page form = admin.open(HOME + "/new-schedule");
    Map<Map<String, String>, String> wrong =
        Map.of(
            Map.of("cron", "61 * * * *"), "Cron: in the minute",
            Map.of("rule", "every", "every", "1 month"), "Every: has months",
            Map.of("rule", "at", "at", "2020-01-01T00:00"), "Time: has passed",
            Map.of("rule", "never"), "Kind",
            Map.of("retry", "5m, whenever"),
                "Waits before further tries: must be a duration such as 20 minutes. For no further"
                    + " tries, write never",
            Map.of("cron", ""), "is required",
            Map.of("timezone", HOSTILE), "Time zone",
            Map.of("name", "a b"), "schedule's name",
            Map.of("end", "2020-01-01T00:00"), "Not after");
    wrong.forEach(
        (fields, said) -> {
          Map<String, String> all =
              new HashMap<>(
                  Map.of(
                      "task", "clock",
                      "name", "kept",
                      "rule", "cron",
                      "cron", "@daily",
                      "every", "",
                      "p.what", HOSTILE));
          all.putAll(fields);
          Page refused = admin.send(form, "#schedule", all);
          assertEquals(400, refused.status(), said);
          assertTrue(refused.one("[role=alert]").text().contains(said), refused.text());
          for (String field : List.of("name", "cron", "every", "p.what")) {
            assertEquals(all.get(field), refused.value("[name=" + field + "]"), said);
          }
          assertFalse(refused.has("main img, main script"));
        });
    assertEquals(
        404,
        admin
            .send(
                form,
                "#schedule",
                Map.of("task", HOSTILE, "name", "x", "rule", "cron", "cron", "@daily"))
            .status());
  }

  @Test
  void theFormSaysWhatItsRuleMeans() {
    Page form = admin.open(HOME + "/new-schedule");
    Map<String, String> rule =
        Map.of(
            "rule", "cron",
            "cron", "30 9 * * MON-FRI",
            "timezone", "Europe/Berlin",
            "preview", "true");
    Page shown = admin.send(form, "#schedule", rule);
    assertEquals(200, shown.status());
    assertTrue(shown.one("#preview").text().contains("At 09:30 on weekdays"), shown.text());
    assertEquals(5, shown.html().select("#preview time").size());
    assertTrue(shown.one("#preview").text().contains("09:30 Europe/Berlin"), shown.text());
    assertEquals("30 9 * * MON-FRI", shown.one("[name=cron]").val());
    // With a script, the same part is asked for while it is filled in.
    assertEquals(HOME + "/schedule-preview", form.one("#preview").attr("hx-get"));
    String part =
        admin
            .at(HOME + "/schedule-preview?rule=every&every=PT6H&timezone=UTC")
            .then()
            .statusCode(200)
            .header("Cache-Control", "no-store")
            .extract()
            .asString();
    assertTrue(part.contains("Every 6 hours"), part);
    assertFalse(part.contains("<html"), part);
    for (String wrong : List.of("rule=every&every=so", "rule=cron&cron=%3Cscript%3E", "rule=x")) {
      String said = admin.at(HOME + "/schedule-preview?" + wrong).then().extract().asString();
      assertFalse(said.contains("<script") || said.contains("<time"), said);
    }
    schedule(
        "clock",
        "slow",
        Map.of("every", "PT6H", "jitter", "PT1H", "parameters", Map.of("what", "x")));
    // The API writes milliseconds in any case.
    Instant next =
        Instant.parse(api().get(PROFILE + "/tasks/clock/schedules/slow").path("next[0]"));
    Page edit = admin.open(HOME + "/tasks/clock/schedules/slow/edit");
    Page again = admin.send(edit, "#schedule", Map.of("preview", "true"));
    assertEquals(
        next, Instant.parse(again.html().select("#preview time").getFirst().attr("datetime")));
    assertEquals(
        next,
        Instant.parse(
            Jsoup.parse(
                    admin
                        .at(
                            edit.one("#preview").attr("hx-get")
                                + "&rule=every&every=PT6H&jitter=PT1H")
                        .asString())
                .select("time")
                .getFirst()
                .attr("datetime")));
  }

  @Test
  void formsAreForEditors() {
    schedule("clock", "morning", morning());
    List<String> forms =
        List.of(HOME + "/new-schedule", HOME + "/tasks/clock/schedules/morning/edit");
    for (String role : List.of("viewer", "runner", "editor")) {
      share(role);
      Browser browser = member(role);
      boolean mayEdit = role.equals("editor");
      Page list = browser.open(HOME + "/schedules");
      assertEquals(mayEdit, list.has("a[href$=/new-schedule]"), role);
      Map<String, String> fields =
          Map.of(
              "ticket", list.html().select("[name=ticket]").val(),
              "task", "clock",
              "name", "by-" + role,
              "rule", "cron",
              "cron", "@daily",
              "p.what", "1");
      for (String form : forms) {
        assertEquals(mayEdit ? 200 : 403, browser.open(form).status(), role + form);
        assertEquals(mayEdit ? 200 : 403, browser.post(form, fields).status(), role + form);
        assertEquals(
            403, admin.post(form, Map.of("task", "clock", "cron", "@daily")).status(), form);
      }
    }
    for (String form : forms) {
      assertEquals(404, member("stranger").open(form).status());
      assertTrue(new Browser(null).open(form).path().startsWith("/sign-in"), form);
    }
    assertEquals(404, member("stranger").at(HOME + "/schedule-preview?rule=at&at=x").statusCode());
  }

  @Test
  void theCalendarHasWhatFiredAndWhatIsToFire() throws Exception {
    assertTrue(admin.open(HOME + "/calendar").text().contains("This profile has no schedules yet"));
    register("other", "x");
    schedule("clock", "noon", Map.of("cron", "0 12 * * *", "parameters", Map.of("what", "x")));
    schedule("other", "often", Map.of("every", "PT5M"));
    schedule("other", "off", Map.of("cron", "0 12 * * *", "enabled", false));
    sql(
        """
        INSERT INTO schedule_fire SELECT id, 1, date_trunc('month', now()) + interval '1 hour',
          now(), 'missed', '%1$s', NULL FROM schedule WHERE name = 'noon';
        INSERT INTO schedule_fire SELECT id, 2, date_trunc('month', now()) + interval '2 hours',
          now(), 'queue_full', 'It was full.', NULL FROM schedule WHERE name = 'noon';
        INSERT INTO schedule_fire SELECT id, number, date_trunc('month', now()) + number
          * interval '1 minute', now(), CASE WHEN number < 9 THEN 'missed' ELSE 'paused' END, 'x',
          NULL FROM schedule, generate_series(1, 10) AS number WHERE name = 'off';
        UPDATE schedule SET fires = 10 WHERE name IN ('noon', 'off')
        """
            .formatted(HOSTILE));
    Page month = admin.open(HOME + "/calendar?zone=UTC");
    Element first = month.html().select("td:not(.outside)").getFirst();
    assertTrue(first.text().contains("01:00 clock / noon missed"), first.text());
    assertTrue(first.text().contains("02:00 clock / noon not started queue_full"), first.text());
    assertTrue(first.text().contains("00:01 other / off 8 missed, 2 paused"), first.text());
    assertFalse(month.text().contains("onerror"), month.text());
    assertEquals(1, month.html().select("td.today").size());
    Page next = admin.open(month.one("[rel=next]").attr("href"));
    for (Element day : next.html().select("td:not(.outside)")) {
      assertTrue(day.text().contains("12:00 clock / noon"), day.text());
      assertTrue(day.text().contains("from 00:0"), day.text());
      assertFalse(day.text().contains("off"), day.text());
    }
    assertEquals(7, next.html().select("thead th").size());
    assertEquals(0, next.html().select("td").size() % 7);
    String firstDay = LocalDate.now(ZoneOffset.UTC).withDayOfMonth(1).toString();
    Page week = admin.open(HOME + "/calendar?view=week&zone=UTC&task=clock&date=" + firstDay);
    assertEquals(7, week.html().select("td").size());
    assertTrue(week.text().contains(HOSTILE), week.text());
    assertTrue(week.text().contains("It was full."), week.text());
    assertFalse(week.has("main img, main script"));
    assertFalse(week.text().contains("other /"), week.text());
    // Each leads to where there is more about it.
    Page page = admin.open(week.html().select("td li a[href$=fire-2]").getFirst().attr("href"));
    assertEquals("noon", page.one("h1").text());
    assertTrue(page.has("#fire-2"));
    // What is skipped leads to the reason.
    String why = week.html().select("td li a[href*='?at=']").getFirst().attr("href");
    assertTrue(why.endsWith("#why"), why);
    assertTrue(admin.open(why).one("#why ~ [role=status]").text().contains(HOSTILE), why);
    Page day = admin.open(HOME + "/calendar?view=day&zone=UTC&date=" + firstDay);
    assertEquals(1, day.html().select("td").size());
    assertEquals(12, day.html().select("td li .status").size());
    // In another zone it is another day.
    Page before = admin.open(HOME + "/calendar?view=day&zone=America/Los_Angeles&date=" + firstDay);
    assertFalse(before.text().contains("missed"), before.text());
    for (String wrong :
        List.of(
            "view=year", "date=tomorrow", "date=2000-01-01", "zone=Nowhere", "zone=%3Cscript")) {
      Page refused = admin.open(HOME + "/calendar?" + wrong);
      assertEquals(400, refused.status(), wrong);
      assertTrue(refused.text().contains("must be"), refused.text());
      assertTrue(refused.has("nav[aria-label=Main]"), wrong);
      String[] given = wrong.replace("%3C", "<").split("=", 2);
      assertEquals(
          given[1], given[0].equals("view") ? given[1] : refused.value("[name=" + given[0] + "]"));
    }
    assertEquals(404, admin.open(HOME + "/calendar?task=nothing").status());
    assertEquals(404, member("stranger").open(HOME + "/calendar").status());
    assertTrue(new Browser(null).open(HOME + "/calendar").path().startsWith("/sign-in"));
  }

  // Of several fires of a schedule in a day, the month shows the worst.
  @Test
  void aMonthMarksADayByItsWorstFire() throws Exception {
    for (String name : List.of("fails", "warns", "waits", "works", "misses", "ends")) {
      schedule("clock", name, Map.of("cron", "0 12 2 1 *", "parameters", Map.of("what", "x")));
      sql(
          """
            INSERT INTO schedule_fire SELECT id, number, date_trunc('month', now()) + number
              * interval '1 minute', now(), 'started', 'x', '%1$s-' || number
            FROM schedule, generate_series(1, 4) AS number WHERE name = '%1$s';
            INSERT INTO run (task_id, profile_id, name, status, parameters, assignment, trigger,
              attempt, finished_at, output)
            SELECT task.id, task.profile_id, '%1$s-' || number, 'ready', '{}', '{}', '{}', 1, now(),
              'Done.'
            FROM task, generate_series(1, 4) AS number WHERE task.name = 'clock'
          """
              .formatted(name));
    }
    sql(
        """
        UPDATE run SET status = 'error', error_code = 'model_refused', error_message = 'No.'
          WHERE name = 'fails-2';
        UPDATE run SET warnings = '{tools_failed}' WHERE name IN ('fails-3', 'warns-2');
        UPDATE run SET status = 'pending', eligibility = 'later', finished_at = NULL, output = NULL,
          available_at = now() + interval '1 hour' WHERE name = 'waits-4';
        UPDATE run SET status = 'error', error_code = 'cancelled', error_message = 'Ended.'
          WHERE name = 'ends-1';
        UPDATE schedule_fire SET verdict = 'missed', run_name = NULL WHERE run_name = 'misses-3'
        """);
    Element day =
        admin.open(HOME + "/calendar?zone=UTC").html().select("td:not(.outside)").getFirst();
    Map<String, String> marks = new HashMap<>();
    for (Element item : day.select("li")) {
      marks.put(
          item.text().replaceFirst(".* / ", ""),
          item.select(".status").attr("class").replace("status ", ""));
    }
    assertEquals(
        Map.of(
            "fails 3 done, 1 failed", "error",
            "warns 4 done", "warned",
            "waits 3 done, 1 pending", "pending",
            "works 4 done", "ready",
            "misses 3 done, 1 missed", "skipped",
            "ends 1 cancelled, 3 done", "cancelled"),
        marks);
  }

  @Test
  void aCalendarOfManySchedulesStaysShort() throws Exception {
    sql(
        """
        INSERT INTO schedule (id, task_id, name, cron, timezone, parameters, enabled, missed,
          jitter_seconds, next_time, due_at, created_at, modified_at)
        SELECT gen_random_uuid(), task.id, 's' || number, '0 ' || number %% 24 || ' * * *', 'UTC',
          '{"what": 1}', true, 'none', 0, tomorrow, tomorrow, now(), now()
        FROM task JOIN profile ON profile.id = task.profile_id,
          generate_series(1, 150) AS number,
          LATERAL (SELECT date_trunc('day', now(), 'UTC') + interval '1 day'
            + number %% 24 * interval '1 hour') AS at (tomorrow)
        WHERE task.name = 'clock' AND profile.name = 'console-schedules'
        """
            .formatted());
    for (String view : List.of("month", "week", "day")) {
      Page page =
          admin.open(
              HOME
                  + "/calendar?view="
                  + view
                  + "&date="
                  + LocalDate.now(ZoneOffset.UTC).plusDays(7));
      assertTrue(page.text().contains("Only the first 100 schedules are shown"), page.text());
      assertTrue(
          page.answer().asString().length() < 100_000,
          () -> view + " has " + page.answer().asString().length());
    }
    Page month = admin.open(HOME + "/calendar?date=" + LocalDate.now(ZoneOffset.UTC).plusDays(31));
    Page day = admin.open(month.html().select("td p a").getFirst().attr("href"));
    assertEquals(100, day.html().select("td li").size());
  }
}
