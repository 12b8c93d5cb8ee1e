package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.util.List;
import java.util.Map;
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
      Page page = ada.open(link);
      assertEquals(200, page.status(), link);
      assertEquals(SETTINGS, page.one(".crumbs a").attr("href"), link);
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
    assertTrue(devices.get(1).endsWith("this one"), devices.toString());
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
}
