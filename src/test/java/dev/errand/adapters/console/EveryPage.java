package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Opens each page of the console, of a profile that has something to show on it. */
public final class EveryPage {
  private static final String PROFILE = "/api/profiles/~/shown";
  private static final String HOME = "/console/admin/shown";
  private static final String OF_ADMIN = "/api/users/admin/budgets/shown";

  /** Addresses of pages, under that of a profile's home. */
  public static final List<String> ADDRESSES =
      List.of(
          "",
          "/runs",
          "/runs?status=error",
          "/runs?code=timeout",
          "/runs?task=task-0",
          "/runs?parent=task-0/one",
          "/approvals",
          "/approvals?status=any",
          "/tasks/waiting/runs/one",
          "/tasks",
          "/tasks/task-0",
          "/tasks/task-0/edit",
          "/new-task",
          "/tasks/task-0/runs/one",
          "/tasks/task-0/compare?run=one",
          "/tasks/task-0/compare?run=one&run=two",
          "/tasks/task-0/runs/one/entries/1",
          "/schedules",
          "/calendar",
          "/new-schedule",
          "/tasks/task-0/schedules/daily",
          "/tasks/task-0/schedules/daily/edit",
          "/triggers",
          "/new-trigger",
          "/tasks/task-0/triggers/issues",
          "/tasks/task-0/triggers/issues/edit",
          "/callbacks",
          "/notices",
          "/new-channel",
          "/new-notice?task=task-0",
          "/channels/team",
          "/channels/team/edit",
          "/notices/told",
          "/notices/told/edit",
          "/tools",
          "/tools/calc",
          "/tools/calc/edit",
          "/tools/calc/try?tool=calculate",
          "/tools/calc/approvals",
          "/tools/calc/choice",
          "/servlets",
          "/servlets/errand/fetch",
          "/publish",
          "/install/errand/json",
          "/install-server",
          "/usage",
          "/budgets",
          "/new-budget",
          "/budgets/monthly",
          "/budgets/monthly/edit",
          "/budgets/daily",
          "/budgets/each",
          "/profiles",
          "/settings",
          "/settings/profile",
          "/settings/members",
          "/settings/sessions",
          "/settings/tokens",
          "/settings/grants",
          "/settings/providers",
          "/settings/providers/profile",
          "/settings/providers/profile/vendor",
          "/settings/users",
          "/settings/users/admin",
          "/settings/users/admin/budgets",
          "/settings/users/admin/new-budget",
          "/settings/users/admin/budgets/shown",
          "/settings/users/admin/budgets/shown/edit",
          "/settings/audit",
          "/settings/service");

  /** Addresses of pages that have an id of the first thing in a list of the API. */
  static final Map<String, String> OF_FIRST =
      Map.of(
          "/approvals/%s", "/approvals?status=open",
          "/tasks/waiting/callbacks/%s", "/tasks/waiting/callbacks",
          "/tasks/task-0/triggers/delivered/deliveries/%s",
              "/tasks/task-0/triggers/delivered/deliveries");

  private EveryPage() {}

  /** Opens them all, and saves a task by its form. */
  public static void open() {
    try (ScriptedModel model = new ScriptedModel()) {
      fill(PROFILE, model);
      Browser admin = new Browser(Api.SESSION);
      for (String address : addresses(PROFILE)) {
        Page page = admin.open(HOME + address);
        assertEquals(200, page.status(), () -> address + ": " + page.text());
        // What templates write for a function that does not take the type of a value.
        assertFalse(page.text().contains("NOT_FOUND"), () -> address + ": " + page.text());
      }
      Page form = admin.open(HOME + "/tasks/task-0/edit");
      Page saved = admin.send(form, "form[action$=/edit]", Map.of("prompt", "Say {{ url }}."));
      assertEquals(200, saved.status(), saved.text());
      assertEquals(
          "Say {{ url }}.",
          api().get(PROFILE + "/tasks/task-0").jsonPath().getString("openai.prompt"));
    } finally {
      empty(PROFILE);
    }
  }

