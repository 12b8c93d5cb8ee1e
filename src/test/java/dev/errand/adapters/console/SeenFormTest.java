package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Forms change a thing only as it was when they were opened. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SeenFormTest {
  private static final String PROFILE = "/api/profiles/~/seen-forms";
  private static final String HOME = "/console/admin/seen-forms";

  private final ScriptedModel model = new ScriptedModel();
  private final Browser admin = new Browser(Api.SESSION);

  /**
   * The form of a thing.
   *
   * @param page its address
   * @param form its selector
   * @param field that is filled in
   * @param value of the field
   * @param thing the address of what it changes
   */
  private record Form(String page, String form, String field, String value, String thing) {}

  private static final List<Form> FORMS =
      List.of(
          new Form("/tasks/task-0/edit", "#task", "prompt", "Typed", "/tasks/task-0"),
          new Form(
              "/tasks/task-0/schedules/daily/edit",
              "#schedule",
              "timezone",
              "Europe/Berlin",
              "/tasks/task-0/schedules/daily"),
          new Form(
              "/tasks/task-0/triggers/issues/edit",
              "#trigger",
              "rate_per_minute",
              "7",
              "/tasks/task-0/triggers/issues"),
          new Form(
              "/channels/team/edit",
              "#channel",
              "address",
              "http://127.0.0.1:9/typed",
              "/channels/team"),
          new Form("/notices/told/edit", "#notice", "errors_in_a_row", "7", "/notices/told"),
          new Form(
              "/settings/providers/profile/vendor",
              "#provider",
              "model",
              "typed-model",
              "/providers/vendor"),
          new Form("/budgets/monthly/edit", "#budget", "usd", "7", "/budgets/monthly"),
          new Form("/settings/profile", "#profile", "description", "Typed", ""),
          new Form(
              "/tools/calc/edit", "#install", "domains", "typed.example", "/installations/calc"),
          new Form("/tools/calc/approvals", "#approvals", "ticket", "", "/installations/calc"));

  private static final Map<String, String> DELETIONS =
      Map.of(
          "/tasks/task-0", "/tasks/task-0",
          "/tasks/task-0/schedules/daily", "/tasks/task-0/schedules/daily",
          "/tasks/task-0/triggers/issues", "/tasks/task-0/triggers/issues",
          "/channels/team", "/channels/team",
          "/notices/told", "/notices/told",
          "/budgets/monthly", "/budgets/monthly",
          "/settings/providers/profile/vendor", "/providers/vendor",
          "/settings/profile", "",
          "/tools/calc", "/installations/calc");

  @BeforeEach
  void fill() {
    EveryPage.fill(PROFILE, model);
  }

  @AfterEach
  void tidyUp() {
    EveryPage.empty(PROFILE);
    model.close();
  }

  // Another one changes the thing.
  private static void change(String thing) {
    String address = PROFILE + thing;
    if (thing.isEmpty()) {
      api().body("{}").patch(address).then().statusCode(200);
    } else if (thing.startsWith("/installations/")) {
      String tools =
          api().get(address).jsonPath().getList("disabled_tools").isEmpty()
              ? "[\"calculate\"]"
              : "[]";
      api().body("{\"disabled_tools\": " + tools + "}").patch(address).then().statusCode(200);
    } else if (thing.contains("/schedules/")) {
      String jitter = api().get(address).jsonPath().get("jitter") == null ? "\"PT1M\"" : "null";
      api().body("{\"jitter\": " + jitter + "}").patch(address).then().statusCode(200);
    } else {
      api().body(api().get(address).asString()).put(address).then().statusCode(200);
    }
  }

  @Test
  void aFormDoesNotReplaceWhatWasChangedMeanwhile() {
    for (Form form : FORMS) {
      Map<String, String> typed =
          form.field().equals("ticket") ? Map.of() : Map.of(form.field(), form.value());
      String field = "[name=" + form.field() + "]";
      Page open = admin.open(HOME + form.page());
      change(form.thing());
      String present = api().get(PROFILE + form.thing()).asString();
      Page refused = admin.send(open, form.form(), typed);
      assertEquals(412, refused.status(), () -> form.page() + ": " + refused.text());
      assertTrue(
          refused.text().contains("This was changed after you opened the page"), refused::text);
      assertEquals(present, api().get(PROFILE + form.thing()).asString(), form.page());
      if (!typed.isEmpty()) {
        String shown = refused.value(field);
        assertEquals(
            form.value(), shown.isEmpty() ? refused.one(field).text() : shown, form.page());
      }
      Page saved = admin.send(refused, form.form(), Map.of());
      assertEquals(200, saved.status(), () -> form.page() + ": " + saved.text());
    }
  }

  @Test
  void aFormThatIsWrongStillExpectsWhatItWasOpenedFrom() {
    Page open = admin.open(HOME + "/notices/told/edit");
    change("/notices/told");
    Page wrong = admin.send(open, "#notice", Map.of("errors_in_a_row", "many"));
    assertEquals(400, wrong.status());
    assertEquals(412, admin.send(wrong, "#notice", Map.of("errors_in_a_row", "5")).status());
  }

  @Test
  void aButtonDoesNotDeleteWhatWasChangedMeanwhile() {
    DELETIONS.forEach(
        (address, thing) -> {
          Page open = admin.open(HOME + address);
          change(thing);
          String form = thing.startsWith("/installations") ? "form[action$=/uninstall]" : "#delete";
          Page refused = admin.send(open, form, Map.of());
          assertEquals(412, refused.status(), () -> address + ": " + refused.text());
          api().get(PROFILE + thing).then().statusCode(200);
          assertFalse(refused.text().isEmpty());
        });
    Page open = admin.open(HOME + "/notices/told");
    assertEquals(200, admin.send(open, "#delete", Map.of()).status());
    api().get(PROFILE + "/notices/told").then().statusCode(404);
  }
}
