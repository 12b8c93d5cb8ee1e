package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
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

/** The pages of budgets, as a browser without scripts uses them. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class BudgetPageTest {
  private static final String PROFILE = "/api/profiles/~/console-budgets";
  private static final String HOME = "/console/admin/console-budgets";
  private static final String HOSTILE = "\"><img src=x onerror=alert(1)><script>alert(1)</script>";

  @Inject DataSource database;
  @Inject Sql sql;

  private final ScriptedModel model = new ScriptedModel();
  private final Browser admin = new Browser(Api.SESSION);

  @BeforeEach
  void aProfile() {
    api().body("{}").post(PROFILE).then().statusCode(201);
    model.script(request -> say("Hello."));
  }

  @AfterEach
  void tidyUp() {
    model.close();
    api().delete(PROFILE + "?force=true").then().statusCode(204);
    sql.statement("DELETE FROM account WHERE username LIKE 'budgets-%'").run();
  }

  private static void budget(String name, Map<String, ?> body) {
    api().body(body).put(PROFILE + "/budgets/" + name).then().statusCode(201);
  }

  private void spend(String name, double usd, long tokens, double reserved) {
    sql.statement(
            """
            UPDATE budget_use SET spent_usd = :usd, spent_tokens = :tokens, reserved_usd = :reserved
            WHERE budget_id = (SELECT id FROM budget WHERE name = :name)
            """)
        .with("usd", usd)
        .with("tokens", tokens)
        .with("reserved", reserved)
        .with("name", name)
        .run();
  }

  private static List<String> cells(Page page, String name) {
    return page.html().select("td[data-name='" + name + "']").eachText();
  }

  @Test
  void aBudgetIsCreatedChangedAndDeleted() {
    Page usage = admin.open(HOME + "/usage");
    Page list = admin.open(usage.one("main a.button:contains(Budgets)").attr("href"));
    assertTrue(list.text().contains("There are no budgets yet"), list.text());
    Page form = admin.open(list.one("#of-profile + a").attr("href"));
    assertEquals("month", form.one("[name=period] [selected]").val());
    Page refused = admin.send(form, "#budget", Map.of("name", "monthly", "usd", "much"));
    assertEquals(400, refused.status());
    assertEquals("US$: must be a number such as 12.5", refused.one("[role=alert]").text());
    assertEquals("much", refused.value("[name=usd]"));
    assertEquals(
        "US$: is required, or tokens: a budget has a limit",
        admin.send(form, "#budget", Map.of("name", "monthly")).one("[role=alert]").text());

    Page made =
        admin.send(
            refused,
            "#budget",
            Map.of("usd", "12.345678", "tokens", "900000000000", "on_exhausted", "wait"));
    assertEquals(HOME + "/budgets/monthly", made.path());
    api()
        .get(PROFILE + "/budgets/monthly")
        .then()
        .body("usd", equalTo(12.345678f))
        .body("tokens", equalTo(900_000_000_000L))
        .body("task", nullValue())
        .body("on_exhausted", equalTo("wait"));

    Page edit = admin.open(made.one("a.button:contains(Edit)").attr("href"));
    assertEquals("12.345678", edit.value("[name=usd]"));
    assertEquals("900000000000", edit.value("[name=tokens]"));
    Page changed = admin.send(edit, "#budget", Map.of("usd", "20", "tokens", "", "task", "digest"));
    assertEquals(HOME + "/budgets/monthly", changed.path());
    assertTrue(changed.text().contains("Counts the task digest"), changed.text());
    assertTrue(changed.text().contains("$0 of $20.00 spent, 0 %"), changed.text());
    assertEquals("20", admin.open(HOME + "/budgets/monthly/edit").value("[name=usd]"));

    Page gone = admin.send(changed, "#delete", Map.of());
    assertTrue(gone.text().contains("There are no budgets yet"), gone.text());
    assertEquals(404, admin.open(HOME + "/budgets/monthly").status());
  }

  @Test
  void theListShowsWhatIsSpentOfEachLimit() {
    budget("a-month", Map.of("period", "month", "usd", 50, "tokens", 1000));
    budget("day", Map.of("period", "day", "usd", 2));
    budget("full", Map.of("period", "day", "tokens", 10));
    budget("run", Map.of("period", "run", "usd", 0.5, "task", "digest"));
    spend("a-month", 12.5, 830, 1.25);
    spend("day", 0.001, 0, 0);
    spend("full", 0, 11, 0);
    Page list = admin.open(HOME + "/budgets");
    assertEquals(
        List.of(
            "$12.50 of $50.00, 25 % 830 tokens of 1,000 tokens, 83 %",
            "$0.001 of $2.00, less than 1 %", "11 tokens of 10 tokens, 110 %", "at most $0.50"),
        cells(list, "Spent"));
    assertEquals(List.of("$1.25 –", "–", "–", "–"), cells(list, "Reserved"));
    assertEquals(List.of("each month", "each day", "each day", "each run"), cells(list, "Period"));
    assertEquals(List.of("nearly used up", "open", "used up", "–"), cells(list, "State"));
    assertEquals(
        List.of("25", "2", "83", "0", "0", "0", "100", "0"),
        list.html().select(".spent rect").eachAttr("width"));
    assertEquals("run only digest", list.html().select("td.lead").last().text());
    assertTrue(cells(list, "Begins anew").getFirst().matches("... 1 ... 20.*"), list.text());
    assertEquals("–", cells(list, "Begins anew").getLast());
    Page page = admin.open(HOME + "/budgets/a-month");
    assertTrue(page.text().contains("$12.50 of $50.00 spent, 25 %; $1.25 reserved"), page.text());
    assertFalse(admin.open(HOME + "/budgets/run").has("#spent"));
  }

  @Test
  void aListHasPages() {
    for (int i = 10; i < 62; i++) {
      budget("b" + i, Map.of("period", "day", "usd", 1));
    }
    Page first = admin.open(HOME + "/budgets");
    assertEquals(50, first.html().select("td.lead").size());
    Page second = admin.open(first.one("a:contains(More budgets)").attr("href"));
    assertEquals(List.of("b60", "b61"), second.html().select("td.lead").eachText());
    assertTrue(first.answer().asByteArray().length < 100 * 1024);
  }

  @Test
  void membersSeeWhatOwnersSet() {
    budget("monthly", Map.of("period", "month", "usd", 50));
    api()
        .body(Map.of("period", "month", "usd", 70))
        .put("/api/users/~/budgets/of-admin")
        .then()
        .statusCode(201);
    try {
      Browser editor = new Browser(OtherUser.named("budgets-editor", database).session());
      assertEquals(404, editor.open(HOME + "/budgets").status());
      api()
          .body("{\"role\": \"editor\"}")
          .put(PROFILE + "/members/budgets-editor")
          .then()
          .statusCode(201);
      Page list = editor.open(HOME + "/budgets");
      assertEquals(List.of("$0 of $50.00, 0 %"), cells(list, "Spent"));
      assertFalse(list.has("main a.button"));
      Page page = editor.open(HOME + "/budgets/monthly");
      assertTrue(page.text().contains("Owners of admin/console-budgets can change it"));
      assertFalse(page.has("main a.button, main form"));
      assertEquals(403, editor.open(HOME + "/new-budget").status());
      assertEquals(403, editor.open(HOME + "/budgets/monthly/edit").status());
      Page own = editor.open("/console/budgets-editor/default/settings");
      Map<String, String> ticket = Map.of("ticket", own.html().select("[name=ticket]").val());
      assertEquals(403, editor.post(HOME + "/budgets/monthly/delete", ticket).status());
      assertEquals(403, editor.post(HOME + "/budgets/monthly/edit", ticket).status());
      assertEquals(403, editor.post(HOME + "/new-budget", ticket).status());

      // What counts for the owner's other profiles is not theirs to know.
      assertEquals(403, editor.open(HOME + "/settings/users/admin/budgets").status());
      assertEquals(403, editor.open(HOME + "/settings/users/admin/budgets/of-admin").status());
      assertEquals(2, admin.open(HOME + "/budgets").html().select("td.lead").size());

      api()
          .body("{\"role\": \"owner\"}")
          .put(PROFILE + "/members/budgets-editor")
          .then()
          .statusCode(200);
      Page edit = editor.open(HOME + "/budgets/monthly/edit");
      assertEquals(200, editor.send(edit, "#budget", Map.of("usd", "40")).status());
      api().get(PROFILE + "/budgets/monthly").then().body("usd", equalTo(40f));
    } finally {
      api().delete("/api/users/~/budgets/of-admin");
    }
  }

  @Test
  void adminsSetTheBudgetsOfAUserWhoSeesThem() {
    Browser user = new Browser(OtherUser.named("budgets-user", database).session());
    Page one = admin.open(HOME + "/settings/users/budgets-user");
    Page list = admin.open(one.one("main a.button[href$=/budgets]").attr("href"));
    Page form = admin.open(list.one("#of-user + a").attr("href"));
    assertFalse(form.has("[name=task]"));
    Page made = admin.send(form, "#budget", Map.of("name", "all", "usd", "30"));
    assertEquals(HOME + "/settings/users/budgets-user/budgets/all", made.path());
    assertEquals(200, admin.send(admin.open(made.path() + "/edit"), "#budget", Map.of()).status());

    String own = "/console/budgets-user/default";
    Page settings = user.open(own + "/settings");
    Page seen = user.open(settings.one("a:contains(Your budgets)").attr("href"));
    assertEquals(List.of("$0 of $30.00, 0 %"), cells(seen, "Spent"));
    assertTrue(seen.text().contains("all profiles that budgets-user owns"), seen.text());
    assertFalse(seen.has("main a.button, main a[href$=/settings/users]"));
    Page page = user.open(seen.one("td.lead a").attr("href"));
    assertTrue(page.text().contains("Admins can change it"), page.text());
    assertEquals(403, user.open(page.path() + "/edit").status());
    Map<String, String> ticket = Map.of("ticket", page.html().select("[name=ticket]").val());
    assertEquals(403, user.post(page.path() + "/delete", ticket).status());
    // The list of the user's own profile has both kinds.
    assertEquals(
        List.of("Of the profile budgets-user/default", "Of the user budgets-user"),
        user.open(own + "/budgets").html().select("main h2").eachText());

    Page gone = admin.send(admin.open(made.path()), "#delete", Map.of());
    assertTrue(gone.text().contains("There are no budgets of the user yet"), gone.text());
    assertEquals(404, admin.open(HOME + "/settings/users/nobody/budgets").status());
  }

  @Test
  void whatIsTypedIsShownAsText() {
    Page form = admin.open(HOME + "/new-budget");
    Page refused =
        admin.send(
            form, "#budget", Map.of("name", HOSTILE, "usd", "1", "task", HOSTILE, "period", "day"));
    assertEquals(400, refused.status());
    assertFalse(refused.has("main img, main script"));
    assertEquals(HOSTILE, refused.value("[name=task]"));
  }
}