  /** Makes a profile that has what the pages show. */
  public static void fill(String profile, ScriptedModel model) {
    model.script(
        request ->
            request.size() < 2
                ? call("c1", "calc_calculate", "{\"expression\": \"6 * 7\"}")
                : say("# Answer\n\nIt is **42**."));
    api().body("{}").post(profile).then().statusCode(201);
    api()
        .body("{\"servlet_slug\": \"errand/calc\", \"name\": \"calc\"}")
        .post(profile + "/installations")
        .then()
        .statusCode(201);
    register(profile, "task-0", model);
    put(
        profile + "/tasks/task-0/schedules/daily",
        "{\"cron\": \"30 9 * * *\", \"timezone\": \"UTC\", \"parameters\": {\"url\": \"x\"}}");
    put(profile + "/tasks/task-0/triggers/issues", "{\"scheme\": \"github\"}");
    put(profile + "/tasks/task-0/triggers/delivered", "{\"scheme\": \"url\"}");
    // It lacks the parameter, so it starts nothing.
    given()
        .contentType("application/json")
        .body("{}")
        .post(api().get(profile + "/tasks/task-0/triggers/delivered").jsonPath().getString("url"))
        .then()
        .statusCode(400);
    put(
        profile + "/providers/vendor",
        """
        {"runner": "openai", "openai": {"model": "gpt-4o", "base_url": "%s"},
         "settings": {"key": "sk-1"}}
        """
            .formatted(model.url()));
    put(profile + "/channels/team", "{\"kind\": \"ntfy\", \"url\": \"http://127.0.0.1:9/team\"}");
    put(
        profile + "/notices/told",
        "{\"events\": [\"run.errors_in_a_row\"], \"channel\": \"team\"}");
    put(
        profile + "/tasks/task-0/runs/one?wait=60",
        "{\"parameters\": {\"url\": \"https://example.org\"}}");
    put(
        profile + "/tasks/task-0/runs/two?wait=60",
        "{\"parameters\": {\"url\": \"https://example.org/2\"}}");
    ask(profile, model);
    // Later than the runs, whose requests would differ.
    put(profile + "/budgets/monthly", "{\"period\": \"month\", \"usd\": 50, \"tokens\": 900000}");
    put(
        profile + "/budgets/daily",
        "{\"period\": \"day\", \"usd\": 5, \"on_exhausted\": \"wait\"}");
    put(profile + "/budgets/each", "{\"period\": \"run\", \"usd\": 1, \"task\": \"task-0\"}");
    api()
        .body("{\"period\": \"month\", \"usd\": 1000}")
        .put(OF_ADMIN)
        .then()
        .statusCode(oneOf(200, 201));
  }

  /** Deletes the profile that was filled, and what the admin has got beside it. */
  public static void empty(String profile) {
    api().delete(OF_ADMIN);
    api().delete(profile + "?force=true").then().statusCode(204);
  }

  /** All of them in a profile that was filled: also those that have an id in their address. */
  public static List<String> addresses(String profile) {
    List<String> addresses = new ArrayList<>(ADDRESSES);
    OF_FIRST.forEach((address, list) -> addresses.add(address.formatted(first(profile + list))));
    return addresses;
  }

  private static String first(String list) {
    return api().get(list).jsonPath().getString("[0].id");
  }

  private static void ask(String profile, ScriptedModel model) {
    api()
        .body(
            Api.task(
                "What is 6 * 7?",
                model.url(),
                Map.of(
                    "key",
                    "sk-1",
                    "approvals",
                    Map.of("calc_calculate", "always"),
                    "callbacks",
                    List.of(
                        Map.of("url", "http://127.0.0.1:9/hook", "events", List.of("run.error"))))))
        .put(profile + "/tasks/waiting")
        .then()
        .statusCode(201);
    put(profile + "/tasks/waiting/runs/one", "{}");
    Eventually.await(
        "a call that waits",
        Duration.ofSeconds(30),
        () -> api().get(profile + "/tasks/waiting/runs/one").jsonPath().get("waiting_for") != null);
  }

  /** Registers a task in a profile. */
  static void register(String profile, String task, ScriptedModel model) {
    api()
        .body(Api.task("Read {{ url }} and sum it up.", model.url(), Map.of("key", "sk-1")))
        .put(profile + "/tasks/" + task)
        .then()
        .statusCode(201);
  }

  private static void put(String path, String body) {
    api().body(body).put(path).then().statusCode(201);
  }
}
