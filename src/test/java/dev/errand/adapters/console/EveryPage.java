package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.ScriptedModel;
import java.util.List;
import java.util.Map;

/** Opens each page of the console, of a profile that has something to show on it. */
public final class EveryPage {
  private static final String PROFILE = "/api/profiles/~/shown";
  private static final String HOME = "/console/admin/shown";

  /** Addresses of pages, under that of a profile's home. */
  static final List<String> ADDRESSES =
      List.of(
          "",
          "/runs",
          "/runs?status=error",
          "/runs?code=timeout",
          "/runs?task=shown",
          "/runs?parent=shown/one",
          "/tasks",
          "/tasks/shown",
          "/tasks/shown/edit",
          "/new-task",
          "/tasks/shown/runs/one",
          "/tasks/shown/runs/one/entries/1",
          "/schedules",
          "/calendar",
          "/new-schedule",
          "/tasks/shown/schedules/daily",
          "/triggers",
          "/new-trigger",
          "/tasks/shown/triggers/issues",
          "/callbacks",
          "/tools",
          "/tools/calc",
          "/servlets",
          "/servlets/errand/fetch",
          "/publish",
          "/install/errand/json",
          "/install-server",
          "/usage",
          "/profiles",
          "/settings",
          "/settings/profile",
          "/settings/members",
          "/settings/sessions",
          "/settings/tokens",
          "/settings/grants",
          "/settings/providers",
          "/settings/users",
          "/settings/audit",
          "/settings/service");

  private EveryPage() {}

  /** Opens them all, and saves a task by its form. */
  public static void open() {
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request ->
              request.size() < 2
                  ? call("c1", "calc_calculate", "{\"expression\": \"6 * 7\"}")
                  : say("# Answer\n\nIt is **42**."));
      put("", "{}");
      api()
          .body("{\"servlet_slug\": \"errand/calc\", \"name\": \"calc\"}")
          .post(PROFILE + "/installations")
          .then()
          .statusCode(201);
      api()
          .body(Api.task("Read {{ url }} and sum it up.", model.url(), Map.of("key", "sk-1")))
          .put(PROFILE + "/tasks/shown")
          .then()
          .statusCode(201);
      put(
          "/tasks/shown/schedules/daily",
          "{\"cron\": \"30 9 * * *\", \"parameters\": {\"url\": \"x\"}}");
      put("/tasks/shown/triggers/issues", "{\"scheme\": \"github\"}");
      put("/tasks/shown/runs/one?wait=60", "{\"parameters\": {\"url\": \"https://example.org\"}}");
      Browser admin = new Browser(Api.SESSION);
      for (String address : ADDRESSES) {
        Page page = admin.open(HOME + address);
        assertEquals(200, page.status(), () -> address + ": " + page.text());
      }
      Page form = admin.open(HOME + "/tasks/shown/edit");
      Page saved = admin.send(form, "form[action$=/edit]", Map.of("prompt", "Say {{ url }}."));
      assertEquals(200, saved.status(), saved.text());
      assertEquals(
          "Say {{ url }}.",
          api().get(PROFILE + "/tasks/shown").jsonPath().getString("openai.prompt"));
    } finally {
      api().delete(PROFILE + "?force=true").then().statusCode(204);
    }
  }

  private static void put(String path, String body) {
    (path.isEmpty() ? api().body(body).post(PROFILE) : api().body(body).put(PROFILE + path))
        .then()
        .statusCode(201);
  }
}
