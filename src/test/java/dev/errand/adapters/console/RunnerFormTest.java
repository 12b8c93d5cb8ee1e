package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.HostedService;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Forms of tasks and providers in a service with the runners of two vendors. */
@QuarkusTest
@TestProfile(HostedService.class)
@QuarkusTestResource(TestDatabase.class)
class RunnerFormTest {
  private static final String PROFILE = "/api/profiles/~/two-vendors";
  private static final String TASK = PROFILE + "/tasks/counted";
  private static final String PROVIDER = PROFILE + "/providers/counter";
  private static final String HOME = "/console/admin/two-vendors";
  private static final String EDIT = HOME + "/tasks/counted/edit";
  private static final String SERVER = "http://127.0.0.1:9/v9";

  @Inject Sql sql;

  private final Browser admin = new Browser(Api.SESSION);

  @BeforeEach
  void aProfile() {
    api().body("{}").post(PROFILE).then().statusCode(201);
  }

  @AfterEach
  void tidyUp() {
    api().delete(PROFILE + "?force=true").then().statusCode(204);
  }

  private static Map<String, String> filled() {
    Map<String, String> fields = new HashMap<>();
    fields.put("name", "counted");
    fields.put("prompt", "Count");
    fields.put("model", "m1");
    fields.put("key", "a-key-of-1234");
    fields.put("abacus.beads", "9");
    fields.put("abacus.frame.wood", "pine");
    fields.put("openai.temperature", "0.5");
    fields.put("openai.more", "{\"seed\": 7}");
    return fields;
  }

  private static void register(Map<String, Object> own) {
    Map<String, Object> settings = new HashMap<>(own);
    settings.put("prompt", "Count");
    settings.put("model", "m1");
    api()
        .body(
            Map.of(
                "runner", "abacus", "abacus", settings, "settings", Map.of("key", "a-key-of-1234")))
        .put(TASK)
        .then()
        .statusCode(201);
  }

  private static void provide() {
    api()
        .body(
            Map.of(
                "runner", "abacus",
                "abacus", Map.of("model", "m2", "beads", 5, "frame", Map.of("nails", 4)),
                "settings", Map.of("key", "a-key-of-1234")))
        .put(PROVIDER)
        .then()
        .statusCode(201);
  }

  private static List<String> chosen(Page page) {
    return page.html().select("[name=runner][checked]").eachAttr("value");
  }

  @Test
  void aRunnerIsChosenAndOnlyItsSettingsCount() {
    Page form = admin.open(HOME + "/new-task");
    assertTrue(
        form.html()
            .select("[name=runner]")
            .eachAttr("value")
            .containsAll(List.of("abacus", "openai")));
    assertEquals(List.of(), chosen(form));
    assertTrue(form.text().contains("Turns of the abacus"), form.text());
    assertEquals(
        List.of("oak", "ash"),
        form.html().select("[id=abacus.frame.wood-values] option").eachAttr("value"));
    Page refused = admin.send(form, "#task", filled());
    assertEquals(400, refused.status());
    assertTrue(
        refused.one("main > .message").text().startsWith("Runner: must be abacus or "),
        refused.text());
    filled()
        .forEach(
            (name, value) -> {
              if (!name.equals("key")) {
                assertEquals(value, refused.value("[name=" + name + "]"), name);
              }
            });
    Page saved = admin.send(refused, "#task", Map.of("runner", "abacus", "key", "a-key-of-1234"));
    assertEquals(HOME + "/tasks/counted?registered=true", saved.path(), saved.text());
    assertTrue(saved.one(".facts").text().contains("abacus"), saved.text());
    api()
        .get(TASK)
        .then()
        .body("runner", equalTo("abacus"))
        .body("abacus.beads", equalTo(9))
        .body("abacus.frame", equalTo(Map.of("wood", "pine")))
        .body("abacus", not(hasKey("flow")))
        .body("$", not(hasKey("openai")));
  }

