package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.error;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.delivery.Receiver;
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
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages of channels and notices, as a browser without scripts uses them. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class NoticePageTest {
  private static final String PROFILE = "/api/profiles/~/console-notices";
  private static final String HOME = "/console/admin/console-notices";
  private static final String HOSTILE = "\"><img src=x onerror=alert(1)><script>alert(1)</script>";

  @Inject DataSource database;
  @Inject Sql sql;

  private final ScriptedModel model = new ScriptedModel();
  private final Receiver receiver = new Receiver();
  private final Browser admin = new Browser(Api.SESSION);

  @BeforeEach
  void aProfile() {
    api().body("{}").post(PROFILE).then().statusCode(201);
    model.script(request -> error(404, "model_not_found", "There is no such model."));
  }

  @AfterEach
  void tidyUp() {
    model.close();
    receiver.close();
    api().delete(PROFILE + "?force=true").then().statusCode(204);
    sql.statement("DELETE FROM account WHERE username LIKE 'notices-%'").run();
    sql.statement("DELETE FROM notice_sent").run();
  }

  private void channel(String name) {
    api()
        .body(Map.of("kind", "ntfy", "url", receiver.url("/a-secret-topic")))
        .put(PROFILE + "/channels/" + name)
        .then()
        .statusCode(201);
  }

  private static void notice(String name, Map<String, ?> body) {
    api().body(body).put(PROFILE + "/notices/" + name).then().statusCode(201);
  }

  private void register(String task) {
    api()
        .body(Api.task("Hello", model.url(), Map.of("key", "sk-a-key-of-1234")))
        .put(PROFILE + "/tasks/" + task)
        .then()
        .statusCode(201);
  }

  private static Map<String, String> ticket(Page page) {
    return Map.of("ticket", page.html().select("[name=ticket]").val());
  }

  @Test
  void aChannelIsCreatedTestedChangedAndDeleted() {
    Page list = admin.open(HOME + "/notices");
    assertTrue(list.text().contains("This profile has no notices yet"), list.text());
    Page form = admin.open(list.one(".empty a.first").attr("href"));
    Page refused =
        admin.send(form, "#channel", Map.of("name", "ops", "kind", "slack", "address", "nowhere"));
    assertEquals(400, refused.status());
    assertTrue(refused.one("[role=alert]").text().startsWith("Address: must be"), refused.text());
    assertEquals("nowhere", refused.value("[name=address]"));
    assertEquals("slack", refused.one("[name=kind] [selected]").val());

    // What stands in the fields of another kind does not count.
    Page made =
        admin.send(
            refused,
            "#channel",
            Map.of("kind", "webhook", "address", receiver.url("/path"), "token", "tk_other"));
    String secret = made.value("#secret");
    assertTrue(secret.startsWith("whsec_"), made.text());
    assertFalse(admin.open(HOME + "/channels/ops").answer().asString().contains(secret));
    assertEquals("on", admin.open(HOME + "/notices").one("td .status").text());

    Page page = admin.open(HOME + "/channels/ops");
    Page tested = admin.send(page, "#test", Map.of());
    assertTrue(tested.one("[role=status]").text().contains("accepted with the answer 204"));
    assertEquals(1, receiver.calls().size());
    receiver.script(call -> new Receiver.Reply(403, "", ""));
    Page failed = admin.send(page, "#test", Map.of());
    assertTrue(
        failed.one("[role=alert]").text().startsWith("The test message was not accepted"),
        failed.text());

    Page taken =
        admin.send(
            form, "#channel", Map.of("name", "ops", "kind", "slack", "address", receiver.url("/")));
    assertEquals(409, taken.status());
    assertTrue(taken.one("[role=alert]").text().contains("already has a channel ops"));

    Page edit = admin.open(HOME + "/channels/ops/edit");
    assertEquals(receiver.url("/path"), edit.value("[name=address]"));
    Page changed = admin.send(edit, "#channel", Map.of("address", receiver.url("/other")));
    assertEquals(HOME + "/channels/ops", changed.path());
    assertTrue(changed.text().contains(receiver.url("/other")), changed.text());
    assertTrue(changed.text().contains("…" + secret.substring(secret.length() - 4)));

    Page off = admin.send(changed, "#switch", Map.of());
    assertTrue(off.one("dd .status").text().equals("off"), off.text());
    Page on = admin.send(off, "#switch", Map.of());
    assertEquals("on", on.one("dd .status").text());
    assertTrue(admin.send(on, "#delete", Map.of()).text().contains("There are no channels yet"));
    assertEquals(404, admin.open(HOME + "/channels/ops").status());
  }

  @Test
  void aTokenStaysUntilItIsRemoved() {
    Page form = admin.open(HOME + "/new-channel");
    Map<String, String> fields =
        Map.of(
            "name",
            "phone",
            "kind",
            "ntfy",
            "address",
            receiver.url("/t"),
            "token",
            "tk_of-12345678902345");
    Page made = admin.send(form, "#channel", fields);
    assertEquals(HOME + "/channels/phone", made.path());
    assertTrue(made.text().contains("…2345"), made.text());
    assertFalse(made.answer().asString().contains("tk_of"));
    admin.send(made, "#switch", Map.of());
    Page edit = admin.open(HOME + "/channels/phone/edit");
    Page kept = admin.send(edit, "#channel", Map.of());
    assertTrue(kept.text().contains("…2345"), kept.text());
    assertEquals("off", kept.one("dd .status").text());
    Page removed = admin.send(edit, "#channel", Map.of("no_token", "true"));
    assertFalse(removed.text().contains("…2345"), removed.text());
  }

  @Test
  void aNoticeIsCreatedChangedAndDeleted() {
    assertTrue(admin.open(HOME + "/new-notice").text().contains("this profile has none yet"));
    channel("team");
    Page form = admin.open(HOME + "/new-notice");
    assertTrue(form.has("[name='events.run.errors_in_a_row'][checked]"));
    assertFalse(form.has("[name='events.run.error'][checked]"));
    Page refused =
        admin.send(form, "#notice", Map.of("channel", "team", "errors_in_a_row", "many"));
    assertEquals(400, refused.status());
    assertEquals(
        "Failures in a row: must be a whole number of 10 digits at the most",
        refused.one("main > .message").text());
    assertEquals("team", refused.one("[name=channel] [selected]").val());
    Page made =
        admin.send(
            refused,
            "#notice",
            Map.of(
                "name",
                "some",
                "errors_in_a_row",
                "5",
                "events.run.warnings",
                "true",
                "include.output",
                "true",
                "tasks",
                "one\r\ntwo"));
    assertEquals(HOME + "/notices/some", made.path());
    assertTrue(made.text().contains("5 runs of a task failed in a row"), made.text());
    assertTrue(made.text().contains("one, two"), made.text());
    assertEquals(
        List.of(
            "run.errors_in_a_row",
            "run.recovered",
            "run.warnings",
            "schedule.paused",
            "trigger.failing",
            "trigger.recovered",
            "credential.failing",
            "approval.requested",
            "approval.expiring",
            "approval.expired",
            "budget.warning",
            "budget.exceeded"),
        api().get(PROFILE + "/notices/some").path("events"));
    assertEquals(List.of("output"), api().get(PROFILE + "/notices/some").path("include"));

    Page again = admin.send(form, "#notice", Map.of("name", "some", "channel", "team"));
    assertEquals(409, again.status());
    assertTrue(again.one("[role=alert]").text().contains("already has a notice some"));

    // The form of a notice as it is changes nothing.
    String before = api().get(PROFILE + "/notices/some").path("events").toString();
    Page saved = admin.send(admin.open(HOME + "/notices/some/edit"), "#notice", Map.of());
    assertEquals(HOME + "/notices/some", saved.path());
    assertEquals(before, api().get(PROFILE + "/notices/some").path("events").toString());
    assertEquals(5, api().get(PROFILE + "/notices/some").<Integer>path("errors_in_a_row"));

    Page off = admin.send(saved, "#switch", Map.of());
    assertEquals("switched off", off.one("dd .status").text());
    Page edited = admin.send(admin.open(HOME + "/notices/some/edit"), "#notice", Map.of());
    assertEquals("switched off", edited.one("dd .status").text());
    assertEquals("on", admin.send(edited, "#switch", Map.of()).one("dd .status").text());
    admin.post(HOME + "/channels/team/delete", ticket(edited));
    Page lost = admin.open(HOME + "/notices/some");
    assertEquals("its channel does not exist", lost.one("dd .status").text());
    assertFalse(lost.has("a[href$=/channels/team]"));
    Page list = admin.send(lost, "#delete", Map.of());
    assertTrue(list.text().contains("This profile has no notices yet"), list.text());
  }

  @Test
  void deliveriesAreListedWithTheirAttemptsAndSentAgain() {
    channel("team");
    notice("failures", Map.of("events", List.of("run.error"), "channel", "team"));
    assertTrue(admin.open(HOME + "/notices/failures").text().contains("Nothing was sent"));
    register("daily");
    receiver.script(call -> new Receiver.Reply(500, "", ""));
    api().body("{}").put(PROFILE + "/tasks/daily/runs/monday?wait=30");
    String path = HOME + "/notices/failures";
    Eventually.await("an attempt", () -> admin.open(path).text().contains("answer 500"));
    Page page = admin.open(path);
    assertTrue(page.text().contains("A run of the task daily failed run.error"), page.text());
    assertEquals(HOME + "/tasks/daily/runs/monday", page.one("[data-name=About] a").attr("href"));
    receiver.script(call -> new Receiver.Reply(204, "", ""));
    assertEquals(path, admin.send(page, "td form", Map.of()).path());
    Eventually.await("its delivery", () -> admin.open(path).text().contains("answer 204"));
    assertEquals("delivered", admin.open(path).one("td.lead .status").text());
    assertEquals(404, admin.post(path + "/deliveries/none/redeliver", ticket(page)).status());

    // What a receiver or the network says is text, and the page stays small.
    sql.statement(
            """
            INSERT INTO callback_delivery (notice_id, channel_id, run_id, event, happened_at,
              message, state, ended_at)
            SELECT d.notice_id, d.channel_id, d.run_id, d.event, now(), d.message, 'failed', now()
            FROM callback_delivery d, generate_series(1, 60) WHERE d.notice_id IS NOT NULL
            """)
        .run();
    sql.statement(
            """
            INSERT INTO callback_attempt (delivery_id, number, error, took_ms)
            SELECT id, 100, :hostile, 1 FROM callback_delivery WHERE notice_id IS NOT NULL
            """)
        .with("hostile", HOSTILE)
        .run();
    Page many = admin.open(path);
    assertEquals(20, many.html().select("tbody tr").size());
    assertTrue(many.text().contains(HOSTILE), many.text());
    assertFalse(many.has("main img, main script"));
    assertTrue(many.answer().asString().length() < 100_000, "It is too long.");
    Page older = admin.open(many.one("main > p.buttons a").attr("href"));
    assertEquals(20, older.html().select("tbody tr").size());
    assertEquals(400, admin.open(path + "?from=x").status());
  }

  @Test
  void eachRoleSeesOnlyWhatItMayDo() {
    channel("team");
    notice("failures", Map.of("events", List.of("run.error"), "channel", "team"));
    register("daily");
    List<String> pages =
        List.of(HOME + "/notices", HOME + "/channels/team", HOME + "/notices/failures");
    List<String> forms =
        List.of(
            HOME + "/new-channel",
            HOME + "/new-notice",
            HOME + "/channels/team/edit",
            HOME + "/notices/failures/edit");
    List<String> buttons =
        List.of(
            HOME + "/channels/team/test",
            HOME + "/channels/team/disable",
            HOME + "/channels/team/enable",
            HOME + "/notices/failures/disable",
            HOME + "/notices/failures/enable",
            HOME + "/notices/failures/delete",
            HOME + "/channels/team/delete");
    for (String role : List.of("viewer", "runner", "editor")) {
      OtherUser user = OtherUser.named("notices-" + role, database);
      api().body(Map.of("role", role)).put(PROFILE + "/members/notices-" + role);
      Browser browser = new Browser(user.session());
      boolean mayEdit = role.equals("editor");
      for (String path : pages) {
        Page seen = browser.open(path);
        assertEquals(200, seen.status(), role + path);
        assertEquals(
            mayEdit && !path.endsWith("/failures"), seen.text().contains("a-secret-topic"), path);
        assertEquals(mayEdit, seen.has("main a[href*=new-], main form"), role + path);
      }
      if (!mayEdit) {
        assertFalse(browser.open(HOME + "/tasks/daily?registered=true").has("a[href*=new-notice]"));
      }
      for (String path : forms) {
        assertEquals(mayEdit ? 200 : 403, browser.open(path).status(), role + path);
      }
      Map<String, String> ticket = ticket(browser.open(HOME + "/notices"));
      for (String path : buttons) {
        assertEquals(mayEdit ? 200 : 403, browser.post(path, ticket).status(), role + path);
      }
    }
    Browser stranger = new Browser(OtherUser.named("notices-stranger", database).session());
    for (String path : pages) {
      assertEquals(404, stranger.open(path).status(), path);
      assertTrue(new Browser(null).open(path).path().startsWith("/sign-in?return="), path);
    }
    for (String path : buttons) {
      assertEquals(403, admin.post(path, Map.of()).status(), path);
    }
  }

  @Test
  void answersAreSentInOneStep() {
    register("daily");
    api()
        .body(Map.of("cron", "0 7 * * 1-5", "timezone", "Europe/Berlin"))
        .put(PROFILE + "/tasks/daily/schedules/morning")
        .then()
        .statusCode(201);
    Page schedule = admin.open(HOME + "/tasks/daily/schedules/morning");
    assertTrue(schedule.one("#unanswered").text().startsWith("What its runs answer stays"));
    Page task = admin.open(HOME + "/tasks/daily?registered=true");
    assertTrue(task.one("#known").parent().text().contains("They stay in this console"));

    // A channel is missing first, and what was asked for outlives its form.
    Page none = admin.open(task.one("#send-answers").attr("href"));
    Page channel = admin.open(none.one(".empty a.first").attr("href"));
    Map<String, String> team =
        Map.of("name", "team", "kind", "ntfy", "address", receiver.url("/t"));
    Page notice = admin.send(channel, "#channel", team);
    assertEquals("team", notice.one("[name=channel] [selected]").val());
    assertEquals("daily", notice.value("[name=tasks]"));
    assertEquals(
        List.of("events.run.ready"),
        notice.html().select("[name^=events.][checked]").eachAttr("name"));
    assertEquals(HOME + "/notices/daily-answers", admin.send(notice, "#notice", Map.of()).path());

    assertFalse(admin.open(HOME + "/tasks/daily/schedules/morning").has("#unanswered"));
    assertTrue(
        admin
            .open(HOME + "/tasks/daily?registered=true")
            .text()
            .contains("The notice daily-answers sends them to the channel team."));
    // Answers are no failures.
    assertTrue(admin.open(HOME + "/tasks/daily").one("#unheard").text().startsWith("Nobody is"));
    // The only channel is chosen, and so is that of the owner among several.
    assertEquals(
        "team",
        admin.open(HOME + "/new-notice?answers=true").one("[name=channel] [selected]").val());
    admin.post(HOME + "/channels/team/disable", ticket(task));
    assertTrue(
        admin
            .open(HOME + "/tasks/daily/schedules/morning")
            .one("#unanswered")
            .text()
            .startsWith(
                "The notice daily-answers would send what its runs answer, but its channel"));
    channel("other");
    assertFalse(admin.open(HOME + "/new-notice").has("[name=channel] [selected][value=team]"));
    String longest = "~a".repeat(32);
    Page named = admin.open(HOME + "/new-notice?answers=true&task=" + longest);
    assertEquals(64, named.value("[name=name]").length());
    assertTrue(named.value("[name=name]").endsWith("-answers"), named.value("[name=name]"));
  }

  @Test
  void anUnheardTaskSaysSoUntilANoticeCoversIt() {
    Page form = admin.open(HOME + "/new-task");
    Map<String, String> fields =
        Map.of(
            "name",
            "daily",
            "prompt",
            "Hello",
            "runner",
            "openai",
            "model",
            "gpt-4o",
            "key",
            "sk-a-key-of-5678",
            "base_url",
            model.url());
    Page asked = admin.send(form, "#task", fields);
    assertEquals(HOME + "/tasks/daily?registered=true", asked.path());
    assertEquals("How will you know when it fails?", asked.one("#known").text());
    Page plain = admin.open(HOME + "/tasks/daily");
    assertFalse(plain.has("#known"));
    assertTrue(plain.one("#unheard").text().startsWith("Nobody is told when this task fails."));

    // A channel is missing first, and then leads on to the notice.
    Page none = admin.open(plain.one("#unheard a").attr("href"));
    Page channel = admin.open(none.one(".empty a.first").attr("href"));
    Page notice =
        admin.send(
            channel,
            "#channel",
            Map.of("name", "team", "kind", "ntfy", "address", receiver.url("/t")));
    assertTrue(notice.path().startsWith(HOME + "/new-notice?"), notice.path());
    assertEquals("team", notice.one("[name=channel] [selected]").val());
    assertEquals("daily", notice.value("[name=tasks]"));
    assertEquals(HOME + "/notices/daily", admin.send(notice, "#notice", Map.of()).path());
    assertFalse(admin.open(HOME + "/tasks/daily").has("#unheard"));
    Page registered = admin.open(HOME + "/tasks/daily?registered=true");
    assertTrue(registered.text().contains("The notice daily tells the channel team when 3 runs"));

    register("other");
    assertTrue(admin.open(HOME + "/tasks/other").has("#unheard"));
    admin.post(HOME + "/channels/team/disable", ticket(registered));
    assertTrue(
        admin
            .open(HOME + "/tasks/daily")
            .one("#unheard")
            .text()
            .startsWith("The notice daily would tell when this task fails, but its channel is"));
    notice("all", Map.of("events", List.of("run.error"), "channel", "team"));
    assertTrue(admin.open(HOME + "/tasks/other").one("#unheard").text().contains("The notice all"));
    notice("ended", Map.of("events", List.of("run.recovered"), "channel", "team"));
    assertFalse(admin.open(HOME + "/tasks/other").text().contains("ended"));
  }
}
