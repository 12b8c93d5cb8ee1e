package dev.errand.adapters.console;

import static dev.errand.automation.trigger.Hooks.post;
import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages of triggers and their deliveries, as a browser without scripts uses them. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TriggerPageTest {
  private static final String PROFILE = "/api/profiles/~/console-triggers";
  private static final String HOME = "/console/admin/console-triggers";
  private static final String HOOKED = HOME + "/tasks/hooked/triggers/";
  private static final String HOSTILE = "\"><img src=x onerror=alert(1)><script>alert(1)</script>";

  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();
  private final Browser admin = new Browser(Api.SESSION);

  @BeforeEach
  void aProfileWithATask() {
    api().body("{}").post(PROFILE).then().statusCode(201);
    model.script(request -> say("Fine."));
    register("hooked", "Read {{ @payload }}");
  }

  @AfterEach
  void tidyUp() throws Exception {
    model.close();
    api().delete(PROFILE + "?force=true").then().statusCode(204);
    sql("DELETE FROM account WHERE username LIKE 'triggers-%'");
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

  /** Makes a trigger; its address. */
  private static String make(String task, String name, Map<String, Object> more) {
    Map<String, Object> wanted = new HashMap<>(Map.of("name", name, "scheme", "url"));
    wanted.putAll(more);
    return api()
        .body(wanted)
        .post(PROFILE + "/tasks/" + task + "/triggers")
        .then()
        .statusCode(201)
        .extract()
        .path("url");
  }

  private Browser member(String role) {
    return new Browser(OtherUser.named("triggers-" + role, database).session());
  }

  private void share(String role) {
    OtherUser.named("triggers-" + role, database);
    api()
        .body(Map.of("role", role))
        .put(PROFILE + "/members/triggers-" + role)
        .then()
        .statusCode(201);
  }

  private static Map<String, String> ticket(Page page) {
    return Map.of("ticket", page.html().select("[name=ticket]").val());
  }

  @Test
  void aConditionIsSetTriedOnPastDeliveriesAndSaysWhatItLeftOut() {
    Page made =
        admin.send(
            admin.open(HOME + "/new-trigger"),
            "#trigger",
            Map.of(
                "task",
                "hooked",
                "name",
                "builds",
                "when",
                "payload.state == 'failed'",
                "headers",
                "X-Build\r\nX-Team"));
    assertTrue(made.text().contains("Starts runs only if payload.state == 'failed'"), made.text());
    assertTrue(made.text().contains("x-build, x-team"), made.text());
    String url = api().get(PROFILE + "/tasks/hooked/triggers/builds").path("url");
    post(url, "application/json", "{\"state\": \"" + HOSTILE.replace("\"", "'") + "\"}");
    post(url, "application/json", "{\"state\": \"failed\"}");
    post(url, "application/json", "{}");
    Page page = admin.open(HOOKED + "builds");
    assertEquals(
        List.of("filtered", "started", "filtered"),
        page.html().select("tbody .lead .status").eachText());
    assertTrue(page.text().contains("can't be evaluated: 'state' is absent"), page.text());
    assertTrue(admin.open(HOME + "/triggers").text().contains("filtered"));
    Page edit = admin.open(HOOKED + "builds/edit");
    assertEquals("payload.state == 'failed'", edit.value("[name=when]"));
    assertEquals("x-build\nx-team", edit.value("[name=headers]"));
    Page tried =
        admin.send(
            edit,
            "#trigger",
            Map.of("when", "payload.?state.orValue('') == ''", "show", "preview"));
    assertEquals(200, tried.status());
    assertTrue(tried.one("#tried .message").text().startsWith("When: "), tried.text());
    tried = admin.send(edit, "#trigger", Map.of("when", "!has(payload.state)", "show", "preview"));
    assertEquals(200, tried.status());
    List<String> lines = tried.html().select("#tried li").eachText();
    assertEquals(3, lines.size(), lines.toString());
    assertTrue(lines.getFirst().endsWith("filtered would start a run"), lines.toString());
    assertTrue(lines.getLast().contains("would start nothing: The condition"), lines.toString());
    assertEquals("!has(payload.state)", tried.value("[name=when]"));
    api()
        .get(PROFILE + "/tasks/hooked/triggers/builds")
        .then()
        .body("when", equalTo("payload.state == 'failed'"));
    Page refused = admin.send(edit, "#trigger", Map.of("headers", "Cookie"));
    assertEquals(400, refused.status());
    assertTrue(refused.one(".message").text().startsWith("Header fields: is cookie"));
    Page replayed = admin.send(page, "tbody > tr:first-child form[action$=/replay]", Map.of());
    assertTrue(replayed.path().contains("/runs/"), replayed.path());
    admin.send(admin.open(HOOKED + "builds/edit"), "#trigger", Map.of("when", "", "headers", ""));
    assertFalse(admin.open(HOOKED + "builds").has("#when"));
  }

  @Test
  void aTriggerIsMadeChangedDisabledAndDeleted() {
    Page empty = admin.open(HOME + "/triggers");
    assertTrue(empty.text().contains("This profile has no triggers yet"), empty.text());
    Page form = admin.open(empty.one(".empty a.first").attr("href"));
    Page made =
        admin.send(
            form, "#trigger", Map.of("task", "hooked", "name", "issues", "scheme", "github"));
    // Both are shown by this answer, the secret by no other one.
    String url = made.one("#url").val();
    String secret = made.one("#secret").val();
    assertTrue(url.contains("/hooks/"), url);
    assertTrue(secret.length() > 20, secret);
    // With scripts, the page has this address, and reloading it does not create another one.
    assertEquals(HOOKED + "issues", made.one("[data-here]").attr("data-here"));
    Page page = admin.open(HOOKED + "issues");
    assertEquals(url, page.one("#url").val());
    assertFalse(page.answer().asString().contains(secret));
    assertFalse(page.has("[data-here]"));
    assertTrue(page.text().contains("…" + secret.substring(secret.length() - 4)), page.text());
    assertEquals(
        409, admin.send(form, "#trigger", Map.of("task", "hooked", "name", "issues")).status());
    Page edit = admin.open(page.one(".head a[href$=/edit]").attr("href"));
    assertEquals("", edit.one("[name=secret]").val());
    assertEquals("github", edit.one("[name=scheme] [selected]").val());
    Page changed =
        admin.send(
            edit,
            "#trigger",
            Map.of("rate_per_minute", "5", "expires_at", "2031-02-03T04:05", "tolerance", "PT1M"));
    assertEquals(HOOKED + "issues", changed.path());
    String api = PROFILE + "/tasks/hooked/triggers/issues";
    api()
        .get(api)
        .then()
        .body("rate_per_minute", equalTo(5))
        .body("tolerance", equalTo("PT1M"))
        .body("expires_at", equalTo("2031-02-03T04:05:00.000Z"))
        .body("secret_hints", equalTo(List.of("…" + secret.substring(secret.length() - 4))));
    Page off = admin.send(changed, "#disable", Map.of());
    assertTrue(off.one("h1").text().contains("disabled"), off.text());
    api().get(api).then().body("enabled", equalTo(false));
    // Changes leave it as it is, and two secrets replace the one.
    admin.send(
        admin.open(HOOKED + "issues/edit"),
        "#trigger",
        Map.of("secret", "a-new-secret-of-1111", "second_secret", "a-new-secret-of-2222"));
    api()
        .get(api)
        .then()
        .body("enabled", equalTo(false))
        .body("secret_hints", equalTo(List.of("…1111", "…2222")))
        .body("expires_at", equalTo("2031-02-03T04:05:00.000Z"));
    assertTrue(admin.open(HOME + "/triggers").text().contains("issues disabled"));
    Page on = admin.send(admin.open(HOOKED + "issues"), "#enable", Map.of());
    assertTrue(on.has("#disable"));
    // Another scheme needs another secret, which is made and shown.
    assertTrue(
        admin
            .send(
                admin.open(HOOKED + "issues/edit"),
                "#trigger",
                Map.of("scheme", "standard-webhooks"))
            .one("#secret")
            .val()
            .startsWith("whsec_"));
    Page present = admin.open(HOOKED + "issues");
    assertEquals(HOME + "/triggers", admin.send(present, "#delete", Map.of()).path());
    assertEquals(404, admin.open(HOOKED + "issues").status());
  }

  @Test
  void aTriggerWithTheSecretOfItsSenderLeadsToItsPage() {
    Page made =
        admin.send(
            admin.open(HOME + "/new-trigger?task=hooked"),
            "#trigger",
            Map.of("name", "given", "scheme", "bearer", "secret", "a-secret-of-the-sender-1"));
    assertEquals(HOOKED + "given", made.path(), made.text());
  }

  @Test
  void theAddressOfASignedUrlIsAskedFor() {
    String url = make("hooked", "signed", Map.of());
    Page page = admin.open(HOOKED + "signed");
    assertFalse(page.answer().asString().contains("/hooks/"));
    Page shown = admin.send(page, "#address", Map.of());
    assertEquals(url, shown.one("#url").val());
    assertEquals(HOOKED + "signed", shown.one("[data-here]").attr("data-here"));
    api().get("/api/audit?limit=5").then().body("action", hasItem("secret.shown"));
    assertFalse(admin.open(HOOKED + "signed").answer().asString().contains("/hooks/"));
  }

  @Test
  void aFormThatIsRefusedKeepsWhatWasFilledIn() {
    Page form = admin.open(HOME + "/new-trigger?task=hooked");
    Map<Map<String, String>, String> wrong =
        Map.of(
            Map.of("name", "a b"), "name",
            Map.of("scheme", "other"), "Verified by",
            Map.of("scheme", "stripe"), "Secret: ",
            Map.of("secret", "short", "scheme", "bearer"), "Secret: ",
            Map.of("rate_per_minute", "many"), "whole number",
            Map.of("rate_per_minute", "0"), "Deliveries a minute",
            Map.of("max_body_bytes", "999999999"), "Largest body in bytes",
            Map.of("tolerance", HOSTILE), "Tolerance of signed times",
            Map.of("expires_at", "2020-01-01T00:00"), "past");
    wrong.forEach(
        (fields, said) -> {
          Map<String, String> all = new HashMap<>(Map.of("name", "kept", "tolerance", "PT2M"));
          all.putAll(fields);
          Page refused = admin.send(form, "#trigger", all);
          assertEquals(400, refused.status(), said);
          assertTrue(refused.one("[role=alert]").text().contains(said), refused.text());
          assertEquals(all.get("name"), refused.one("[name=name]").val());
          assertEquals(all.get("tolerance"), refused.one("[name=tolerance]").val());
          assertEquals("", refused.one("[name=secret]").val());
          assertFalse(refused.has("main img, main script"));
        });
    assertEquals(404, admin.send(form, "#trigger", Map.of("task", HOSTILE, "name", "x")).status());
  }

  @Test
  void deliveriesAreListedWithTheirBodiesAndReplayed() {
    String url = make("hooked", "signed", Map.of());
    // A page ends within a pair of surrogates.
    String odd = HOSTILE.length() % 2 == 0 ? "x" : "";
    String body = HOSTILE + odd + "\uD83D\uDE00".repeat(7_000) + "the end";
    post(url + "?wait=30", "text/plain; x=y", body).then().statusCode(200);
    String named = HOSTILE.replace("\"", "'") + "x".repeat(100);
    post(url, "application/json", "{\"type\": \"" + named + "\"}").then().statusCode(202);
    post(url, "text/plain", "").then().statusCode(202);
    String verified = make("hooked", "checked", Map.of("scheme", "bearer"));
    post(verified, "text/html", HOSTILE).then().statusCode(401);
    Page page = admin.open(HOOKED + "signed");
    assertEquals(
        List.of("started", "started", "started"), page.html().select("td.lead .status").eachText());
    List<String> events = page.html().select("[data-name=Event]").eachText();
    assertEquals(List.of("–", named.substring(0, 99) + "…", "–"), events);
    Page run = admin.open(page.html().select("[data-name=Run] a").getFirst().attr("href"));
    assertTrue(run.text().contains("webhook signed"), run.text());
    // With a script, the body comes when it is unfolded.
    String part = page.html().select("td details [hx-get]").last().attr("hx-get");
    String folded = admin.at(part).then().statusCode(200).extract().asString();
    assertTrue(Jsoup.parse(folded).text().startsWith(HOSTILE), folded);
    assertEquals(0, Jsoup.parse(folded).select("img, script").size());
    Page delivery = admin.open(page.html().select("td details a").last().attr("href"));
    assertTrue(delivery.one("pre").text().startsWith(HOSTILE));
    assertFalse(delivery.has("main img, main script"));
    assertTrue(delivery.answer().asString().length() < 100_000, "It is too long.");
    assertTrue(delivery.text().contains("text/plain; x=y"), delivery.text());
    Page rest = admin.open(delivery.html().select("pre ~ p a").attr("href"));
    assertTrue(rest.one("pre").text().endsWith("the end"), rest.text());
    assertTrue(delivery.one("pre").text().endsWith("\uD83D\uDE00"), delivery.text());
    assertTrue(rest.one("pre").text().startsWith("\uD83D\uDE00"), rest.text());
    Page nothing = admin.open(page.html().select("td details a").first().attr("href"));
    assertTrue(nothing.text().contains("The body is empty"), nothing.text());
    Page again = admin.send(delivery, "#replay", Map.of());
    assertTrue(again.path().startsWith(HOME + "/tasks/hooked/runs/"), again.path());
    assertTrue(admin.open(HOOKED + "signed").text().contains("A replay"));
    // What was refused says why, and has no body.
    Page refused = admin.open(HOOKED + "checked");
    assertEquals("refused", refused.one("td .status").text());
    assertEquals("–", refused.one("[data-name=Event]").text());
    assertTrue(refused.text().contains("signature_refused"), refused.text());
    assertTrue(refused.text().contains("not stored"), refused.text());
    Page list = admin.open(HOME + "/triggers");
    assertTrue(list.text().contains("refused signature_refused"), list.text());
    assertEquals(404, admin.open(HOOKED + "signed/deliveries/x").status());
    assertEquals(404, admin.open(HOOKED + "signed/deliveries/1").status());
    assertEquals(400, admin.open(delivery.path() + "?from=x").status());
    // What can't be started is said on the page.
    api().body(Map.of("enabled", false)).patch(PROFILE + "/tasks/hooked").then().statusCode(200);
    Page failed = admin.send(delivery, "#replay", Map.of());
    assertEquals(409, failed.status());
    assertTrue(failed.one("[role=alert]").text().contains("disabled"), failed.text());
  }

  @Test
  void listsAreCutIntoPages() throws Exception {
    for (int i = 10; i < 62; i++) {
      make("hooked", "t" + i, Map.of());
    }
    Page first = admin.open(HOME + "/triggers");
    assertEquals(50, first.html().select("tbody tr").size());
    Page second = admin.open(first.html().select("p.buttons a").last().attr("href"));
    assertEquals(List.of("t60", "t61"), second.html().select("td.lead").eachText());
    assertEquals(400, admin.open(HOME + "/triggers?cursor=x").status());
    sql(
        """
        INSERT INTO trigger_delivery (trigger_id, sender, verdict, code, message, content_type,
          body_bytes)
        SELECT t.id, '127.0.0.1', 'refused', 'signature_refused', repeat('<', 500),
          repeat('"', 500), 1
        FROM task_trigger t JOIN task ON task.id = t.task_id, generate_series(1, 60)
        WHERE t.name = 't10' AND task.name = 'hooked'
        """);
    Page newest = admin.open(HOOKED + "t10");
    assertEquals(25, newest.html().select("tbody td.lead").size());
    assertTrue(newest.answer().asString().length() < 100_000, "It is too long.");
    assertTrue(newest.text().contains("<".repeat(200) + "…"), newest.text());
    assertTrue(newest.text().contains("\"".repeat(80) + "…"), newest.text());
    Page older = admin.open(newest.html().select("p.buttons a").last().attr("href"));
    assertEquals(25, older.html().select("tbody td.lead").size());
    assertEquals(400, admin.open(HOOKED + "t10?from=-1").status());
  }

  @Test
  void eachRoleSeesOnlyWhatItMayDo() {
    String url = make("hooked", "signed", Map.of());
    make("hooked", "checked", Map.of("scheme", "github"));
    post(url, "text/plain", "the-body-of-it").then().statusCode(202);
    String delivery =
        admin.open(HOOKED + "signed").html().select("td details a").first().attr("href");
    List<String> forms = List.of(HOME + "/new-trigger", HOOKED + "checked/edit");
    List<String> steps =
        List.of("signed/address", "signed/disable", "signed/enable", "checked/delete");
    for (String role : List.of("viewer", "runner", "editor")) {
      share(role);
      Browser browser = member(role);
      boolean mayRun = !role.equals("viewer");
      boolean mayEdit = role.equals("editor");
      Page list = browser.open(HOME + "/triggers");
      assertEquals(mayEdit, list.has("a[href$=/new-trigger]"), role);
      for (String name : List.of("signed", "checked")) {
        Page page = browser.open(HOOKED + name);
        assertEquals(200, page.status(), role);
        assertEquals(
            mayEdit && name.equals("checked"), page.answer().asString().contains("/hooks/"), role);
        assertEquals(mayEdit, page.has("#delete, #disable, #address"), role);
        assertEquals(mayRun && name.equals("signed"), page.has("td form, td details"), role + name);
      }
      assertEquals(mayRun ? 200 : 403, browser.open(delivery).status(), role);
      assertEquals(mayRun ? 200 : 403, browser.at(delivery + "/body").statusCode(), role);
      Map<String, String> ticket = ticket(list);
      assertEquals(mayRun ? 200 : 403, browser.post(delivery + "/replay", ticket).status(), role);
      Map<String, String> fields = new HashMap<>(ticket);
      fields.putAll(Map.of("task", "hooked", "name", "by-" + role, "scheme", "github"));
      for (String form : forms) {
        assertEquals(mayEdit ? 200 : 403, browser.open(form).status(), role + form);
        assertEquals(mayEdit ? 200 : 403, browser.post(form, fields).status(), role + form);
      }
      for (String step : steps) {
        assertEquals(mayEdit ? 200 : 403, browser.post(HOOKED + step, ticket).status(), role);
      }
    }
    make("hooked", "checked", Map.of("scheme", "github"));
    for (String page :
        List.of(HOME + "/triggers", HOOKED + "signed", delivery, forms.get(0), forms.get(1))) {
      assertEquals(404, member("stranger").open(page).status(), page);
      assertTrue(new Browser(null).open(page).path().startsWith("/sign-in?return="), page);
    }
    for (String form :
        List.of(
            forms.get(0),
            forms.get(1),
            delivery + "/replay",
            HOOKED + steps.get(0),
            HOOKED + steps.get(1),
            HOOKED + steps.get(2),
            HOOKED + steps.get(3))) {
      assertEquals(403, admin.post(form, Map.of("name", "x")).status(), form);
      assertEquals("/sign-in", new Browser(null).post(form, Map.of()).path(), form);
    }
    assertEquals(200, admin.open(HOOKED + "checked").status());
  }
}