  @Test
  void aWrongSettingIsNamedAsInRequests() {
    Page form = admin.open(HOME + "/new-task");
    Map<Map<String, String>, String> wrong =
        Map.of(
            Map.of("abacus.beads", "many"), "abacus.beads: must be a whole number",
            Map.of("abacus.beads", "5000000000"), "abacus.beads: must be a whole number",
            Map.of("abacus.beads", "0"), "abacus.beads: must be 1 or more",
            Map.of("abacus.flow", "perhaps"), "abacus.flow: must be true or false",
            Map.of("abacus.more", "[]"), "Further settings of abacus: must be a JSON object",
            Map.of("abacus.more", "{\"frame\": {\"wood\": \"elm\"}}"),
                "Further settings of abacus: must not have frame.wood, which has a field",
            Map.of("abacus.more", "{\"frame\": 1}"), "Further settings of abacus: must be",
            Map.of("abacus.more", "{\"bead\": 1}"), "abacus.bead is not a known field",
            Map.of("runner", "openai", "openai.temperature", "hot"),
                "openai.temperature: must be a number such as 0.5",
            Map.of("runner", "openai", "openai.temperature", "3"),
                "openai.temperature: must be between 0 and 2");
    wrong.forEach(
        (fields, said) -> {
          Map<String, String> all = filled();
          all.put("runner", "abacus");
          all.putAll(fields);
          Page refused = admin.send(form, "#task", all);
          assertEquals(400, refused.status(), said);
          assertTrue(refused.one("main > .message").text().startsWith(said), refused.text());
          assertEquals(List.of(all.get("runner")), chosen(refused));
        });
    String ticket = form.value("#task [name=ticket]");
    for (String hostile : List.of("settings", "runner", "\"><script>")) {
      Map<String, String> all = filled();
      all.put("ticket", ticket);
      all.put("runner", hostile);
      Page refused = admin.post(HOME + "/new-task", all);
      assertEquals(400, refused.status(), hostile);
      assertTrue(refused.text().contains("Runner: must be abacus or "), refused.text());
    }
    Map<String, String> previewed = filled();
    previewed.put("show", "preview");
    Page preview = admin.send(form, "#task", previewed);
    assertTrue(preview.one("#parameters .message").text().startsWith("Runner: "), preview.text());
  }

  @Test
  void whatTheFormDoesNotShowStays() {
    register(
        Map.of(
            "beads",
            9,
            "flow",
            false,
            "frame",
            Map.of("wood", "oak", "nails", Map.of("of", "iron"))));
    String modified = "\"modified_at\":\"[^\"]*\"";
    String before = api().get(TASK).asString().replaceFirst(modified, "");
    Page form = admin.open(EDIT);
    assertEquals(List.of("abacus"), chosen(form));
    assertEquals("9", form.value("[name=abacus.beads]"));
    assertEquals("oak", form.value("[name=abacus.frame.wood]"));
    assertEquals("false", form.one("[name=abacus.flow] [selected]").val());
    assertEquals("", form.value("[name=base_url]"));
    assertEquals(
        "{\"frame\":{\"nails\":{\"of\":\"iron\"}}}",
        form.value("[name=abacus.more]").replaceAll("\\s", ""));
    admin.send(form, "#task", Map.of());
    assertEquals(before, api().get(TASK).asString().replaceFirst(modified, ""));
    assertFalse(
        sql.statement("SELECT runner_settings FROM task WHERE name = 'counted'")
            .one(row -> row.text("runner_settings"))
            .contains("base_url"));

    admin.send(admin.open(EDIT), "#task", Map.of("abacus.frame.wood", "ash", "abacus.flow", ""));
    api()
        .get(TASK)
        .then()
        .body("abacus.frame", equalTo(Map.of("wood", "ash", "nails", Map.of("of", "iron"))))
        .body("abacus", not(hasKey("flow")))
        .body("abacus.beads", equalTo(9));
    admin.send(admin.open(EDIT), "#task", Map.of("abacus.more", "", "abacus.beads", ""));
    api()
        .get(TASK)
        .then()
        .body("abacus.frame", equalTo(Map.of("wood", "ash")))
        .body("abacus", not(hasKey("beads")));

    // A page of a version without these fields may still be open.
    Map<String, String> older =
        Map.of(
            "ticket",
            form.value("#task [name=ticket]"),
            "prompt",
            "Other",
            "model",
            "m1",
            "more",
            "");
    admin.post(EDIT, older);
    api()
        .get(TASK)
        .then()
        .body("abacus.prompt", equalTo("Other"))
        .body("abacus.frame", equalTo(Map.of("wood", "ash")));
  }

  @Test
  void theRunnerOfATaskIsChanged() {
    register(Map.of("beads", 9));
    Map<String, String> other = Map.of("runner", "openai", "openai.reasoning_effort", "low");
    Page refused = admin.send(admin.open(EDIT), "#task", other);
    assertEquals(400, refused.status());
    assertTrue(refused.one("main > .message").text().contains("key"), refused.text());
    assertEquals(List.of("openai"), chosen(refused));
    assertEquals("9", refused.value("[name=abacus.beads]"));
    assertEquals("low", refused.value("[name=openai.reasoning_effort]"));
    Page saved = admin.send(refused, "#task", Map.of("key", "sk-another"));
    assertEquals(HOME + "/tasks/counted", saved.path(), saved.text());
    api()
        .get(TASK)
        .then()
        .body("runner", equalTo("openai"))
        .body("openai.reasoning_effort", equalTo("low"))
        .body("openai.base_url", equalTo(HostedService.CONFIGURED))
        .body("$", not(hasKey("abacus")));
  }

