package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.GrantedAccess;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages of what a user has, as a browser without scripts uses them. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SettingsPageTest {
  private static final String NAME = "settings-ada";
  private static final String SETTINGS = "/console/" + NAME + "/default/settings";
  private static final String PASSWORD = "a long password of Ada";
  private static final String HOSTILE = "<script>alert(1)</script>\"><img onerror=alert(1)>{x}'&";

  @Inject DataSource database;

  private Browser ada = new Browser(null);

  @BeforeEach
  void aPerson() {
    String invitation =
        api()
            .body(Map.of("role", "member"))
            .put("/api/users/" + NAME)
            .then()
            .statusCode(201)
            .extract()
            .path("invitation_url");
    ada =
        new Browser(
            given()
                .contentType(ContentType.JSON)
                .body(Map.of("password", PASSWORD))
                .post(invitation)
                .then()
                .statusCode(201)
                .extract()
                .cookie("sessionId"));
  }

  @AfterEach
  void tidyUp() {
    api().delete("/api/users/" + NAME + "?force=true").then().statusCode(204);
  }

  private static String signIn(String password, int status, String device) {
    return given()
        .contentType(ContentType.JSON)
        .header("User-Agent", device)
        .body(Map.of("username", NAME, "password", password))
        .post("/api/sessions")
        .then()
        .statusCode(status)
        .extract()
        .cookie("sessionId");
  }

  @Test
  void theNavigationLeadsToAllSettings() {
    Page home = ada.open("/console/" + NAME + "/default");
    Page settings = ada.open(home.one("nav a:contains(Settings)").attr("href"));
    assertEquals("page", settings.one("nav a:contains(Settings)").attr("aria-current"));
    for (String link : settings.html().select("main a").eachAttr("href")) {
      assertEquals(200, ada.open(link).status(), link);
    }
    assertTrue(new Browser(null).open(SETTINGS).path().startsWith("/sign-in?return="));
    assertEquals(403, ada.post(SETTINGS + "/sessions/current/end", Map.of()).status());
  }

  @Test
  void aSessionIsEndedWhereItIsListed() {
    Browser other = new Browser(signIn(PASSWORD, 201, HOSTILE));
    Page page = ada.open(SETTINGS + "/sessions");
    List<String> devices = page.html().select("tbody td.lead").eachText();
    assertEquals(2, devices.size());
    assertEquals(HOSTILE, devices.getFirst());
    assertTrue(devices.get(1).endsWith("this session"), devices.toString());
    assertFalse(page.has("main img"));
    Page ended = ada.send(page, "tbody form", Map.of());
    assertEquals(SETTINGS + "/sessions", ended.path());
    assertEquals(1, ended.html().select("tbody tr").size());
    assertTrue(other.open(SETTINGS + "/sessions").path().startsWith("/sign-in"));
    // Nobody ends what is somebody else's, or what is gone.
    Map<String, String> ticket = Map.of("ticket", page.html().select("[name=ticket]").val());
    String gone = page.one("tbody form").attr("action");
    assertEquals(404, ada.post(gone, ticket).status());
    assertEquals(404, ada.post(SETTINGS + "/sessions/nonsense/end", ticket).status());
    assertEquals(403, ada.post(gone, Map.of()).status());
  }

  @Test
  void thePasswordIsChangedByItsForm() {
    Page page = ada.open(SETTINGS + "/sessions");
    String next = "another long password";
    Page differs =
        ada.send(page, "#password", Map.of("current", PASSWORD, "new", next, "again", "x"));
    assertEquals(400, differs.status());
    assertTrue(differs.one(".message").text().contains("differ"), differs.text());
    Page wrong =
        ada.send(page, "#password", Map.of("current", "wrong", "new", next, "again", next));
    assertEquals(401, wrong.status());
    assertTrue(wrong.one(".message").text().contains("nothing is changed"), wrong.text());
    assertEquals(
        400,
        ada.send(page, "#password", Map.of("current", PASSWORD, "new", "x", "again", "x"))
            .status());
    assertFalse(wrong.html().toString().contains(next));
    Page changed =
        ada.send(page, "#password", Map.of("current", PASSWORD, "new", next, "again", next));
    assertTrue(changed.one(".message.said").text().contains("is changed"), changed.text());
    String _ = signIn(PASSWORD, 401, "x");
    String _ = signIn(next, 201, "x");
    assertEquals(403, ada.post(SETTINGS + "/sessions/password", Map.of("new", next)).status());
  }

  @Test
  void aTokenIsShownOnceAndRevoked() {
    Page page = ada.open(SETTINGS + "/tokens");
    assertTrue(page.text().contains("There are no tokens yet"), page.text());
    // A member has no scope of admins to give.
    assertEquals(
        List.of("read", "run", "approve", "write", "servlets"),
        page.html().select("#make [name=scope]").eachAttr("value"));
    Page made =
        ada.send(
            page,
            "#make",
            Map.of("name", HOSTILE, "scope", "read", "profiles", "~/default", "life", "7"));
    assertEquals(201, made.status());
    assertEquals(SETTINGS + "/tokens", made.path());
    assertEquals(SETTINGS + "/tokens", made.one("[data-here]").attr("data-here"));
    String token = made.one("#token").val();
    given()
        .header("Authorization", "Bearer " + token)
        .get("/api/profiles/" + NAME + "/default/tasks")
        .then()
        .statusCode(200);
    Page list = ada.open(SETTINGS + "/tokens");
    assertFalse(list.html().toString().contains(token));
    assertEquals(HOSTILE, list.one("tbody td.lead").text());
    assertFalse(list.has("main img"));
    assertEquals("read", list.one("tbody td[data-name=Scopes]").text());
    assertEquals(NAME + "/default", list.one("tbody td[data-name='Limited to']").text());
    assertEquals(1, list.html().select("tbody td[data-name=Expires] time").size());
    assertTrue(ada.send(list, ".sure form", Map.of()).text().contains("There are no tokens yet"));
    given()
        .header("Authorization", "Bearer " + token)
        .get("/api/profiles/" + NAME + "/default/tasks")
        .then()
        .statusCode(401);
    assertEquals(404, ada.send(list, ".sure form", Map.of()).status());
  }

  @Test
  void aTokenComesWithACommandToTryItAndAWarningOfTasksThatDoNotExist() {
    Page page = ada.open(SETTINGS + "/tokens");
    Page made =
        ada.send(page, "#make", Map.of("name", "ci", "scope", "run", "tasks", "~/default/not-yet"));
    assertEquals(201, made.status());
    String task = NAME + "/default/not-yet";
    assertTrue(made.one(".said strong").text().contains("There is no task " + task), made.text());
    assertTrue(made.has("button[data-copy=token]"), made.text());
    String command = made.one("#command").wholeText();
    assertTrue(
        command.startsWith("export ERRAND_TOKEN=" + made.one("#token").val() + "\n"), command);
    assertTrue(
        command.contains("\ncurl -sS -H \"Authorization: Bearer $ERRAND_TOKEN\" '"), command);
    String address = command.substring(command.indexOf("'http") + 1, command.lastIndexOf('\''));
    assertTrue(address.endsWith("/api/profiles/" + NAME + "/default/runs?limit=3"), () -> address);
    given()
        .header("Authorization", "Bearer " + made.one("#token").val())
        .get(address.substring(address.indexOf("/api/")))
        .then()
        .statusCode(200);
    Page other = ada.send(page, "#make", Map.of("name", "ci", "scope", "servlets"));
    assertFalse(other.has(".said strong"), other.text());
    assertTrue(other.one("#command").text().contains("/api/users/~"), other.text());
  }

  @Test
  void aTokenOfOneTaskComesWithACommandThatStartsARun() {
    String task = "/api/profiles/~/default/tasks/of-a-token";
    given()
        .cookie("sessionId", ada.session())
        .contentType(ContentType.JSON)
        .body(
            Map.of(
                "runner", "openai",
                "openai", Map.of("prompt", "Hi", "model", "m", "base_url", "http://localhost:9"),
                "settings", Map.of("key", "sk-of-a-token-1")))
        .put(task)
        .then()
        .statusCode(201);
    Page page = ada.open(SETTINGS + "/tokens");
    Map<String, String> fields = Map.of("name", "ci", "tasks", "~/default/of-a-token");
    Page made = ada.send(page, "#make", with(fields, "run"));
    assertTrue(made.text().contains("This command starts a run"), made.text());
    String command = made.one("#command").wholeText();
    assertTrue(command.contains("curl -sS -X PUT -H"), command);
    String address = command.substring(command.indexOf("/api/"), command.lastIndexOf('\''));
    given()
        .header("Authorization", "Bearer " + made.one("#token").val())
        .put(address)
        .then()
        .statusCode(201);
    Page reader = ada.send(page, "#make", with(fields, "read"));
    assertTrue(reader.one("#command").text().endsWith("/runs?limit=3'"), reader.text());
  }

  private static Map<String, String> with(Map<String, String> fields, String scope) {
    Map<String, String> all = new HashMap<>(fields);
    all.put("scope", scope);
    return all;
  }

  @Test
  void aTokenThatIsRefusedKeepsItsForm() {
    Page page = ada.open(SETTINGS + "/tokens");
    Map<Map<String, String>, String> wrong =
        Map.of(
            Map.of("name", " "), "What it is for",
            Map.of("profiles", "a/b/c"), "Only these profiles",
            Map.of("profiles", "nobody/x"), "no profile",
            Map.of("tasks", "~/default/a*"), "Only these tasks",
            Map.of("scope", "everything"), "It may",
            Map.of("scope", "admin"), "scope",
            Map.of("life", "1"), "Expires");
    wrong.forEach(
        (fields, said) -> {
          Map<String, String> all = new HashMap<>(Map.of("name", HOSTILE, "scope", "run"));
          all.putAll(fields);
          Page refused = ada.send(page, "#make", all);
          assertTrue(refused.status() >= 400 && refused.status() < 500, said + refused.status());
          assertTrue(refused.one(".message").text().contains(said), refused.text());
          assertEquals(all.get("name").strip(), refused.one("#make [name=name]").val());
          assertEquals(all.getOrDefault("tasks", ""), refused.value("#make [name=tasks]"));
          assertFalse(refused.has("#token"));
          assertFalse(refused.has("main img"));
        });
    assertEquals(
        403, ada.post(SETTINGS + "/tokens", Map.of("name", "x", "scope", "read")).status());
    assertEquals(403, ada.send(page, "#make", Map.of("name", "x", "service", "admin")).status());
  }

  @Test
  void anAdminMakesTheTokensOfAService() {
    String service = "settings-service";
    api()
        .body(Map.of("role", "member", "kind", "service"))
        .put("/api/users/" + service)
        .then()
        .statusCode(201);
    try {
      Browser admin = new Browser(Api.SESSION);
      String path = "/console/admin/default/settings/tokens?service=" + service;
      Page made = admin.send(admin.open(path), "#make", Map.of("name", "ci", "scope", "read"));
      assertEquals(path, made.one("[data-here]").attr("data-here"));
      given()
          .header("Authorization", "Bearer " + made.one("#token").val())
          .get("/api/users/~")
          .then()
          .body("username", equalTo(service));
      Page list = admin.open(path);
      assertEquals("ci", list.one("tbody td.lead").text());
      assertTrue(admin.send(list, ".sure form", Map.of()).path().endsWith(path));
      assertEquals(403, ada.open(SETTINGS + "/tokens?service=" + service).status());
    } finally {
      api().delete("/api/users/" + service).then().statusCode(204);
    }
  }

  @Test
  void theAccessOfAClientIsEnded() throws Exception {
    String client = "/api/oauth/clients/settings-page";
    api()
        .body(Map.of("redirect_uris", List.of("http://localhost:1/back"), "confidential", false))
        .put(client)
        .then()
        .statusCode(201);
    try {
      String _ = GrantedAccess.to("settings-page", database);
      // As clients that register themselves are called, by their own word.
      try (Connection connection = database.getConnection();
          PreparedStatement statement =
              connection.prepareStatement(
                  "UPDATE oauth_client SET name = ? WHERE client_id = 'settings-page'")) {
        statement.setString(1, HOSTILE);
        assertEquals(1, statement.executeUpdate());
      }
      Browser admin = new Browser(Api.SESSION);
      // The page on which access is granted knows no profile.
      Page page = admin.open("/console/grants");
      assertEquals("/console/admin/default/settings/grants", page.path());
      assertEquals(HOSTILE, page.one("tbody td.lead").text());
      assertFalse(page.has("main img"));
      assertEquals("all profiles", page.one("tbody td[data-name=Profiles]").text());
      String end = page.one(".sure form").attr("action");
      assertEquals(403, admin.post(end, Map.of()).status());
      assertEquals(
          404,
          ada.post(
                  end.replace("/console/admin/default/settings", SETTINGS),
                  Map.of("ticket", ada.open(SETTINGS).html().select("[name=ticket]").val()))
              .status());
      assertTrue(admin.send(page, ".sure form", Map.of()).text().contains("No client has access"));
      api().get("/api/grants").then().body("size()", equalTo(0));
    } finally {
      api().delete(client).then().statusCode(204);
    }
  }
}
