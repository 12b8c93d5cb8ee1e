package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.Eventually;
import dev.errand.support.OtherUser;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The pages for admins: users, the audit, and how the service is. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class AdminPageTest {
  private static final String SETTINGS = "/console/admin/default/settings";
  private static final String USERS = SETTINGS + "/users";
  private static final String AUDIT = SETTINGS + "/audit";
  private static final String SERVICE = SETTINGS + "/service";
  private static final String HOSTILE = "<script>alert(1)</script>\"><img onerror=alert(1)>{x}'&";

  @Inject DataSource database;

  private final Browser admin = new Browser(Api.SESSION);

  @AfterEach
  void tidyUp() throws Exception {
    for (String user : List.of("paged-grace", "paged-robot")) {
      api().delete("/api/users/" + user + "?force=true");
    }
    sql("DELETE FROM account WHERE username LIKE 'paged-%'");
  }

  private void sql(String text) throws Exception {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  @Test
  void manyUsersStandOnSeveralPages() throws Exception {
    sql(
        """
        INSERT INTO account (id, username)
        SELECT gen_random_uuid(), 'paged-' || n FROM generate_series(100, 199) AS n
        """);
    Page page = admin.open(USERS);
    List<String> seen = new ArrayList<>();
    int pages = 1;
    while (page.has("a:contains(More users)")) {
      assertEquals(50, page.html().select("tbody tr").size());
      assertTrue(page.html().toString().length() < 100_000);
      seen.addAll(page.html().select("tbody td.lead a").eachText());
      page = admin.open(page.one("a:contains(More users)").attr("href"));
      pages++;
    }
    seen.addAll(page.html().select("tbody td.lead a").eachText());
    assertTrue(pages >= 3, seen.toString());
    assertEquals(100, seen.stream().filter(name -> name.startsWith("paged-1")).distinct().count());
    assertEquals(seen.stream().distinct().toList(), seen);
    assertEquals(400, admin.open(USERS + "?cursor=nonsense").status());
  }

  @Test
  void aPersonIsInvitedChangedAndDeleted() {
    Page empty = admin.open(USERS);
    assertEquals(
        List.of("admin", "member"), empty.html().select("[name=role] option").eachAttr("value"));
    Page made =
        admin.send(
            empty,
            "#make",
            Map.of("name", "paged-grace", "email", "grace@example.org", "role", "member"));
    assertEquals(201, made.status());
    URI link = URI.create(made.one("#link").val());
    given()
        .contentType(ContentType.JSON)
        .body(Map.of("password", "a long password of Grace"))
        .post(link.getPath())
        .then()
        .statusCode(201);
    Page list = admin.open(USERS);
    assertFalse(list.html().toString().contains(link.getPath()));
    Page user = admin.open(list.one("td a:contains(paged-grace)").attr("href"));
    assertEquals("grace@example.org", user.one("#user [name=email]").val());
    assertEquals("member", user.one("#user option[selected]").text());
    Page reset = admin.send(user, "#reset", Map.of());
    assertTrue(reset.one("#link").val().contains("/api/invitations/"), reset.text());
    assertEquals(user.path(), reset.one("[data-here]").attr("data-here"));
    Page changed = admin.send(user, "#user", Map.of("role", "admin", "disabled", "true"));
    assertEquals(USERS, changed.path());
    assertEquals("disabled", changed.one("tr:contains(paged-grace) .note").text());
    assertEquals("admin", changed.one("tr:contains(paged-grace) td[data-name=Role]").text());
    Page enabled = admin.send(user, "#user", Map.of("role", "member", "email", ""));
    assertFalse(enabled.text().contains("grace@example.org"), enabled.text());
    assertEquals(USERS, admin.send(user, "#delete", Map.of("force", "true")).path());
    assertEquals(404, admin.open(user.path()).status());
  }

  @Test
  void anInvitedPersonLandsInTheProfileThatIsShared() {
    try {
      Page made =
          admin.send(admin.open(USERS), "#make", Map.of("name", "paged-ida", "share", "viewer"));
      assertEquals(201, made.status());
      assertTrue(made.has("button[data-copy=link]"), made.text());
      assertTrue(made.text().contains("admin/default is shared with paged-ida as viewer"));
      // Nobody shares it with the next one unasked.
      assertFalse(made.has("#make [name=share] [selected]"), made.text());
      String code = made.one("#link").val().replaceFirst(".*/", "");
      Browser ida = new Browser(null);
      String password = "a long password of Ida";
      Page home =
          ida.send(
              ida.open("/sign-in"),
              "#invitation",
              Map.of("code", code, "password", password, "again", password));
      assertEquals("/console/admin/default", home.path());
      Page own = ida.open("/console/paged-ida/default");
      String profiles = own.one("[hx-select^=#shared-profiles]").attr("hx-get");
      assertEquals(
          "/console/admin/default",
          ida.open(profiles).one("#shared-profiles[data-some] a").attr("href"));
      Page users = ida.open(USERS);
      assertEquals(403, users.status());
      assertEquals("You may not see this page", users.one("h1").text());
      assertTrue(users.text().contains("for users with the role admin"), users.text());
      Page task = ida.open("/console/admin/default/new-task");
      assertEquals("You may not see this page", task.one("h1").text());
      Map<String, String> wrong = Map.of("name", "paged-kim", "share", "king");
      assertEquals(400, admin.send(admin.open(USERS), "#make", wrong).status());
      assertEquals(404, admin.open(USERS + "/paged-kim").status());
    } finally {
      api().delete("/api/users/paged-ida?force=true");
    }
  }

  @Test
  void theLinkOfAPersonIsShownAlsoIfTheProfileIsNotShared() throws Exception {
    // As if another admin were faster than the form.
    sql(
        """
        CREATE OR REPLACE FUNCTION renames_for_a_test() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN UPDATE account SET username = 'paged-mae' WHERE id = NEW.id; RETURN NULL; END $$
        """);
    sql(
        """
        CREATE CONSTRAINT TRIGGER renames AFTER INSERT ON account DEFERRABLE INITIALLY DEFERRED
          FOR EACH ROW WHEN (NEW.username = 'paged-may') EXECUTE FUNCTION renames_for_a_test()
        """);
    try {
      Page made =
          admin.send(admin.open(USERS), "#make", Map.of("name", "paged-may", "share", "viewer"));
      assertEquals(404, made.status());
      assertTrue(made.one("#link").val().contains("/api/invitations/"), made.text());
      String message = made.one("[role=alert]").text();
      assertTrue(message.contains("is not shared with paged-may: There is no user"), message);
      assertFalse(made.text().contains("opens first"), made.text());
      assertEquals("", made.one("#make [name=name]").val());
    } finally {
      sql("DROP TRIGGER renames ON account");
    }
  }

  @Test
  void refusedFormsKeepTheirInput() {
    Page page = admin.open(USERS);
    Map<Map<String, String>, Integer> wrong =
        Map.of(
            Map.of("name", HOSTILE), 400,
            Map.of("name", "admin"), 409,
            Map.of("name", "ADMIN"), 409,
            Map.of("name", "paged-grace", "email", HOSTILE), 400,
            Map.of("name", "paged-grace", "role", "king"), 400,
            Map.of("name", "errand"), 400);
    wrong.forEach(
        (fields, status) -> {
          Page refused = admin.send(page, "#make", fields);
          assertEquals(status, refused.status(), fields.toString());
          assertTrue(refused.has(".message"), refused.text());
          assertEquals(fields.get("name"), refused.one("#make [name=name]").val());
          assertEquals(fields.getOrDefault("email", ""), refused.one("#make [name=email]").val());
          assertFalse(refused.has("main img"));
        });
    // Nobody locks everybody out.
    Page self = admin.open(USERS + "/admin");
    Page refused = admin.send(self, "#user", Map.of("role", "member"));
    assertEquals(409, refused.status());
    assertTrue(refused.one(".message").text().contains("only admin"), refused.text());
    assertEquals(409, admin.send(self, "#delete", Map.of()).status());
    assertEquals(404, admin.open(USERS + "/nobody-of-this-name").status());
  }

  @Test
  void aServiceGetsTokens() {
    Page made =
        admin.send(admin.open(USERS), "#make", Map.of("name", "paged-robot", "kind", "service"));
    assertFalse(made.has("#link"));
    Page user = admin.open(made.one("#made ~ p a").attr("href"));
    assertFalse(user.has("#reset"));
    Page tokens = admin.open(user.one("a:contains(Tokens)").attr("href"));
    assertEquals("Tokens of paged-robot", tokens.one("h1").text());
  }

  @Test
  void theAuditIsFilteredAndPaged() {
    for (int i = 0; i < 52; i++) {
      api()
          .body(Map.of("role", "member", "email", "a" + i + "@example.org"))
          .put("/api/users/paged-grace")
          .then();
    }
    Page page = admin.open(AUDIT + "?object=users/paged-grace");
    assertEquals(50, page.html().select("tbody tr").size());
    assertTrue(page.html().toString().length() < 100_000);
    assertTrue(
        page.html().select("tbody .changes").first().text().contains("a50@example.org → a51"),
        page.text());
    Page older = admin.open(page.one("a:contains(Older entries)").attr("href"));
    assertTrue(older.html().select("tbody tr").size() >= 2);
    assertEquals("users/paged-grace", older.one("[name=object]").val());
    Page one =
        admin.send(
            page, "form.filters", Map.of("action", "user.created", "actor", "admin", "to", ""));
    assertEquals("user.created", one.html().select("tbody code").first().text());
    Map<Map<String, String>, Integer> none =
        Map.of(
            Map.of("actor", HOSTILE), 200,
            Map.of("object", HOSTILE), 200,
            Map.of("from", "2999-01-01T00:00"), 200,
            Map.of("from", HOSTILE), 400,
            Map.of("action", HOSTILE), 400);
    none.forEach(
        (fields, status) -> {
          Page empty = admin.send(admin.open(AUDIT), "form.filters", fields);
          assertEquals(status, empty.status(), fields.toString());
          assertEquals(0, empty.html().select("tbody tr").size());
          assertTrue(empty.has(status == 200 ? ".empty" : ".message"), empty.text());
          assertFalse(empty.has("main img"));
        });
  }

  @Test
  void aWrongCursorOfTheAuditLeavesItsFilter() {
    Page refused = admin.open(AUDIT + "?actor=ada&cursor=nonsense");
    assertEquals(400, refused.status());
    assertTrue(refused.one(".message").text().contains("cursor"), refused.text());
    assertEquals("ada", refused.value("form.filters [name=actor]"));
  }

  @Test
  void textsOfOthersInTheAuditAreText() {
    api()
        .body(Map.of("description", HOSTILE))
        .post("/api/profiles/~/console-audited")
        .then()
        .statusCode(201);
    try {
      Page page = admin.open(AUDIT + "?object=profiles/admin/console-audited");
      assertTrue(page.text().contains("<script>alert(1)</script>"), page.text());
      assertFalse(page.has("main img"));
      assertEquals(0, page.html().select("main script").size());
    } finally {
      api().delete("/api/profiles/~/console-audited").then().statusCode(204);
    }
  }

  @Test
  void theServicePageShowsTheStatus() throws Exception {
    Page page = admin.open(SERVICE);
    assertTrue(page.has("dt:contains(Pending runs)"));
    assertTrue(page.one("dt:contains(PostgreSQL) + dd").text().matches("1[0-9].*"));
    assertTrue(page.one("dt:contains(Schema) + dd").text().matches("[0-9]+"));
    assertTrue(page.one("dt:contains(Newest) + dd code").text().matches("[0-9a-f]{8}"));
    Page resealed = admin.send(page, "#reseal", Map.of());
    assertEquals(SERVICE, resealed.path());
    assertTrue(resealed.has("#progress progress[value][max]"));
    assertTrue(resealed.text().contains("older keys can be removed"), resealed.text());
    // The process says that it is there after some seconds; one that says nothing is gone.
    sql(
        """
        INSERT INTO worker_process (id, name, version, capacity, busy, started_at, seen_at)
        VALUES (gen_random_uuid(), 'gone', '0', 1, 0, now(), now() - interval '2 minutes')
        """);
    assertFalse(admin.open(SERVICE).has("td.lead:contains(gone)"));
    Eventually.await(
        "the worker", () -> admin.open(SERVICE).html().select("#service tbody tr").size() == 1);
    api()
        .get("/api/admin/status")
        .then()
        .statusCode(200)
        .body("workers.size()", equalTo(1))
        .body("workers[0].capacity", greaterThan(0))
        .body("database.bytes", greaterThan(0))
        .body("keys.previous", equalTo(List.of()));
  }

  @Test
  void onlyAdminsSeeThePages() {
    OtherUser member = OtherUser.named("paged-member", database);
    Browser browser = new Browser(member.session());
    String own = "/console/paged-member/default/settings";
    Page settings = browser.open(own);
    assertFalse(settings.has("#admin"));
    assertTrue(admin.open(SETTINGS).has("#admin"));
    Map<String, String> fields = new HashMap<>();
    fields.put("ticket", settings.html().select("[name=ticket]").val());
    fields.put("name", "paged-forged");
    fields.put("role", "admin");
    for (String path : List.of("/users", "/users/admin", "/audit", "/service")) {
      assertEquals(403, browser.open(own + path).status(), path);
      assertTrue(new Browser(null).open(SETTINGS + path).path().startsWith("/sign-in"), path);
    }
    for (String path :
        List.of(
            "/users",
            "/users/paged-member",
            "/users/paged-member/reset",
            "/users/paged-member/delete",
            "/service/reseal")) {
      assertEquals(403, browser.post(own + path, fields).status(), path);
      assertEquals(403, admin.post(SETTINGS + path, Map.of("name", "x")).status(), path);
    }
    member.api().get("/api/admin/status").then().statusCode(403);
  }
}