  @Test
  void theRunnerOfATaskWithAProviderIsTheProviders() {
    provide();
    Page form = admin.open(HOME + "/new-task");
    String slug = "admin/two-vendors/counter";
    assertEquals("abacus", form.one("[name=provider] [value=" + slug + "]").attr("data-runner"));
    Map<String, String> fields = filled();
    fields.put("provider", slug);
    fields.put("runner", "openai");
    fields.put("key", "");
    fields.put("model", "");
    fields.put("base_url", SERVER);
    Page saved = admin.send(form, "#task", fields);
    assertEquals(HOME + "/tasks/counted?registered=true", saved.path(), saved.text());
    api()
        .get(TASK)
        .then()
        .body("runner", equalTo("abacus"))
        .body("provider", equalTo(slug))
        .body("abacus.beads", equalTo(9))
        .body("abacus", not(hasKey("base_url")));
    assertEquals(List.of("abacus"), chosen(admin.open(EDIT)));

    fields.put("provider", "admin/two-vendors/nobody");
    fields.put("name", "other");
    Page refused = admin.send(form, "#task", fields);
    assertEquals(400, refused.status());
    assertTrue(refused.one("main > .message").text().contains("nobody"), refused.text());
    assertEquals(List.of("openai"), chosen(refused));
  }

  @Test
  void aProviderIsMadeAndChangedWithItsRunner() {
    String providers = HOME + "/settings/providers";
    Page form = admin.open(providers + "/profile");
    assertEquals(List.of(), chosen(form));
    Map<String, String> fields = new HashMap<>();
    fields.put("name", "counter");
    fields.put("model", "m2");
    fields.put("key", "a-key-of-1234");
    fields.put("abacus.beads", "5");
    Page refused = admin.send(form, "#provider", fields);
    assertEquals(400, refused.status());
    assertTrue(refused.text().contains("Runner: must be abacus or "), refused.text());
    assertEquals("5", refused.value("[name=abacus.beads]"));
    Page made =
        admin.send(refused, "#provider", Map.of("runner", "abacus", "key", "a-key-of-1234"));
    assertEquals(providers + "/profile/counter", made.path(), made.text());
    assertEquals(List.of("abacus"), chosen(made));
    assertEquals("", made.value("[name=base_url]"));
    assertTrue(admin.open(providers).one("[data-name=Runner]").text().equals("abacus"));
    api().get(PROVIDER).then().body("abacus.beads", equalTo(5));

    api().delete(PROVIDER).then().statusCode(204);
    provide();
    Page changed =
        admin.send(
            admin.open(providers + "/profile/counter"),
            "#provider",
            Map.of("abacus.frame.wood", "ash", "abacus.beads", ""));
    assertEquals(providers, changed.path(), changed.text());
    api()
        .get(PROVIDER)
        .then()
        .body("abacus.frame", equalTo(Map.of("wood", "ash", "nails", 4)))
        .body("abacus", not(hasKey("beads")))
        .body("settings.key_hint", equalTo("…"));

    api()
        .body("{\"provider\": \"admin/two-vendors/counter\", \"abacus\": {\"prompt\": \"Count\"}}")
        .put(TASK)
        .then()
        .statusCode(201);
    Page inUse =
        admin.send(
            admin.open(providers + "/profile/counter"),
            "#provider",
            Map.of("runner", "openai", "key", "sk-another"));
    assertEquals(409, inUse.status());
    assertEquals(List.of("openai"), chosen(inUse));
    api().delete(TASK + "?force=true").then().statusCode(204);
    admin.send(inUse, "#provider", Map.of("key", "sk-another"));
    api()
        .get(PROVIDER)
        .then()
        .body("runner", equalTo("openai"))
        .body("openai.base_url", equalTo(HostedService.CONFIGURED));
  }

  @Test
  void aRunnerOfANewerVersionIsShownAndStays() {
    register(Map.of("beads", 9));
    sql.statement("UPDATE task SET runner = 'sundial' WHERE name = 'counted'").run();
    Page form = admin.open(EDIT);
    assertEquals(List.of("sundial"), chosen(form));
    assertEquals("{\"beads\":9}", form.value("[name=sundial.more]").replaceAll("\\s", ""));
    assertFalse(form.has("[name=sundial.beads]"));
    Page saved = admin.send(form, "#task", Map.of("max_steps", "7"));
    assertEquals(HOME + "/tasks/counted", saved.path(), saved.text());
    api()
        .get(TASK)
        .then()
        .body("runner", equalTo("sundial"))
        .body("sundial.beads", equalTo(9))
        .body("settings.max_steps", equalTo(7));
  }
}
