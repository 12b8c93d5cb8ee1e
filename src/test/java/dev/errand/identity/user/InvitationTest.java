package dev.errand.identity.user;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How users choose a password by a link. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class InvitationTest {
  private static final String LIN = "/api/users/lin";
  private static final String PASSWORD = "a password of lin";

  @Inject DataSource database;

  @AfterEach
  void deleteTheUser() {
    api().delete(LIN);
  }

  private static String invited() {
    Response answer = api().body("{\"role\": \"member\"}").put(LIN);
    answer.then().statusCode(201);
    return pathOf(answer.path("invitation_url"));
  }

  private static String pathOf(String url) {
    assertTrue(url.startsWith("http://localhost:"), url);
    return URI.create(url).getPath();
  }

  private static String reset() {
    Response answer = api().post(LIN + "/password-reset");
    answer.then().statusCode(200);
    return pathOf(answer.path("url"));
  }

  private static Response accept(String link, String password) {
    return given().contentType(ContentType.JSON).body(Map.of("password", password)).post(link);
  }

  private static Response signIn(String password) {
    return given()
        .contentType(ContentType.JSON)
        .body(Map.of("username", "lin", "password", password))
        .post("/api/sessions");
  }

  @Test
  void aLinkSetsAPasswordOnce() {
    String link = invited();
    api().body("{\"role\": \"member\"}").put(LIN).then().body("invitation_url", nullValue());
    problem(accept(link, "too short"), 400, "invalid_input");
    problem(signIn(PASSWORD), 401, "sign_in_refused");
    Response accepted = accept(link, PASSWORD);
    accepted.then().statusCode(201);
    String session = accepted.path("session");
    assertEquals(session, accepted.detailedCookie("sessionId").getValue());
    given()
        .cookie("sessionId", session)
        .get("/api/users/~")
        .then()
        .body("username", equalTo("lin"));
    signIn(PASSWORD).then().statusCode(201);
    problem(accept(link, "another password"), 404, "invitation_not_found");
    problem(accept("/api/invitations/x", PASSWORD), 404, "invitation_not_found");
    problem(given().contentType(ContentType.JSON).post(link), 400, "invalid_input");
  }

  @Test
  void aBrowserIsLedToThePageThatAsksForAPassword() {
    String link = invited();
    Response page = given().redirects().follow(false).get(link);
    page.then().statusCode(303);
    URI location = URI.create(page.header("Location"));
    assertEquals("/sign-in", location.getPath());
    assertEquals("invitations" + link.substring(link.lastIndexOf('/')), location.getFragment());
    problem(given().get("/api/invitations/short"), 404, "invitation_not_found");
    // To open it does not use it up.
    accept(link, PASSWORD).then().statusCode(201);
  }

  @Test
  void aResetReplacesThePasswordAndEndsSessions() {
    String session = accept(invited(), PASSWORD).path("session");
    String first = reset();
    String second = reset();
    assertNotEquals(first, second);
    given().cookie("sessionId", session).get(TASKS).then().statusCode(200);
    problem(accept(first, "another password"), 404, "invitation_not_found");
    accept(second, "another password").then().statusCode(201);
    problem(given().cookie("sessionId", session).get(TASKS), 401, "unauthenticated");
    problem(signIn(PASSWORD), 401, "sign_in_refused");
    signIn("another password").then().statusCode(201);
    problem(
        given()
            .cookie("sessionId", (String) signIn("another password").path("session"))
            .post(LIN + "/password-reset"),
        403,
        "scope_missing");
    problem(api().post("/api/users/nobody/password-reset"), 404, "user_not_found");
  }

  @Test
  void aLinkExpiresAndIsNoneOfADisabledUser() throws SQLException {
    String link = invited();
    api().body("{\"role\": \"member\", \"disabled\": true}").put(LIN).then().statusCode(200);
    problem(accept(link, PASSWORD), 404, "invitation_not_found");
    api().body("{\"role\": \"member\", \"disabled\": false}").put(LIN).then().statusCode(200);
    problem(accept(link, PASSWORD), 404, "invitation_not_found");
    String later = reset();
    try (Connection connection = database.getConnection();
        Statement update = connection.createStatement()) {
      assertEquals(1, update.executeUpdate("UPDATE invitation SET expires_at = now()"));
    }
    problem(accept(later, PASSWORD), 404, "invitation_not_found");
  }

  @Test
  void aServiceHasNoPassword() {
    api()
        .body("{\"role\": \"member\", \"kind\": \"service\"}")
        .put(LIN)
        .then()
        .statusCode(201)
        .body("invitation_url", nullValue());
    problem(api().post(LIN + "/password-reset"), 400, "invalid_input");
  }
}
