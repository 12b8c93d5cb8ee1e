package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.delivery.Receiver;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages of callbacks, as a browser without scripts uses them. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class CallbackPageTest {
  private static final String PROFILE = "/api/profiles/~/console-callbacks";
  private static final String HOME = "/console/admin/console-callbacks";
  private static final String HOSTILE = "\"><img src=x onerror=alert(1)><script>alert(1)</script>";

  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();
  private final Receiver receiver = new Receiver();
  private final Browser admin = new Browser(Api.SESSION);

  @BeforeEach
  void aProfile() {
    api().body("{}").post(PROFILE).then().statusCode(201);
    model.script(request -> say("Fine."));
  }

  @AfterEach
  void tidyUp() throws Exception {
    model.close();
    receiver.close();
    api().delete(PROFILE + "?force=true").then().statusCode(204);
    sql("DELETE FROM account WHERE username LIKE 'callbacks-%'");
  }

  private void sql(String statement) throws Exception {
    try (Connection connection = database.getConnection();
        Statement made = connection.createStatement()) {
      made.execute(statement);
    }
  }

  private void register(String task, List<String> urls) {
    api()
        .body(
            Api.task(
                "Hello",
                model.url(),
                Map.of(
                    "key",
                    "sk-a-key-of-1234",
                    "callbacks",
                    urls.stream().map(url -> Map.of("url", url)).toList())))
        .put(PROFILE + "/tasks/" + task)
        .then()
        .statusCode(201);
  }

  private Browser member(String role) {
    return new Browser(OtherUser.named("callbacks-" + role, database).session());
  }

  private void share(String role) {
    OtherUser.named("callbacks-" + role, database);
    api()
        .body(Map.of("role", role))
        .put(PROFILE + "/members/callbacks-" + role)
        .then()
        .statusCode(201);
  }

  private static void run(String task, String run) {
    api().body("{}").put(PROFILE + "/tasks/" + task + "/runs/" + run + "?wait=30");
  }

  private String only(String task) {
    return admin
        .open(HOME + "/callbacks")
        .one("tr:has([data-name=Task] a[href$=/tasks/" + task + "]) td.lead a")
        .attr("href");
  }

  @Test
  void deliveriesAreListedWithTheirAttemptsAndSentAgain() throws Exception {
    assertTrue(
        admin.open(HOME + "/callbacks").text().contains("This profile has no callbacks yet"));
    receiver.script(call -> new Receiver.Reply(503, "", ""));
    register("told", List.of(receiver.url("/a?b=" + "c")));
    String path = only("told");
    assertTrue(admin.open(path).text().contains("No deliveries in the last week"));
    run("told", "first");
    Eventually.await("an attempt", () -> admin.open(path).text().contains("HTTP 503"));
    Page page = admin.open(path);
    assertEquals("pending", page.one("td .status:not(li .status)").text());
    assertTrue(page.text().contains("Next attempt:"), page.text());
    assertEquals("first", page.one("[data-name=About] a").text());
    receiver.script(call -> new Receiver.Reply(204, "", ""));
    Page again = admin.send(page, "td form", Map.of());
    assertEquals(path, again.path());
    Eventually.await("its delivery", () -> admin.open(path).text().contains("HTTP 204"));
    assertEquals("delivered", admin.open(path).html().select("td.lead .status").getFirst().text());
    assertEquals(2, admin.open(path).html().select("td details li").size());
    Page list = admin.open(HOME + "/callbacks");
    assertTrue(list.one("[data-name='Last delivery']").text().startsWith("delivered"));
    assertEquals(404, admin.post(path + "/deliveries/none/redeliver", ticket(page)).status());
    // What a receiver or the network says is text.
    sql(
        """
        INSERT INTO callback_attempt (delivery_id, number, error, took_ms)
        SELECT id, 3 + number, '%s', 1 FROM callback_delivery, generate_series(1, 20) AS number
        WHERE callback_id = '%s'
        """
            .formatted(HOSTILE, path.substring(path.lastIndexOf('/') + 1)));
    Page hostile = admin.open(path);
    assertTrue(hostile.text().contains(HOSTILE), hostile.text());
    assertFalse(hostile.has("main img, main script"));
    assertTrue(hostile.text().contains("17 earlier"), hostile.text());
  }

  private static Map<String, String> ticket(Page page) {
    return Map.of("ticket", page.html().select("[name=ticket]").val());
  }

  @Test
  void aCallbackThatWasSwitchedOffIsSwitchedOn() {
    receiver.script(call -> new Receiver.Reply(410, "", ""));
    register("told", List.of(receiver.url("/")));
    String path = only("told");
    run("told", "first");
    Eventually.await("it is off", () -> admin.open(path).has("#enable"));
    assertTrue(admin.open(HOME + "/callbacks").text().contains("switched off"));
    Page page = admin.open(path);
    Page refused = admin.send(page, "td form", Map.of());
    assertEquals(409, refused.status());
    assertTrue(refused.one("[role=alert]").text().contains("switched off"), refused.text());
    assertFalse(admin.send(page, "#enable", Map.of()).has("#enable"));
  }

  @Test
  void theListIsCutIntoPagesAndSoAreDeliveries() throws Exception {
    List<String> urls = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      urls.add(receiver.url("/?n=" + i));
    }
    for (int i = 0; i < 6; i++) {
      register("task-" + i, urls);
    }
    Page first = admin.open(HOME + "/callbacks");
    assertEquals(50, first.html().select("tbody tr").size());
    Page second = admin.open(first.html().select("p.buttons a").last().attr("href"));
    assertEquals(10, second.html().select("tbody tr").size());
    assertFalse(second.text().contains("task-4"), second.text());
    assertEquals(400, admin.open(HOME + "/callbacks?cursor=x").status());
    run("task-5", "first");
    sql(
        """
        INSERT INTO callback_delivery (callback_id, run_id, event, happened_at, state, ended_at)
        SELECT c.id, run.id, 'run.ready', now(), 'failed', now()
        FROM task_callback c JOIN run ON run.task_id = c.task_id, generate_series(1, 60)
        WHERE run.name = 'first';
        INSERT INTO callback_attempt (delivery_id, number, error, took_ms)
        SELECT d.id, 100 + number, repeat('<', 500), 1
        FROM callback_delivery d JOIN run ON run.id = d.run_id, generate_series(1, 12) AS number
        WHERE run.name = 'first' AND d.state = 'failed'
        """);
    String path = second.html().select("td.lead a").getFirst().attr("href");
    Page newest = admin.open(path);
    assertEquals(20, newest.html().select("tbody tr").size());
    int length = newest.answer().asString().length();
    assertTrue(length < 100_000, () -> "It has " + length);
    Page older = admin.open(newest.html().select("p.buttons a").last().attr("href"));
    assertEquals(20, older.html().select("tbody tr").size());
    assertEquals(200, admin.open(path + "?from=9999").status());
    assertEquals(400, admin.open(path + "?from=x").status());
  }

  @Test
  void eachRoleSeesOnlyWhatItMayDo() {
    register("told", List.of(receiver.url("/path?secret=of-the-receiver")));
    run("told", "first");
    String path = only("told");
    Eventually.await("a delivery", () -> admin.open(path).text().contains("HTTP 204"));
    String delivery = admin.open(path).one("td form").attr("action");
    for (String role : List.of("viewer", "runner", "editor")) {
      share(role);
      Browser browser = member(role);
      boolean mayEdit = role.equals("editor");
      Page page = browser.open(path);
      assertEquals(200, page.status(), role);
      assertEquals(mayEdit, page.text().contains("of-the-receiver"), role);
      assertEquals(
          mayEdit, browser.open(HOME + "/callbacks").text().contains("of-the-receiver"), role);
      assertEquals(mayEdit, page.has("td form"), role);
      assertEquals(mayEdit ? 200 : 403, browser.post(delivery, ticket(page)).status(), role);
      assertEquals(
          mayEdit ? 200 : 403, browser.post(path + "/enable", ticket(page)).status(), role);
    }
    for (String page : List.of(HOME + "/callbacks", path)) {
      assertEquals(404, member("stranger").open(page).status(), page);
      assertTrue(new Browser(null).open(page).path().startsWith("/sign-in?return="), page);
    }
    for (String form : List.of(delivery, path + "/enable")) {
      assertEquals(403, admin.post(form, Map.of()).status(), form);
      assertEquals("/sign-in", new Browser(null).post(form, Map.of()).path(), form);
    }
    assertEquals(404, admin.open(HOME + "/tasks/told/callbacks/none").status());
  }
}
