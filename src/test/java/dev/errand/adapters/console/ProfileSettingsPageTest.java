package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.error;
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
import dev.errand.support.SilentModel;
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

/** The pages of profiles, their members and providers, as a browser without scripts uses them. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ProfileSettingsPageTest {
  private static final String PROFILE = "/api/profiles/~/console-shared";
  private static final String HOME = "/console/admin/console-shared";
  private static final String MEMBERS = HOME + "/settings/members";
  private static final String PROVIDERS = HOME + "/settings/providers";
  private static final String HOSTILE = "<script>alert(1)</script>\"><img onerror=alert(1)>{x}'&";

  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();
  private final Browser admin = new Browser(Api.SESSION);

  @BeforeEach
  void aProfile() {
    api().body(Map.of("description", HOSTILE)).post(PROFILE).then().statusCode(201);
  }

  @AfterEach
  void tidyUp() throws Exception {
    model.close();
    api().delete(PROFILE + "?force=true").then().statusCode(204);
    api().delete("/api/profiles/~/console-made?force=true");
    api().delete("/api/users/~/providers/console-own");
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM account WHERE username LIKE 'sharing-%'");
    }
  }

  private Browser user(String name) {
    return new Browser(OtherUser.named("sharing-" + name, database).session());
  }

  private static String ticket(Browser browser) {
    return browser.open("/").html().select("[name=ticket]").val();
  }

  @Test
  void profilesLeadToEachOther() {
    Page page = admin.open(HOME + "/profiles");
    assertEquals(
        "/console/admin/default", page.one("#profiles-own ~ ul a:contains(default)").attr("href"));
    assertEquals("admin/console-shared", page.one("#profiles-own ~ ul a[aria-current]").text());
    assertTrue(page.text().contains(HOSTILE), page.text());
    assertFalse(page.has("main img"));
    assertEquals(HOME + "/profiles", page.one(".switch a").attr("href"));
    Page refused = admin.send(page, "#make", Map.of("name", "a b", "description", HOSTILE));
    assertEquals(400, refused.status());
    assertEquals("a b", refused.one("#make [name=name]").val());
    assertEquals(HOSTILE, refused.one("#make [name=description]").val());
    assertEquals(409, admin.send(page, "#make", Map.of("name", "console-shared")).status());
    Page made = admin.send(page, "#make", Map.of("name", "console-made"));
    assertEquals("/console/admin/console-made", made.path());
    assertEquals(403, admin.post(HOME + "/profiles", Map.of("name", "x")).status());
    Browser guest = user("guest");
    assertEquals(404, guest.open(HOME + "/profiles").status());
    api().body(Map.of("role", "runner")).put(PROFILE + "/members/sharing-guest").then();
    Page shared = guest.open("/console/sharing-guest/default/profiles");
    assertEquals(HOME, shared.one("#profiles-shared ~ ul a").attr("href"));
    assertEquals("runner", shared.one("#profiles-shared ~ ul .end").text());
  }

  @Test
  void ownersRenamePublishPauseAndDeleteAProfile() {
    Page page = admin.open(HOME + "/settings/profile");
    assertEquals(HOSTILE, page.value("#profile [name=description]"));
    assertFalse(page.has("main img"));
    Page refused =
        admin.send(page, "#profile", Map.of("name", "a b\"><img>", "description", HOSTILE + "2"));
    assertEquals(400, refused.status());
    assertEquals("a b\"><img>", refused.one("#profile [name=name]").val());
    assertEquals(HOSTILE + "2", refused.value("#profile [name=description]"));
    assertEquals(409, admin.send(page, "#profile", Map.of("name", "default")).status());
    Page moved =
        admin.send(
            page,
            "#profile",
            Map.of("name", "console-made", "is_public", "true", "manage", "true"));
    assertEquals("/console/admin/console-made/settings/profile", moved.path());
    api()
        .get("/api/profiles/~/console-made")
        .then()
        .body("is_public", equalTo(true))
        .body("mcp.manage", equalTo(true))
        .body("mcp.tasks", equalTo(true))
        .body("description", equalTo(HOSTILE));
    api().body("{}").post(PROFILE).then().statusCode(201);
    Page paused = admin.send(moved, "#stop", Map.of());
    assertTrue(paused.text().contains("is paused"), paused.text());
    assertFalse(admin.send(paused, "#resume", Map.of()).text().contains("is paused"));
    assertEquals(403, admin.post(HOME + "/settings/profile/delete", Map.of()).status());
    Page home = admin.send(moved, "#delete", Map.of());
    assertEquals("/console/admin/default", home.path());
    api().get("/api/profiles/~/console-made").then().statusCode(404);
    Page own = admin.open("/console/admin/default/settings/profile");
    assertFalse(own.has("#delete, #profile [name=name]"));
    assertEquals(
        "/console/admin/default/settings/profile", admin.send(own, "#profile", Map.of()).path());
  }

  @Test
  void aDescriptionMayHaveSeveralLines() {
    Page page = admin.open(HOME + "/settings/profile");
    // Browsers send the ends of lines as CR LF.
    Map<String, String> sent = Map.of("description", "\r\nDigests\r\n\r\nof the week \r\n");
    assertEquals(200, admin.send(page, "#profile", sent).status());
    api().get(PROFILE).then().body("description", equalTo("Digests\n\nof the week"));
    Map<String, String> refused = new HashMap<>(sent);
    refused.put("name", "a b");
    assertEquals(
        "Digests\n\nof the week",
        admin.send(page, "#profile", refused).value("#profile [name=description]"));
  }

  @Test
  void aProfileWithLiveRunsIsDeletedOnDemand() {
    try (SilentModel silent = new SilentModel()) {
      api()
          .body(Api.task("Hi", silent.url(), Map.of("key", "sk-1")))
          .put(PROFILE + "/tasks/goes-on")
          .then()
          .statusCode(201);
      api().body("{}").put(PROFILE + "/tasks/goes-on/runs/r").then().statusCode(201);
      Page page = admin.open(HOME + "/settings/profile");
      Page refused = admin.send(page, "#delete", Map.of());
      assertEquals(409, refused.status());
      assertTrue(refused.one(".message").text().contains("run"), refused.text());
      assertEquals(
          "/console/admin/default", admin.send(refused, "#delete", Map.of("force", "true")).path());
    }
    api().body("{}").post(PROFILE).then().statusCode(201);
  }

  @Test
  void othersThanOwnersSeeWhatTheProfileIs() {
    for (String role : List.of("viewer", "editor")) {
      Browser browser = user(role);
      api()
          .body(Map.of("role", role))
          .put(PROFILE + "/members/sharing-" + role)
          .then()
          .statusCode(201);
      Page page = browser.open(HOME + "/settings/profile");
      assertEquals(200, page.status(), role);
      assertTrue(page.text().contains(HOSTILE), page.text());
      assertFalse(page.has("#profile, #delete"), role);
      assertEquals(role.equals("editor"), page.has("#stop"), role);
      Map<String, String> fields = Map.of("ticket", ticket(browser), "name", "console-taken");
      for (String form : List.of("", "/delete")) {
        assertEquals(
            403, browser.post(HOME + "/settings/profile" + form, fields).status(), role + form);
      }
      for (String form : List.of("/pause", "/resume")) {
        assertEquals(
            role.equals("editor") ? 200 : 403,
            browser.post(HOME + "/settings/profile" + form, fields).status(),
            role + form);
      }
    }
  }

  @Test
  void ownersSayWhoSharesAProfile() {
    for (String name : List.of("one", "two")) {
      Browser _ = user(name);
    }
    Page page = admin.open(MEMBERS);
    assertEquals(List.of("admin"), page.html().select("tbody td.lead").eachText());
    assertFalse(page.has("tbody form"));
    Page added = admin.send(page, "#share", Map.of("member", "sharing-one", "role", "viewer"));
    assertEquals(MEMBERS, added.path());
    assertEquals("viewer", added.one("tbody option[selected]").text());
    Page changed = admin.send(added, "tbody form.inline", Map.of("role", "editor"));
    assertEquals("editor", changed.one("tbody option[selected]").text());
    api().get(PROFILE + "/members").then().body("role", equalTo(List.of("owner", "editor")));
    for (Map<String, String> wrong :
        List.of(
            Map.of("member", HOSTILE, "role", "viewer"),
            Map.of("member", "admin", "role", "viewer"),
            Map.of("member", "sharing-two", "role", "king"))) {
      Page refused = admin.send(page, "#share", wrong);
      assertTrue(refused.status() == 400 || refused.status() == 404, refused.text());
      assertTrue(refused.has(".message"), refused.text());
      assertEquals(wrong.get("member"), refused.one("#share [name=member]").val());
      assertFalse(refused.has("main img"));
    }
    Page removed = admin.send(changed, "tbody .sure form", Map.of());
    assertEquals(List.of("admin"), removed.html().select("tbody td.lead").eachText());
    assertEquals(403, admin.post(MEMBERS, Map.of("member", "sharing-two")).status());
    assertEquals(404, admin.send(changed, "tbody .sure form", Map.of()).status());
  }

  @Test
  void membersSeeEachOtherAndMayLeave() {
    for (String role : List.of("viewer", "runner", "editor", "owner")) {
      Browser member = user(role);
      api().body(Map.of("role", role)).put(PROFILE + "/members/sharing-" + role).then();
      boolean owns = role.equals("owner");
      Page page = member.open(MEMBERS);
      assertEquals(owns, page.has("#share"), role);
      assertEquals(owns, page.has("form.inline"), role);
      assertEquals(
          owns ? 200 : 403,
          member
              .post(
                  MEMBERS,
                  Map.of("ticket", ticket(member), "member", "sharing-viewer", "role", "viewer"))
              .status(),
          role);
      String remove = MEMBERS + "/admin/remove";
      assertTrue(member.post(remove, Map.of("ticket", ticket(member))).status() >= 400, role);
    }
    // The last of them leaves, and is led to a profile of their own.
    Browser owner = user("owner");
    Page left = owner.send(owner.open(MEMBERS), ".sure form[action*=sharing-owner]", Map.of());
    assertEquals("/console/sharing-owner/default", left.path());
    assertEquals(404, owner.open(MEMBERS).status());
    Browser viewer = user("viewer");
    assertEquals(
        403,
        viewer.post(MEMBERS + "/sharing-editor/remove", Map.of("ticket", ticket(viewer))).status());
  }

  @Test
  void aProviderIsMadeCheckedChangedAndDeleted() {
    for (String holder : List.of("own", "profile")) {
      Page list = admin.open(PROVIDERS);
      Page form = admin.open(list.one("a[href$=/providers/" + holder + "]").attr("href"));
      Map<String, String> fields =
          Map.of(
              "name",
              "console-" + holder,
              "runner",
              "openai",
              "model",
              "gpt-4o",
              "base_url",
              model.url(),
              "key",
              "sk-of-provider-9876");
      Map<String, String> wrong = new HashMap<>(fields);
      wrong.put("base_url", "ftp://" + HOSTILE);
      Page refused = admin.send(form, "#provider", wrong);
      assertEquals(400, refused.status());
      assertEquals("ftp://" + HOSTILE, refused.one("[name=base_url]").val());
      assertEquals("console-" + holder, refused.one("[name=name]").val());
      assertEquals("", refused.one("[name=key]").val());
      wrong.put("runner", "anthropic");
      assertEquals(
          "anthropic", admin.send(form, "#provider", wrong).one("[name=runner][checked]").val());
      Page made = admin.send(form, "#provider", fields);
      assertEquals(PROVIDERS + "/" + holder + "/console-" + holder, made.path());
      assertFalse(made.html().toString().contains("sk-of-provider"));
      assertEquals("unchanged: …9876", made.one("[name=key]").attr("placeholder"));
      // It replaces none.
      assertEquals(409, admin.send(form, "#provider", fields).status());
      model.script(request -> error(401, "no", "Wrong key."));
      Page checked = admin.send(made, "#check", Map.of());
      assertTrue(checked.one(".message:not(.said)").text().length() > 3, checked.text());
      Page changed = admin.send(made, "#provider", Map.of("model", HOSTILE));
      assertEquals(PROVIDERS, changed.path());
      assertTrue(changed.text().contains(HOSTILE), changed.text());
      assertFalse(changed.has("main img"));
      // The key goes to no other server.
      assertTrue(
          admin
              .send(made, "#provider", Map.of("base_url", "https://other.example"))
              .has(".message"));
      Page present = admin.open(made.path());
      assertEquals(PROVIDERS, admin.send(present, "#delete", Map.of()).path());
      assertEquals(404, admin.open(made.path()).status());
      assertEquals(403, admin.post(PROVIDERS + "/" + holder, fields).status());
    }
    assertEquals(404, admin.open(PROVIDERS + "/nobody").status());
  }

  @Test
  void aProviderInUseStays() {
    api()
        .body(
            Map.of(
                "runner",
                "openai",
                "openai",
                Map.of("model", "gpt-4o", "base_url", model.url(), "temperature", 0.5),
                "settings",
                Map.of("key", "sk-1")))
        .put(PROFILE + "/providers/used")
        .then()
        .statusCode(201);
    api()
        .body(
            Map.of(
                "provider",
                "admin/console-shared/used",
                "openai",
                Map.of("prompt", "Hello", "model", "gpt-4o")))
        .put(PROFILE + "/tasks/greet")
        .then()
        .statusCode(201);
    Page form = admin.open(PROVIDERS + "/profile/used");
    assertFalse(form.has("#delete"));
    assertTrue(form.text().contains("admin/console-shared/greet"), form.text());
    assertEquals(
        409,
        admin.post(PROVIDERS + "/profile/used/delete", Map.of("ticket", ticket(admin))).status());
    // What the form does not have stays.
    Page _ = admin.send(form, "#provider", Map.of("model", "gpt-4.1"));
    api()
        .get(PROFILE + "/providers/used")
        .then()
        .body("openai.model", equalTo("gpt-4.1"))
        .body("openai.temperature", equalTo(0.5f))
        .body("settings.key_hint", equalTo("…"));
  }

  @Test
  void editorsChangeTheProvidersOfAProfile() {
    api()
        .body(
            Map.of(
                "runner",
                "openai",
                "openai",
                Map.of("model", "gpt-4o", "base_url", model.url()),
                "settings",
                Map.of("key", "sk-of-all-the-members-1234")))
        .put(PROFILE + "/providers/all")
        .then()
        .statusCode(201);
    for (String role : List.of("viewer", "runner", "editor")) {
      Browser member = user(role);
      api().body(Map.of("role", role)).put(PROFILE + "/members/sharing-" + role).then();
      int expected = role.equals("editor") ? 200 : 403;
      Page list = member.open(PROVIDERS);
      assertTrue(list.text().contains("…1234"), list.text());
      assertEquals(role.equals("editor"), list.has("td a"), role);
      assertEquals(role.equals("editor"), list.has("a[href$=/providers/profile]"), role);
      assertEquals(expected, member.open(PROVIDERS + "/profile").status(), role);
      assertEquals(expected, member.open(PROVIDERS + "/profile/all").status(), role);
      Map<String, String> fields =
          Map.of("ticket", ticket(member), "model", role, "base_url", model.url());
      assertEquals(expected, member.post(PROVIDERS + "/profile/all", fields).status(), role);
      assertEquals(expected, member.post(PROVIDERS + "/profile/all/check", fields).status(), role);
    }
    api().get(PROFILE + "/providers").then().body("openai.model", hasItem("editor"));
    assertEquals(404, user("stranger").open(PROVIDERS).status());
    assertTrue(new Browser(null).open(PROVIDERS).path().startsWith("/sign-in"));
  }
}
