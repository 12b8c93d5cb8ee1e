package dev.errand.identity.page;

import static dev.errand.support.Api.api;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.identity.signin.StartLinks;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages on which people sign in and out, as a browser without scripts uses them. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SignInPageTest {
  private static final String USER = "/api/users/page-reader";
  private static final String PASSWORD = "a password of one who reads pages";

  @Inject StartLinks links;
  @Inject DataSource database;

  private final Browser browser = new Browser(null);
  private String code = "";

  @BeforeEach
  void aPersonIsInvited() {
    String link =
        api()
            .body("{\"role\": \"member\"}")
            .put(USER)
            .then()
            .statusCode(201)
            .extract()
            .path("invitation_url");
    code = link.substring(link.lastIndexOf('/') + 1);
  }

  @AfterEach
  void tidyUp() {
    api().delete(USER + "?force=true").then().statusCode(204);
  }

  private void choosePassword() {
    given()
        .contentType(ContentType.JSON)
        .body(Map.of("password", PASSWORD))
        .post("/api/invitations/" + code)
        .then()
        .statusCode(201);
  }

  private Page signIn(String path, String password) {
    return browser.send(
        browser.open(path), "#sign-in", Map.of("username", "page-reader", "password", password));
  }

  @Test
  void anAddressThatOnlyTakesFormsLeadsToThePageOfTheForm() {
    leads("tasks/hello/runs/a%3Fb%20c/cancel", "tasks/hello/runs/a%3Fb%20c");
    leads("settings/tokens/1/revoke", "settings/tokens");
    leads("settings/members/ada/remove", "settings/members");
    given()
        .cookie("sessionId", dev.errand.support.Api.SESSION)
        .accept("text/html")
        .redirects()
        .follow(false)
        .get("/sign-out")
        .then()
        .statusCode(405);
  }

  private static void leads(String address, String page) {
    String home = "/console/admin/default/";
    given()
        .urlEncodingEnabled(false)
        .cookie("sessionId", dev.errand.support.Api.SESSION)
        .accept("text/html")
        .redirects()
        .follow(false)
        .get(home + address)
        .then()
        .statusCode(303)
        .header("Location", endsWith(home + page));
  }

  @Test
  void anybodyGetsThePageWithAFormForThePassword() {
    Page page = browser.open("/sign-in");
    assertEquals(200, page.status());
    assertEquals("no-referrer", page.answer().header("Referrer-Policy"));
    assertTrue(page.has("#sign-in input[type=password]"));
    assertFalse(page.answer().asString().contains("sign-in/oidc"));
    // A session that has ended is no obstacle.
    assertEquals(200, new Browser("of-yesterday").open("/sign-in").status());
  }

  @Test
  void aFormIsRestoredAfterTheSessionEnded() {
    choosePassword();
    String form = "/console/page-reader/default/tasks/x/edit?run=1";
    Response sent = sentFrom("https://errand.example" + form);
    assertEquals(303, sent.statusCode());
    String to = URI.create(sent.header("Location")).getRawPath();
    String query = URI.create(sent.header("Location")).getRawQuery();
    Page page = browser.open(to + "?" + query);
    assertTrue(page.one(".message").text().contains("Your session has ended"), page.text());
    assertTrue(page.text().contains("What you typed is kept in this tab"), page.text());
    assertEquals(form, "/" + page.one("#sign-in [name=return]").val());
    assertEquals(form, signIn(to + "?" + query, PASSWORD).path());
    for (String elsewhere : List.of("https://evil.example/other", "no address", "")) {
      assertTrue(sentFrom(elsewhere).header("Location").endsWith("/sign-in"), elsewhere);
    }
  }

  @Test
  void aPartOfAPageLeadsBackToThePageAfterTheSessionEnded() {
    choosePassword();
    String form = "/console/page-reader/default/new-task";
    Response part =
        given()
            .header("HX-Request", "true")
            .header("HX-Current-URL", "https://errand.example" + form)
            .get("/console/page-reader/default/models?provider=x");
    assertEquals(401, part.statusCode());
    String to = part.header("HX-Redirect");
    Page page = browser.open(to.substring(to.indexOf("/sign-in")));
    assertTrue(page.one(".message").text().startsWith("Your session has ended."), page.text());
    assertEquals(form, "/" + page.one("#sign-in [name=return]").val());
  }

  private static Response sentFrom(String page) {
    return given()
        .redirects()
        .follow(false)
        .contentType(ContentType.URLENC)
        .header("Referer", page)
        .formParam("ticket", "of-yesterday")
        .post("/console/page-reader/default/new-task");
  }

  @Test
  void aPersonSignsInContinuesAndSignsOut() {
    choosePassword();
    Page refused = signIn("/sign-in?return=console/page-reader/default", "not the password");
    assertEquals(401, refused.status());
    assertEquals("page-reader", refused.one("[name=username]").val());
    assertEquals("", refused.one("[name=password]:not([name=again], #invitation *)").val());
    assertEquals("console/page-reader/default", refused.one("[name=return]").val());
    assertNull(browser.session());
    Page home = signIn("/sign-in?return=console/page-reader/default", PASSWORD);
    assertEquals("/console/page-reader/default", home.path());
    assertNotNull(browser.session());
    Page known = browser.open("/sign-in");
    assertEquals("page-reader", known.one("#user").text());
    String session = browser.session();
    assertEquals("/sign-in", browser.send(known, "#sign-out", Map.of()).path());
    assertNull(browser.session());
    given().cookie("sessionId", session).get("/api/users/~").then().statusCode(401);
  }

  @Test
  void theFormToSignOutWantsItsOwnTicket() {
    choosePassword();
    signIn("/sign-in", PASSWORD);
    String session = browser.session();
    for (Map<String, String> forged :
        List.<Map<String, String>>of(Map.of(), Map.of("ticket", "1.guess"))) {
      Page refused = browser.post("/sign-out", forged);
      assertEquals(403, refused.status());
      assertTrue(refused.text().contains("has expired"), refused.text());
    }
    Browser other = new Browser(dev.errand.support.Api.SESSION);
    String foreign = other.open("/sign-in").one("#sign-out [name=ticket]").val();
    assertEquals(403, browser.post("/sign-out", Map.of("ticket", foreign)).status());
    given().cookie("sessionId", session).get("/api/users/~").then().statusCode(200);
  }

  @Test
  void anotherSiteSignsNobodyIn() {
    choosePassword();
    for (String path : List.of("/sign-in", "/sign-in/invitation")) {
      given()
          .header("Accept", "text/html")
          .header("Sec-Fetch-Site", "cross-site")
          .contentType("application/x-www-form-urlencoded; charset=UTF-8")
          .formParam("username", "page-reader")
          .formParam("password", PASSWORD)
          .post(path)
          .then()
          .statusCode(403)
          .contentType("text/html;charset=UTF-8")
          .body(containsString("cross_site"));
    }
  }

  @Test
  void theSignInRedirectsOnlyToThisService() {
    choosePassword();
    for (String elsewhere :
        List.of(
            "https://example.org/",
            "//example.org",
            "console//example.org",
            "console/../api/users",
            "console/%252e%252e/api%25",
            "api/users",
            "console%5Cevil",
            "consoles")) {
      Page page = browser.open("/sign-in?return=" + elsewhere);
      assertEquals("", page.one("[name=return]").val(), elsewhere);
    }
    Page forged =
        browser.send(
            browser.open("/sign-in"),
            "#sign-in",
            Map.of("username", "page-reader", "password", PASSWORD, "return", "//example.org"));
    assertEquals("/console/page-reader/default", forged.path());
    browser.send(browser.open("/sign-in"), "#sign-out", Map.of());
    Page granting = signIn("/sign-in?return=oauth%2Fauthorize%3Fclient_id%3Dx", PASSWORD);
    // Not by a redirect, which may lead on to another site.
    assertEquals(200, granting.status());
    assertTrue(granting.one("main a").attr("href").endsWith("/oauth/authorize?client_id=x"));
  }

  @Test
  void anInvitationIsAcceptedByTheForm() {
    Page page = browser.open("/sign-in");
    assertTrue(page.one("#invitation").hasAttr("hidden"));
    Page differing =
        browser.send(page, "#invitation", Map.of("code", code, "password", PASSWORD, "again", "x"));
    assertEquals(400, differing.status());
    assertFalse(differing.one("#invitation").hasAttr("hidden"));
    Page home =
        browser.send(differing, "#invitation", Map.of("password", PASSWORD, "again", PASSWORD));
    assertEquals("/console/page-reader/default", home.path());
    Page used =
        new Browser(null)
            .send(
                page, "#invitation", Map.of("code", code, "password", PASSWORD, "again", PASSWORD));
    assertEquals(404, used.status());
  }

  @Test
  void aStartLinkWorksOnceAndLeavesTheAddress() throws Exception {
    choosePassword();
    String path = "/start?token=" + links.make(id());
    Response answer = browser.at(path);
    answer
        .then()
        .statusCode(303)
        .header("Location", containsString("/console"))
        .header("Referrer-Policy", equalTo("no-referrer"))
        .header("Cache-Control", equalTo("no-store"))
        .header("Set-Cookie", containsString("HttpOnly"))
        .header("Set-Cookie", containsString("SameSite=Lax"));
    assertFalse(answer.header("Location").contains("token"));
    given()
        .cookie("sessionId", answer.cookie("sessionId"))
        .get("/api/users/~")
        .then()
        .statusCode(200)
        .body("username", equalTo("page-reader"));
    Page again = browser.open(path);
    assertEquals(401, again.status());
    assertTrue(again.text().contains("was used"), again.text());
    assertNull(browser.session());
  }

  @Test
  void aStartLinkExpiresAndSignsNoDisabledUserIn() throws Exception {
    String late = links.make(id());
    execute("UPDATE start_link SET expires_at = now() - interval '1 second'");
    assertEquals(401, browser.open("/start?token=" + late).status());
    String good = links.make(id());
    api().body("{\"disabled\": true}").put(USER).then().statusCode(200);
    assertEquals(401, browser.open("/start?token=" + good).status());
    assertEquals(401, browser.open("/start").status());
    assertNull(browser.session());
  }

  @Test
  void assetsAreKeptForGoodUnderTheirVersion() {
    Page page = browser.open("/sign-in");
    String style = page.one("link[rel=stylesheet]").attr("href");
    String script = page.one("script[src$=invitation.js]").attr("src");
    for (String address : List.of(style, script)) {
      given()
          .get(address)
          .then()
          .statusCode(200)
          .header("Cache-Control", equalTo("public, max-age=31536000, immutable"))
          .header("X-Content-Type-Options", equalTo("nosniff"));
    }
    given()
        .get("/assets/of-another-version/errand.css")
        .then()
        .statusCode(200)
        .contentType("text/css;charset=UTF-8")
        .header("Cache-Control", equalTo("no-store"));
    given().get(style).then().body(containsString("\n  color-scheme: light dark;"));
    given().get(script).then().body(startsWith("\"use strict\";"));
    given().get("/assets/x/application.properties").then().statusCode(404);
  }

  @Test
  void unknownAddressesArePagesOnlyForBrowsers() {
    assertEquals(404, browser.open("/nowhere").status());
    given()
        .accept("application/json")
        .get("/nowhere")
        .then()
        .statusCode(404)
        .contentType("application/problem+json");
    given()
        .header("Accept", "text/html")
        .get("/api/nowhere")
        .then()
        .statusCode(404)
        .contentType("application/problem+json");
  }

  private UUID id() throws Exception {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        var rows =
            statement.executeQuery("SELECT id FROM account WHERE username = 'page-reader'")) {
      rows.next();
      return rows.getObject(1, UUID.class);
    }
  }

  private void execute(String sql) throws Exception {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
