package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The home of a profile and the pages of its tasks, as a browser without scripts uses them. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TaskPageTest {
  private static final String PROFILE = "/api/profiles/~/console-tasks";
  private static final String HOME = "/console/admin/console-tasks";
  private static final String HOSTILE = "</textarea><script>alert(1)</script>{x}\"'&";

  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();
  private final Browser admin = new Browser(Api.SESSION);

  @BeforeEach
  void aProfile() {
    api().body("{}").post(PROFILE).then().statusCode(201);
    model.script(request -> say("Fine."));
  }

  @AfterEach
  void tidyUp() throws Exception {
    model.close();
    api().delete(PROFILE + "?force=true").then().statusCode(204);
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM account WHERE username LIKE 'tasks-%'");
    }
  }

  private void register(String task, String prompt) {
    api()
        .body(Api.task(prompt, model.url(), Map.of("key", "sk-a-key-of-1234")))
        .put(PROFILE + "/tasks/" + task)
        .then()
        .statusCode(201);
  }

  private void share(String role) {
    OtherUser.named("tasks-" + role, database);
    api().body(Map.of("role", role)).put(PROFILE + "/members/tasks-" + role).then().statusCode(201);
  }

  private Browser member(String role) {
    return new Browser(OtherUser.named("tasks-" + role, database).session());
  }

  private Map<String, String> filled(String name) {
    Map<String, String> fields = new HashMap<>();
    fields.put("name", name);
    fields.put("prompt", "Say {{ what }}" + HOSTILE.replace("{x}", ""));
    fields.put("runner", "openai");
    fields.put("model", "gpt-4o");
    fields.put("key", "sk-a-key-of-5678");
    fields.put("base_url", model.url());
    return fields;
  }

  @Test
  void aFirstVisitLeadsToAnOwnTaskAndToItsRun() {
    Page home = admin.open(HOME);
    assertTrue(home.text().contains("Nothing has run here yet"), home.text());
    Page form = admin.open(home.one("#first ~ p a.first").attr("href"));
    Page task = admin.send(form, "#task", filled("own"));
    assertEquals(HOME + "/tasks/own?registered=true", task.path());
    assertTrue(task.text().contains("5678"), task.text());
    assertEquals(0, task.html().select("main script").size());
    Page run = admin.send(task, "#run", Map.of("p.what", "hello\r\nthere"));
    assertTrue(run.path().startsWith(HOME + "/tasks/own/runs/"), run.path());
    Eventually.await(
        "the end of the run", () -> admin.open(run.path()).one("h1 .status").text().equals("done"));
    assertTrue(
        admin.open(run.path()).one(".entry.user pre").wholeText().contains("Say hello\nthere"));
    // Sent twice, it is one run.
    assertEquals(run.path(), admin.send(task, "#run", Map.of("p.what", "hello\r\nthere")).path());
    api().get(PROFILE + "/runs").then().statusCode(200).body("size()", equalTo(1));
    assertFalse(admin.open(HOME).text().contains("Nothing has run here yet"));
    Page list = admin.open(HOME + "/tasks");
    assertEquals("own", list.one("tbody td.lead a").text());
    assertEquals("done", list.one("tbody .status").text());
    assertEquals("100 % of 1", list.one("[data-name^=Done]").text());
  }

  @Test
  void aChangeThatNobodySawIsNotReplacedUnseen() {
    register("shared", "Say {{ what }}");
    Page first = admin.open(HOME + "/tasks/shared/edit");
    Page second = admin.open(HOME + "/tasks/shared/edit");
    admin.send(first, "#task", Map.of("prompt", "First"));
    Page refused = admin.send(second, "#task", Map.of("prompt", "Second", "key", "sk-typed-once"));
    assertEquals(412, refused.status());
    assertTrue(refused.one("main > .message").text().contains("was changed"), refused.text());
    assertTrue(
        refused.one("main > .message").text().contains("Enter keys and other secrets again"));
    assertFalse(refused.answer().asString().contains("sk-typed-once"));
    assertEquals("Second", refused.value("[name=prompt]"));
    api().get(PROFILE + "/tasks/shared").then().body("openai.prompt", equalTo("First"));
    assertEquals(HOME + "/tasks/shared", admin.send(refused, "#task", Map.of()).path());
    api().get(PROFILE + "/tasks/shared").then().body("openai.prompt", equalTo("Second"));
  }

  @Test
  void aTaskLeadsToWhatItHasAndIsRunAgainAndDeleted() {
    register("whole", "Say {{ what }}");
    api()
        .body("{\"scheme\": \"bearer\"}")
        .put(PROFILE + "/tasks/whole/triggers/hook")
        .then()
        .statusCode(201);
    register("zebra", "Other");
    api()
        .body("{\"scheme\": \"bearer\"}")
        .put(PROFILE + "/tasks/zebra/triggers/other")
        .then()
        .statusCode(201);
    Page task = admin.open(HOME + "/tasks/whole");
    assertEquals(
        List.of(HOME + "/tasks/whole/triggers/hook"),
        task.html().select("a:contains(Trigger )").eachAttr("href"));
    Page run = admin.send(task, "#run", Map.of("run", "a&b 50%+#", "p.what", "a \"word\""));
    Page again = admin.open(run.one("#again").attr("href").replaceFirst("#.*", ""));
    assertEquals("a \"word\"", again.value("[name=p.what]"));
    assertNotEquals(run.path(), admin.send(again, "#run", Map.of()).path());
    share("viewer");
    Page seen = member("viewer").open(HOME + "/tasks/whole");
    assertFalse(seen.has("#delete"));
    assertFalse(member("viewer").open(run.path()).has("#again"));
    assertEquals(
        403,
        member("viewer")
            .post(
                HOME + "/tasks/whole/delete",
                Map.of("ticket", seen.html().select("[name=ticket]").val(), "force", "true"))
            .status());
    assertEquals(HOME + "/tasks", admin.send(again, "#delete", Map.of("force", "true")).path());
    assertEquals(404, admin.open(HOME + "/tasks/whole").status());
  }

  @Test
  void aRunIsStartedAgainWithTheSameParametersOrChangedOnes() {
    register("again", "Say {{ what }} {{ lines }} {{ who.name }} {{#loud}}loudly{{/loud}}");
    String given =
        """
        {"what": 5, "lines": "a\\r\\nb\\rc", "who": {"name": "Ada", "born": 1815}, "loud": "true",
        "unused": [null, 1.50]}""";
    String run = "/tasks/again/runs/first%20one";
    api()
        .body("{\"parameters\": " + given + "}")
        .urlEncodingEnabled(false)
        .put(PROFILE + run + "?wait=30")
        .then()
        .statusCode(201);
    Page form = admin.open(HOME + "/tasks/again?run=first%20one");
    assertEquals(HOME + run, form.one("#filled a").attr("href"));
    assertEquals("5", form.value("[name='p.what']"));
    assertEquals("true", form.value("[name='p.loud']"));
    assertTrue(form.value("[name=others]").contains("unused"), form.text());
    Map<String, Object> before = parameters(HOME + run);
    assertEquals("a\r\nb\rc", before.get("lines"));
    // What was not changed is sent as it was: numbers and texts that look like something else, too.
    assertEquals(before, parameters(admin.send(form, "#run", Map.of()).path()));
    Map<String, String> fields = new HashMap<>();
    for (String name : form.html().select("#run [name]").eachAttr("name")) {
      fields.put(name, form.value("#run [name='" + name + "']"));
    }
    fields.put("run", "changed");
    fields.put("p.what", "six");
    Page preview = admin.post(HOME + "/tasks/again/preview", fields);
    Map<String, Object> changed = new HashMap<>(before);
    changed.put("what", "six");
    assertEquals(changed, parameters(admin.send(preview, "#run", Map.of()).path()));
    // A number stays one.
    Page seven = admin.send(form, "#run", Map.of("run", "seven", "p.what", "7"));
    assertEquals(7, parameters(seven.path()).get("what"));
    Page refused = admin.send(form, "#run", Map.of("others", "{"));
    assertEquals(400, refused.status());
    assertEquals("first one", refused.value("#run [name=again]"));
    // A run that is gone leaves what the form has.
    Page late = admin.send(form, "#run", Map.of("run", "late", "again", "absent"));
    assertEquals("5", parameters(late.path()).get("what"));
    assertEquals(404, admin.open(HOME + "/tasks/again?run=absent").status());
    assertFalse(admin.open(HOME + "/tasks/again").has("#filled, [name=again]"));
  }

  @Test
  void aRunWithAnEmptyTextCanBeStartedAgain() {
    register("empty", "Say {{ what }} {{ other }}");
    api()
        .body("{\"parameters\": {\"what\": \"\", \"other\": \"x\"}}")
        .put(PROFILE + "/tasks/empty/runs/one?wait=30")
        .then()
        .statusCode(201);
    Page form = admin.open(HOME + "/tasks/empty?run=one");
    assertFalse(form.has("[name='p.what'][required]"));
    assertTrue(form.has("[name='p.other'][required]"));
    assertEquals(
        Map.of("what", "", "other", "x"),
        parameters(admin.send(form, "#run", Map.of("run", "two")).path()));
  }

  private static Map<String, Object> parameters(String page) {
    return api()
        .urlEncodingEnabled(false)
        .get(PROFILE + page.substring(HOME.length()))
        .jsonPath()
        .getMap("parameters");
  }

  @Test
  void aRunIsPreviewedAsItWouldBegin() {
    register("seen", "Say {{ what }}");
    Page task = admin.open(HOME + "/tasks/seen");
    String action = task.one("#run button[formaction]").attr("formaction");
    String ticket = task.value("#run [name=ticket]");
    Page preview = admin.post(action, Map.of("ticket", ticket, "run", "wanted", "p.what", HOSTILE));
    assertEquals(200, preview.status());
    assertEquals("Say " + HOSTILE, preview.one("h2:contains(Prompt) ~ pre").wholeText());
    assertEquals(0, preview.html().select("main script, main textarea").size());
    assertTrue(preview.one("section code").text().startsWith("POST " + model.url()));
    assertFalse(preview.answer().asString().contains("sk-a-key-of-1234"));
    assertEquals(0, model.requests().size());
    Page refused = admin.post(action, Map.of("ticket", ticket, "run", "wanted"));
    assertEquals(400, refused.status());
    assertTrue(refused.one("[role=alert]").text().contains("what"), refused.text());
    assertEquals(403, admin.post(action, Map.of("ticket", "none")).status());
    Page run = admin.send(preview, "#run", Map.of());
    assertEquals(HOME + "/tasks/seen/runs/wanted", run.path());
    assertTrue(run.one(".entry.user pre").wholeText().contains("Say " + HOSTILE));
  }

  @Test
  void theHomeSaysWhatRunsFailedAndFires() {
    register("clock", "Hello");
    model.script(request -> ScriptedModel.error(404, "x", "No."));
    api().body("{}").put(PROFILE + "/tasks/clock/runs/bad?wait=30").then().statusCode(201);
    api()
        .body(Map.of("cron", "30 9 * * MON-FRI", "timezone", "UTC"))
        .put(PROFILE + "/tasks/clock/schedules/morning")
        .then()
        .statusCode(201);
    Page home = admin.open(HOME);
    assertEquals(List.of("clock / bad"), home.html().select("#attention ~ ul a").eachText());
    assertTrue(home.one("#next ~ ul").text().contains("clock / morning"), home.text());
    assertTrue(home.one("#today ~ dl").text().contains("Runs failed or cancelled 1"), home.text());
    Page task = admin.open(HOME + "/tasks/clock");
    assertTrue(task.text().contains("morning"), task.text());
    Page list = admin.open(HOME + "/tasks");
    assertEquals(2, list.html().select("tbody time").size());
  }

  @Test
  void aTaskIsChangedByItsForm() {
    register("edited", "Before");
    Page form = admin.open(HOME + "/tasks/edited/edit");
    assertEquals("Before", form.value("[name=prompt]"));
    assertEquals("", form.one("[name=key]").val());
    Page task =
        admin.send(
            form, "#task", Map.of("prompt", "After {{ x }}", "max_steps", "7", "system", "S"));
    assertEquals(HOME + "/tasks/edited", task.path());
    api()
        .get(PROFILE + "/tasks/edited")
        .then()
        .body("openai.prompt", equalTo("After {{ x }}"))
        .body("openai.system", equalTo("S"))
        .body("openai.base_url", equalTo(model.url()))
        .body("settings.max_steps", equalTo(7))
        .body("settings.key_hint", equalTo("…1234"))
        .body("enabled", equalTo(true));
    form = admin.open(HOME + "/tasks/edited/edit");
    assertEquals("7", form.value("[name=max_steps]"));
    admin.send(form, "#task", Map.of("max_steps", "", "timeout", "", "max_attempts", ""));
    api()
        .get(PROFILE + "/tasks/edited")
        .then()
        .body("settings.max_steps", equalTo(20))
        .body("settings.timeout", equalTo("PT10M"))
        .body("settings.max_attempts", equalTo(3));
    // An unchecked box is not sent, and an empty field is nothing.
    form = admin.open(HOME + "/tasks/edited/edit");
    Map<String, String> off = new HashMap<>();
    for (var field : form.one("#task").select("input[name]:not([type=radio]), textarea[name]")) {
      off.put(field.attr("name"), form.value("#task [name=" + field.attr("name") + "]"));
    }
    off.remove("enabled");
    admin.post(HOME + "/tasks/edited/edit", off);
    api().get(PROFILE + "/tasks/edited").then().body("enabled", equalTo(false));
    assertTrue(admin.open(HOME + "/tasks/edited").one("#run button.first").hasAttr("disabled"));
  }

  @Test
  void valuesThatTheFormDoesNotChangeAreKept() {
    String task =
        """
        {"runner": "openai", "openai": {"prompt": "Hi", "model": "m", "base_url": "%s", "temperature": 0.5, "seed": 7},
         "settings": {"key": "sk-a-key-of-1234", "concurrency": 2, "max_attempts": 5, "overlap": "skip", "callbacks": [
           {"url": "https://example.org/a?b=1&c=2", "events": ["run.ready", "credential.failing"], "include": ["usage"]},
           {"url": "https://example.org/d", "events": ["run.error"]}]}}
        """
            .formatted(model.url());
    api().body(task).put(PROFILE + "/tasks/rich").then().statusCode(201);
    String before = api().get(PROFILE + "/tasks/rich").asString();
    Page form = admin.open(HOME + "/tasks/rich/edit");
    Page saved = admin.send(form, "#task", Map.of());
    assertEquals(HOME + "/tasks/rich", saved.path());
    String modified = "\"modified_at\":\"[^\"]*\"";
    assertEquals(
        before.replaceFirst(modified, ""),
        api().get(PROFILE + "/tasks/rich").asString().replaceFirst(modified, ""));
    admin.send(
        admin.open(HOME + "/tasks/rich/edit"),
        "#task",
        Map.of(
            "openai.temperature",
            "",
            "openai.more",
            "{\"top_p\": 1}",
            "concurrency",
            "3",
            "overlap",
            "queue",
            "callback.1.url",
            ""));
    api()
        .get(PROFILE + "/tasks/rich")
        .then()
        .body("openai.temperature", equalTo(null))
        .body("openai.top_p", equalTo(1.0f))
        .body("settings.concurrency", equalTo(3))
        .body("settings.overlap", equalTo("queue"))
        .body("settings.callbacks.url", equalTo(List.of("https://example.org/a?b=1&c=2")));
    form = admin.open(HOME + "/tasks/rich/edit");
    for (String more : List.of("[1]", "{\"prompt\": \"x\"}", "{\"no_such\": 1}", HOSTILE)) {
      Page refused = admin.send(form, "#task", Map.of("openai.more", more));
      assertEquals(400, refused.status(), more);
      assertEquals(more, refused.value("[name=openai.more]"));
    }
  }

  @Test
  void aCostThatAProgramComputedIsKept() {
    for (double cost : new double[] {0.1 * 3, 1e-12}) {
      api()
          .body(
              Api.task("Hi", model.url(), Map.of("key", "sk-a-key-of-1234", "max_cost_usd", cost)))
          .put(PROFILE + "/tasks/computed")
          .then()
          .statusCode(lessThan(300));
      Page form = admin.open(HOME + "/tasks/computed/edit");
      assertEquals(HOME + "/tasks/computed", admin.send(form, "#task", Map.of()).path());
      String saved = api().get(PROFILE + "/tasks/computed").asString();
      assertTrue(saved.contains("\"max_cost_usd\":" + cost + ","), saved);
    }
  }

  @Test
  void whatAnotherVersionStoredInACallbackIsKept() throws Exception {
    String task =
        """
        {"runner": "openai", "openai": {"prompt": "Hi", "model": "m", "base_url": "%s"},
         "settings": {"key": "sk-a-key-of-1234", "callbacks": [
           {"url": "https://example.org/a"}, {"url": "https://example.org/b"}]}}
        """
            .formatted(model.url());
    api().body(task).put(PROFILE + "/tasks/kept").then().statusCode(201);
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          UPDATE task SET settings =
            replace(settings, '"url":"https://example.org/b"', '"pace":3,"url":"https://example.org/b"')
          WHERE name = 'kept'
          """);
    }
    Page form = admin.open(HOME + "/tasks/kept/edit");
    // The first one goes, so that the other one has its number.
    assertEquals(
        HOME + "/tasks/kept", admin.send(form, "#task", Map.of("callback.0.url", "")).path());
    api()
        .get(PROFILE + "/tasks/kept")
        .then()
        .body("settings.callbacks.url", equalTo(List.of("https://example.org/b")))
        .body("settings.callbacks[0].pace", equalTo(3));
  }

  @Test
  void whatIsTakenOutOfAFurtherSettingIsGone() {
    Map<String, Object> schema = Map.of("type", "json_schema", "json_schema", Map.of("name", "a"));
    api()
        .body(
            Map.of(
                "runner", "openai",
                "openai",
                    Map.of(
                        "prompt",
                        "Hi",
                        "model",
                        "m",
                        "base_url",
                        model.url(),
                        "response_format",
                        schema),
                "settings", Map.of("key", "sk-1")))
        .put(PROFILE + "/tasks/shaped")
        .then()
        .statusCode(201);
    Page form = admin.open(HOME + "/tasks/shaped/edit");
    admin.send(form, "#task", Map.of("openai.more", "{\"response_format\": {\"type\": \"text\"}}"));
    api()
        .get(PROFILE + "/tasks/shaped")
        .then()
        .body("openai.response_format", equalTo(Map.of("type", "text")));
  }

  @Test
  void aSchemaIsAddedChangedAndRemovedByTheForm() {
    register("shaped", "Hi");
    String schema = "{\"properties\": {\"a\": {\"enum\": [1.50, null], \"default\": null}}}";
    Page form = admin.open(HOME + "/tasks/shaped/edit");
    assertEquals("", form.value("[name=output_schema]"));
    for (String wrong : List.of("[1]", "{", "{\"type\": \"objekt\"}")) {
      Page refused = admin.send(form, "#task", Map.of("output_schema", wrong));
      assertEquals(400, refused.status(), wrong);
      assertEquals(wrong, refused.value("[name=output_schema]"));
    }
    admin.send(form, "#task", Map.of("output_schema", schema, "output_repairs", "2"));
    String task = api().get(PROFILE + "/tasks/shaped").asString();
    assertTrue(task.contains("\"output_schema\":" + schema.replace(" ", "")), task);
    assertTrue(task.contains("\"output_repairs\":2"), task);
    admin.send(admin.open(HOME + "/tasks/shaped/edit"), "#task", Map.of("output_repairs", ""));
    task = api().get(PROFILE + "/tasks/shaped").asString();
    assertTrue(task.contains("\"output_schema\":" + schema.replace(" ", "")), task);
    assertTrue(task.contains("\"output_repairs\":1"), task);
    admin.send(
        admin.open(HOME + "/tasks/shaped/edit"),
        "#task",
        Map.of("output_schema", "", "output_repairs", ""));
    task = api().get(PROFILE + "/tasks/shaped").asString();
    assertFalse(task.contains("output_"), task);
  }

  @Test
  void whatARunMustHaveDoneIsAddedChangedAndRemovedByTheForm() {
    register("hopeful", "Hi");
    String address = HOME + "/tasks/hopeful/edit";
    Page form = admin.open(address);
    assertEquals("", form.value("[name=expect_tools]"));
    for (String wrong : List.of("slack_post once", "slack_post 0", "a 1 b")) {
      Page refused = admin.send(form, "#task", Map.of("expect_tools", wrong));
      assertEquals(400, refused.status(), wrong);
      String said = refused.one("main > .message").text();
      assertTrue(said.startsWith("Tools that must have succeeded: "), said);
      assertEquals(wrong, refused.value("[name=expect_tools]"));
    }
    Page refused = admin.send(form, "#task", Map.of("expect_when", "size(<b>"));
    assertEquals(400, refused.status());
    assertTrue(refused.one("main > .message").text().startsWith("Condition: "), refused.text());
    assertEquals("size(<b>", refused.value("[name=expect_when]"));
    admin.send(
        form,
        "#task",
        Map.of("expect_tools", "slack_post 2\r\nfetch_fetch\r\n", "expect_when", " true "));
    api()
        .get(PROFILE + "/tasks/hopeful")
        .then()
        .body("settings.expect.tools", equalTo(Map.of("slack_post", 2, "fetch_fetch", 1)))
        .body("settings.expect.when", equalTo("true"));
    form = admin.open(address);
    assertEquals("slack_post 2\nfetch_fetch 1", form.value("[name=expect_tools]"));
    admin.send(form, "#task", Map.of("expect_tools", ""));
    api()
        .get(PROFILE + "/tasks/hopeful")
        .then()
        .body("settings.expect", equalTo(Map.of("when", "true")));
    admin.send(admin.open(address), "#task", Map.of("expect_when", ""));
    assertFalse(api().get(PROFILE + "/tasks/hopeful").asString().contains("expect"));
  }

  @Test
  void whatWaitsForAPersonIsAddedChangedAndRemovedByTheForm() {
    register("asking", "Hi");
    String address = HOME + "/tasks/asking/edit";
    Page form = admin.open(address);
    assertEquals("", form.value("[name=approvals]"));
    Map<String, String> wrong =
        Map.of(
            "post",
            "Approvals: must have a tool and its rule in each line, such as slack_post = always",
            "post =",
            "Approvals: must have a tool and its rule in each line, such as slack_post = always",
            "a = always\r\na = never",
            "Approvals: must have one line for a",
            "post = arguments.",
            "Approvals: post: ");
    wrong.forEach(
        (text, message) -> {
          Page refused = admin.send(form, "#task", Map.of("approvals", text));
          assertEquals(400, refused.status(), text);
          String said = refused.one("main > .message").text();
          assertTrue(said.startsWith(message), said);
          assertEquals(text.replace("\r", ""), refused.value("[name=approvals]"));
        });
    Page late = admin.send(form, "#task", Map.of("approval_deadline", "1 second"));
    assertEquals(
        "Approval deadline: must be between 1 minute and 30 days",
        late.one("main > .message").text());
    admin.send(
        form,
        "#task",
        Map.of(
            "approvals",
            " post = always\r\n\r\nget=never\r\n* = arguments.method == 'PUT'\r\n    || arguments.all",
            "approval_deadline",
            "2 hours",
            "approval_expiry",
            "fail"));
    Map<String, Object> rules =
        Map.of(
            "post",
            "always",
            "get",
            "never",
            "*",
            Map.of("when", "arguments.method == 'PUT'\n  || arguments.all"));
    api()
        .get(PROFILE + "/tasks/asking")
        .then()
        .body("settings.approvals", equalTo(rules))
        .body("settings.approval_deadline", equalTo("PT2H"))
        .body("settings.approval_expiry", equalTo("fail"));
    Page shown = admin.open(address);
    assertEquals(
        "post = always\nget = never\n* = arguments.method == 'PUT'\n    || arguments.all",
        shown.value("[name=approvals]"));
    assertEquals("fail", shown.one("[name=approval_expiry] [selected]").val());
    String before = api().get(PROFILE + "/tasks/asking").path("settings").toString();
    admin.send(shown, "#task", Map.of("prompt", "Hello"));
    assertEquals(before, api().get(PROFILE + "/tasks/asking").path("settings").toString());
    admin.send(
        admin.open(address),
        "#task",
        Map.of("approvals", "", "approval_deadline", "", "approval_expiry", ""));
    assertFalse(api().get(PROFILE + "/tasks/asking").asString().contains("approval"));
  }

  @Test
  void aTasksToolsAreTickedInItsForm() {
    api()
        .body("{\"servlet_slug\": \"errand/calc\", \"name\": \"calc\"}")
        .post(PROFILE + "/installations")
        .then()
        .statusCode(201);
    register("some", "Say it");
    Page form = admin.open(HOME + "/tasks/some/edit");
    assertEquals("all", form.one("[name=tools][checked]").val());
    assertEquals("calc", form.one(".of-choice legend").text());
    assertFalse(form.has(".of-choice [checked]"), form.text());
    admin.send(form, "#task", Map.of());
    assertNull(api().get(PROFILE + "/tasks/some").path("settings.tools"));
    Page page =
        admin.send(
            admin.open(HOME + "/tasks/some/edit"),
            "#task",
            Map.of("tools", "chosen", "tool.calc_calculate", "true"));
    assertEquals("Tools calc_calculate", page.one("#tools").text());
    api()
        .get(PROFILE + "/tasks/some")
        .then()
        .body("settings.tools", equalTo(List.of("calc_calculate")));
    api()
        .body(Map.of("settings", Map.of("tools", List.of("gone", "calc_calculate"))))
        .patch(PROFILE + "/tasks/some")
        .then()
        .statusCode(200);
    Page known = admin.open(HOME + "/tasks/some/edit");
    assertEquals(2, known.html().select(".of-choice [checked]").size());
    assertTrue(known.text().contains("No tools of the profile now gone"), known.text());
    Page warned = admin.send(known, "#task", Map.of());
    assertTrue(warned.one(".message.warned").text().contains("settings.tools names [gone]"));
    api()
        .get(PROFILE + "/tasks/some")
        .then()
        .body("settings.tools", equalTo(List.of("gone", "calc_calculate")));
    admin.send(admin.open(HOME + "/tasks/some/edit"), "#task", Map.of("tools", "all"));
    assertNull(api().get(PROFILE + "/tasks/some").path("settings.tools"));
    assertFalse(admin.open(HOME + "/tasks/some").has("#tools"));
  }

  @Test
  void thePageOfATaskShowsWhichCallsWaitAndWarnsOfRulesOfNoTool() {
    register("ruled", "Hi");
    assertFalse(admin.open(HOME + "/tasks/ruled").has("#approvals"));
    api()
        .body(
            Map.of(
                "settings",
                Map.of(
                    "approvals",
                    Map.of("chat_post", Map.of("when", "arguments.text == ''")),
                    "approval_deadline",
                    "PT4H",
                    "approval_expiry",
                    "fail")))
        .patch(PROFILE + "/tasks/ruled")
        .then()
        .statusCode(200);
    Page task = admin.open(HOME + "/tasks/ruled");
    assertEquals(
        "chat_post: {\"when\":\"arguments.text == ''\"}", task.one("#approvals code").text());
    assertEquals(
        "4 hours; then the run fails", task.one("dt:contains(Time to decide) + dd").text());
    assertTrue(task.one(".message.warned").text().contains("rules for [chat_post]"), task.text());
  }

  @Test
  void onlyOwnersLetCallsBeMadeThatNobodyDecidedAbout() {
    register("asking", "Hi");
    String address = HOME + "/tasks/asking/edit";
    Browser editor = new Browser(OtherUser.named("tasks-editor", database).session());
    api().body(Map.of("role", "editor")).put(PROFILE + "/members/tasks-editor");
    Page form = editor.open(address);
    assertFalse(form.has("[name=approval_expiry] [value=approve]"));
    Page refused = editor.send(form, "#task", Map.of("approval_expiry", "approve"));
    assertEquals(403, refused.status());
    assertFalse(api().get(PROFILE + "/tasks/asking").asString().contains("approval_expiry"));
    admin.send(admin.open(address), "#task", Map.of("approval_expiry", "approve"));
    // An editor who changes something else leaves it.
    Page saved = editor.send(editor.open(address), "#task", Map.of("prompt", "Hello"));
    assertEquals(200, saved.status(), saved.text());
    api()
        .get(PROFILE + "/tasks/asking")
        .then()
        .body("settings.approval_expiry", equalTo("approve"))
        .body("openai.prompt", equalTo("Hello"));
  }

  @Test
  void aCallbackThatIsAddedShowsItsSecretOnce() {
    register("told", "Hi");
    Page form = admin.open(HOME + "/tasks/told/edit");
    Page refused =
        admin.send(form, "#task", Map.of("callback.0.url", "https://x.example/\"><img>#f"));
    assertEquals(400, refused.status());
    assertEquals("https://x.example/\"><img>#f", refused.one("[name=callback.0.url]").val());
    Page saved =
        admin.send(
            form,
            "#task",
            Map.of("callback.0.url", "https://example.org/h", "callback.0.output", "true"));
    assertEquals(200, saved.status());
    assertTrue(saved.one(".said input").val().startsWith("whsec_"), saved.text());
    assertEquals(HOME + "/tasks/told/edit", saved.one("#task").attr("action"));
    assertTrue(saved.one("[name=callback.0.output]").hasAttr("checked"));
    assertFalse(admin.open(HOME + "/tasks/told/edit").answer().asString().contains("whsec_"));
    api()
        .get(PROFILE + "/tasks/told")
        .then()
        .body("settings.callbacks[0].events", equalTo(List.of("run.ready", "run.error")))
        .body("settings.callbacks[0].include", equalTo(List.of("output")));
  }

  @Test
  void aTaskWithANewCallbackIsTriedBesideItsFormAndItsSecret() {
    Map<String, String> fields = filled("tried-and-told");
    fields.put("prompt", "Say hello.");
    fields.put("callback.0.url", "https://example.org/h");
    fields.put("then", "run");
    Page saved = admin.send(admin.open(HOME + "/new-task"), "#task", fields);
    assertEquals(200, saved.status());
    assertTrue(saved.one(".said input").val().startsWith("whsec_"), saved.text());
    // With scripts, it has this address.
    String here = saved.one("[data-here]").attr("data-here");
    assertTrue(here.startsWith(HOME + "/tasks/tried-and-told/edit?run="), here);
    String run = saved.one("#trial h2 a").attr("href");
    assertTrue(run.startsWith(HOME + "/tasks/tried-and-told/runs/"), run);
    assertEquals(run, saved.one(".said a[href*=runs]").attr("href"));
    Eventually.await(
        "the answer", () -> admin.open(here).html().select("#trial pre").text().equals("Fine."));
    assertEquals(HOME + "/tasks/tried-and-told/edit", saved.one("#task").attr("action"));
  }

  @Test
  void aProviderIsChosenAndItsModelsAreListed() {
    String provider = "/api/users/~/providers/chosen";
    api()
        .body(
            Map.of(
                "runner", "openai",
                "openai", Map.of("model", "usual", "base_url", model.url()),
                "settings", Map.of("key", "sk-of-a-provider-99")))
        .put(provider)
        .then()
        .statusCode(201);
    register("moved", "Hi");
    try {
      model.catalog(request -> ScriptedModel.models(List.of("usual", HOSTILE)));
      String list =
          admin
              .at(HOME + "/models?provider=admin/chosen")
              .then()
              .statusCode(200)
              .extract()
              .asString();
      assertTrue(list.contains("<option value=\"usual\">"), list);
      assertFalse(list.contains("<script>"), list);
      model.catalog(request -> ScriptedModel.error(503, "x", HOSTILE));
      assertTrue(
          admin.at(HOME + "/models?provider=admin/nowhere").asString().contains("no provider"));
      assertFalse(admin.at(HOME + "/models?provider=other/chosen").asString().contains("option"));
      Page form = admin.open(HOME + "/tasks/moved/edit");
      Page moved = admin.send(form, "#task", Map.of("provider", "admin/chosen", "model", ""));
      assertEquals(HOME + "/tasks/moved", moved.path(), moved.text());
      assertTrue(moved.one(".facts").text().contains("admin/chosen"), moved.text());
      assertTrue(moved.one(".facts").text().contains("usual"), moved.text());
      form = admin.open(HOME + "/tasks/moved/edit");
      assertEquals("admin/chosen", form.one("[name=provider] [selected]").val());
      Page refused =
          admin.send(form, "#task", Map.of("provider", "", "model", "m", "base_url", model.url()));
      assertEquals(400, refused.status());
      assertTrue(refused.one(".message").text().contains("key"), refused.text());
      admin.send(refused, "#task", Map.of("key", "sk-a-key-of-7777", "base_url", model.url()));
      api()
          .get(PROFILE + "/tasks/moved")
          .then()
          .body("provider", equalTo(null))
          .body("openai.model", equalTo("m"))
          .body("settings.key_hint", equalTo("…7777"));
      form = admin.open(HOME + "/tasks/moved/edit");
      Page unknown = admin.send(form, "#task", Map.of("provider", "\"><script>"));
      assertEquals(400, unknown.status());
      assertEquals("\"><script>", unknown.one("[name=provider] [selected]").val());
    } finally {
      api().delete(provider + "?force=true");
    }
  }

  @Test
  void aTaskIsTriedBesideItsForm() {
    Page form = admin.open(HOME + "/new-task");
    Map<String, String> fields = filled("tried");
    fields.put("prompt", "Say {{ what }} {{#loud}}!{{/loud}}");
    fields.put("show", "parameters");
    Page found = admin.send(form, "#task", fields);
    assertEquals(200, found.status());
    assertEquals(
        List.of("p.what", "p.loud", "others"),
        found.html().select("#parameters textarea").eachAttr("name"));
    fields.put("prompt", "{{#open}}" + HOSTILE);
    Page wrong = admin.send(form, "#task", fields);
    assertEquals(200, wrong.status());
    assertTrue(wrong.one("#parameters .message").text().contains("Mustache"), wrong.text());
    assertEquals(fields.get("prompt"), wrong.value("[name=prompt]"));

    fields.put("prompt", "Say {{ what }}");
    fields.put("show", "preview");
    Page lacking = admin.send(form, "#task", fields);
    assertTrue(lacking.one("#parameters .message").text().contains("what"), lacking.text());
    fields.put("p.what", HOSTILE);
    Page preview = admin.send(lacking, "#task", fields);
    assertEquals("Say " + HOSTILE, preview.one("#trial h2:contains(Prompt) + pre").wholeText());
    assertTrue(preview.one("#trial section code").text().startsWith("POST " + model.url()));
    assertFalse(preview.answer().asString().contains(fields.get("key")));
    assertEquals(HOSTILE, preview.value("[name=p.what]"));
    assertEquals(0, model.requests().size());
    api().get(PROFILE + "/tasks/tried").then().statusCode(404);

    fields.remove("show");
    fields.put("then", "run");
    fields.remove("p.what");
    fields.put("prompt", "Say {{ what }} {{#loud}}!{{/loud}}");
    Page unsaid = admin.send(form, "#task", fields);
    assertEquals(400, unsaid.status());
    String refusal = unsaid.one("main > .message").text();
    assertTrue(refusal.startsWith("Nothing is saved or started yet: fill in what"), refusal);
    assertEquals(0, model.requests().size());
    api().get(PROFILE + "/tasks/tried").then().statusCode(404);
    fields.put("p.what", "yes");
    fields.put("others", "[1]");
    Page unrun = admin.send(unsaid, "#task", fields);
    assertEquals(400, unrun.status());
    assertTrue(
        unrun.one("main > .message").text().contains("saved, but was not run"), unrun.text());
    Page tried = admin.send(unrun, "#task", Map.of("others", "", "then", "run"));
    assertTrue(tried.path().startsWith(HOME + "/tasks/tried/edit?run="), tried.path());
    Eventually.await(
        "the end of the run",
        () -> admin.open(tried.path()).one("#trial .status").text().equals("done"));
    assertEquals("Fine.", admin.open(tried.path()).one("#trial pre").text());
    assertEquals("yes", tried.value("[name=p.what]"));
  }

  @Test
  void aTaskIsNotTriedWithEmptyParameters() {
    register("unfilled", "Hello");
    Page unasked = admin.open(HOME + "/tasks/unfilled/edit");
    Map<String, String> fields = new HashMap<>();
    fields.put("prompt", "Hello {{ a }} and {{ b }}, {{ c }} {{#d}}!{{/d}}");
    fields.put("timeout", "7 minutes");
    fields.put("show", "parameters");
    Page form = admin.send(unasked, "#task", fields);
    fields.putAll(Map.of("p.a", "", "p.b", "", "p.c", "you", "p.d", ""));
    fields.put("show", "preview");
    Page preview = admin.send(form, "#task", fields);
    assertEquals("Not filled in: a, b.", preview.one("#trial .message").text());
    fields.remove("show");
    fields.put("then", "run");
    Page refused = admin.send(form, "#task", fields);
    assertEquals(400, refused.status());
    assertEquals(
        "Nothing is saved or started yet: fill in a, b to run it.",
        refused.one("main > .message").text());
    assertEquals("7 minutes", refused.one("[name=timeout]").val());
    assertEquals("you", refused.value("[name=p.c]"));
    assertEquals(fields.get("prompt"), refused.value("[name=prompt]"));
    api().get(PROFILE + "/tasks/unfilled/runs").then().body("runs", equalTo(List.of()));
    api().get(PROFILE + "/tasks/unfilled").then().body("openai.prompt", equalTo("Hello"));
  }

  @Test
  void aFormThatIsRefusedKeepsWhatWasFilledIn() {
    Page form = admin.open(HOME + "/new-task");
    Map<Map<String, String>, String> wrong =
        Map.of(
            Map.of("name", "a b"), "a task's name is",
            Map.of("max_steps", "many"), "must be a whole number",
            Map.of("timeout", "soon"),
                "Time: must be a duration, in whole numbers such as 15 minutes",
            Map.of("watch.ready_every", "nonsense"), "A run done every: must be a duration",
            Map.of("watch.ends_within", "nonsense"), "Runs end within: must be a duration",
            Map.of("output_repairs", "9"), "Repairs: ",
            Map.of("output_schema", "[]"), "JSON Schema of the answer: ",
            Map.of("prompt", "{{#open}}"), "Mustache",
            Map.of("base_url", "ftp://x"), "Server: ");
    wrong.forEach(
        (fields, said) -> {
          Map<String, String> all = filled("kept");
          all.putAll(fields);
          Page refused = admin.send(form, "#task", all);
          assertEquals(400, refused.status(), said);
          assertTrue(refused.one("main > .message").text().contains(said), refused.text());
          assertEquals(all.get("prompt"), refused.value("[name=prompt]"));
          assertEquals(all.get("name"), refused.one("[name=name]").val());
          // A key is never sent back.
          assertTrue(refused.text().contains("Enter keys and other secrets again"), said);
          assertEquals("", refused.one("[name=key]").val());
        });
    register("taken", "x");
    assertEquals(409, admin.send(form, "#task", filled("taken")).status());
  }

  @Test
  void aNewTaskHasTheRunnerThatWasChosen() {
    Page form = admin.open(HOME + "/new-task");
    Map<String, String> fields = filled("of-another");
    fields.put("runner", "anthropic");
    fields.put("anthropic.max_tokens", "0");
    Page refused = admin.send(form, "#task", fields);
    assertEquals(400, refused.status());
    assertEquals("anthropic", refused.one("[name=runner][checked]").val());
    fields.put("anthropic.max_tokens", "9");
    Page made = admin.send(refused, "#task", fields);
    assertFalse(made.has("[name=runner]"), made.text());
    api()
        .get(PROFILE + "/tasks/of-another")
        .then()
        .body("runner", equalTo("anthropic"))
        .body("anthropic.max_tokens", equalTo(9));
  }

  @Test
  void parametersAreCheckedAndKept() {
    register("needs", "{{ a }} {{ b.c }} {{#d}}{{ d }}{{/d}}");
    Page task = admin.open(HOME + "/tasks/needs");
    assertEquals(
        List.of("p.a", "p.b", "p.d", "others"),
        task.html().select("#run textarea").eachAttr("name"));
    Page refused = admin.send(task, "#run", Map.of("p.a", HOSTILE, "p.b", "no object"));
    assertEquals(400, refused.status());
    assertEquals(HOSTILE, refused.value("[name=p.a]"));
    assertEquals(
        400, admin.send(task, "#run", Map.of("p.a", "x", "p.b", "x", "others", "[1]")).status());
    // As when the page that refused is reloaded by its address, or after a sign-in.
    assertEquals(HOME + "/tasks/needs", admin.open(refused.path()).path());
    Page run =
        admin.send(
            refused, "#run", Map.of("p.b", "{\"c\": 1}", "p.d", "true", "others", "{\"e\": [2]}"));
    assertTrue(run.path().contains("/runs/"), run.path());
    api()
        .get(PROFILE + "/runs")
        .then()
        .body("[0].parameters.a", equalTo(HOSTILE))
        .body("[0].parameters.b.c", equalTo(1))
        .body("[0].parameters.d", equalTo(true))
        .body("[0].parameters.e", equalTo(List.of(2)));
  }

  @Test
  void formsAreForThoseWhoMaySendThem() {
    register("shared", "Hello");
    for (String role : List.of("viewer", "runner", "editor")) {
      share(role);
      Browser browser = member(role);
      boolean mayRun = !role.equals("viewer");
      boolean mayEdit = role.equals("editor");
      Page task = browser.open(HOME + "/tasks/shared");
      assertEquals(mayRun, task.has("#run"), role);
      assertEquals(mayEdit, task.has("a[href$=/edit]"), role);
      assertEquals(mayEdit, browser.open(HOME + "/tasks").has("a[href$=/new-task]"), role);
      assertEquals(mayEdit ? 200 : 403, browser.open(HOME + "/new-task").status(), role);
      assertEquals(mayEdit ? 200 : 403, browser.open(HOME + "/tasks/shared/edit").status(), role);
      String ticket = task.html().select("[name=ticket]").val();
      Map<String, String> fields = filled("by-" + role);
      fields.put("ticket", ticket);
      fields.put("enabled", "true");
      assertEquals(mayEdit ? 200 : 403, browser.post(HOME + "/new-task", fields).status(), role);
      assertEquals(
          mayEdit ? 200 : 403, browser.post(HOME + "/tasks/shared/edit", fields).status(), role);
      assertEquals(
          mayRun ? 200 : 403,
          browser
              .post(HOME + "/tasks/shared/run", Map.of("ticket", ticket, "p.what", "x"))
              .status(),
          role);
    }
    Browser stranger = member("stranger");
    for (String path : List.of("", "/tasks", "/tasks/shared", "/tasks/shared/edit", "/new-task")) {
      assertEquals(404, stranger.open(HOME + path).status(), path);
      assertTrue(new Browser(null).open(HOME + path).path().startsWith("/sign-in?return="), path);
    }
    for (String path : List.of("/new-task", "/tasks/shared/edit", "/tasks/shared/run")) {
      assertEquals(403, admin.post(HOME + path, filled("forged")).status(), path);
      assertEquals("/sign-in", new Browser(null).post(HOME + path, Map.of()).path(), path);
    }
  }

  @Test
  void aWatchIsSetByTheFormAndShownWhenItIsMissed() throws Exception {
    Page form = admin.open(HOME + "/new-task");
    Map<String, String> fields = filled("watched");
    fields.put("watch.ready_every", "PT25H");
    fields.put("watch.errors_in_a_row", "many");
    Page refused = admin.send(form, "#task", fields);
    assertTrue(refused.text().contains("must be a whole number"), refused.text());
    assertEquals("PT25H", refused.value("[name=watch.ready_every]"));
    fields.put("watch.errors_in_a_row", "3");
    Page task = admin.send(form, "#task", fields);
    assertTrue(
        task.text().contains("a run done every 1 day and 1 hour, fewer failures in a row than 3"),
        task.text());
    assertEquals(0, task.html().select("[role=alert]").size());

    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          UPDATE task_watch SET missed_at = now(), missed_since = now(), sentence = 'No <b>run</b>.',
            due_at = now() + interval '30 minutes'
          WHERE condition = 'ready_every'
            AND task_id = (SELECT id FROM task WHERE name = 'watched' AND deleted_at IS NULL)
          """);
    }
    Page missed = admin.open(HOME + "/tasks/watched");
    assertTrue(missed.one("[role=alert] .status.error").text().startsWith("Missed since "));
    assertTrue(missed.one("[role=alert]").text().endsWith("No <b>run</b>."));
    Page list = admin.open(HOME + "/tasks");
    assertEquals("missed", list.one("td.lead .status.error").text());

    Page edit = admin.open(HOME + "/tasks/watched" + "/edit");
    assertEquals("3", edit.value("[name=watch.errors_in_a_row]"));
    assertEquals("1 day 1 hour", edit.value("[name=watch.ready_every]"));
    admin.send(edit, "#task", Map.of("watch.errors_in_a_row", "", "watch.ends_within", "PT10M"));
    String watch = "settings.watch";
    api()
        .get(PROFILE + "/tasks/watched")
        .then()
        .body(watch, equalTo(Map.of("ready_every", "PT25H", "ends_within", "PT10M")));
    Page again = admin.open(HOME + "/tasks/watched" + "/edit");
    assertEquals("10 minutes", again.value("[name=watch.ends_within]"));
    admin.send(again, "#task", Map.of("watch.ready_every", "", "watch.ends_within", ""));
    api().get(PROFILE + "/tasks/watched").then().body(watch, equalTo(null));
  }
}
