package dev.errand.identity.signin;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.identity.account.PasswordHash;
import dev.errand.support.Eventually;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.http.Cookie;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How people sign in by password, and what becomes of their sessions. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SignInTest {
  private static final String PASSWORD = "correct horse battery";
  private static final String HASH = PasswordHash.of(PASSWORD);
  private static int number;

  @Inject DataSource database;

  private String name = "";

  // Another name for each test, since attempts are counted by it.
  @BeforeEach
  void aUserWithAPassword() throws SQLException {
    number++;
    name = "signs-in-" + number;
    put("{\"role\": \"member\"}").then().statusCode(201);
    sql("UPDATE account SET password_hash = ? WHERE username = ?", HASH, name);
  }

  @AfterEach
  void deleteTheUser() {
    api().delete("/api/users/" + name + "?force=true");
  }

  private Response put(String body) {
    return api().body(body).put("/api/users/" + name);
  }

  private static Response signIn(String name, String password) {
    return given()
        .contentType(ContentType.JSON)
        .header("User-Agent", "a-browser".repeat(30))
        .body(Map.of("username", name, "password", password))
        .post("/api/sessions");
  }

  private static RequestSpecification with(String session) {
    return given().contentType(ContentType.JSON).cookie("sessionId", session);
  }

  private String session() {
    return signIn(name, PASSWORD).then().statusCode(201).extract().path("session");
  }

  @Test
  void aPasswordMakesASessionAndACookie() {
    Response answer = signIn(name, PASSWORD);
    answer.then().statusCode(201).body("expires_at", notNullValue());
    Cookie cookie = answer.detailedCookie("sessionId");
    assertEquals(answer.path("session"), cookie.getValue());
    assertTrue(cookie.isHttpOnly());
    assertFalse(cookie.isSecured());
    assertEquals("Lax", cookie.getSameSite());
    assertEquals("/", cookie.getPath());
    with(cookie.getValue()).get("/api/users/~").then().body("username", equalTo(name));
    given()
        .header("Authorization", "Bearer " + cookie.getValue())
        .get(TASKS)
        .then()
        .statusCode(200);
    // An old cookie is no obstacle.
    given()
        .contentType(ContentType.JSON)
        .cookie("sessionId", "of-yesterday")
        .body(Map.of("username", name, "password", PASSWORD))
        .post("/api/sessions")
        .then()
        .statusCode(201);
  }

  @Test
  void allRefusedSignInsGetTheSameAnswer() throws SQLException {
    String wrong = problem(signIn(name, "wrong horse battery"), 401, "sign_in_refused").asString();
    assertEquals(wrong, signIn("nobody-" + name, PASSWORD).asString());
    assertEquals(wrong, signIn("a\0b", PASSWORD).asString());
    assertEquals(wrong, signIn("admin", PASSWORD).asString());
    put("{\"role\": \"member\", \"disabled\": true}").then().statusCode(200);
    assertEquals(wrong, signIn(name, PASSWORD).asString());
    put("{\"role\": \"member\", \"disabled\": false}").then().statusCode(200);
    sql("UPDATE account SET kind = 'service' WHERE username = ?", name);
    assertEquals(wrong, signIn(name, PASSWORD).asString());
  }

  @Test
  void passwordsCantBeTriedWithoutEnd() {
    Response limited = signIn("guessed-" + name, "a guess of a password");
    int refused = 0;
    while (limited.statusCode() == 401) {
      refused++;
      limited = signIn("guessed-" + name, "a guess of a password");
    }
    assertTrue(refused >= 10, "refused " + refused);
    problem(limited, 429, "rate_limited");
    assertTrue(Integer.parseInt(limited.header("Retry-After")) >= 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{}", "{\"username\": \"x\"}", "{\"username\": \"\", \"password\": \"\"}"})
  void aSignInNamesUserAndPassword(String body) {
    problem(
        given().contentType(ContentType.JSON).body(body).post("/api/sessions"),
        400,
        "invalid_input");
  }

  @Test
  void anotherSiteCantSignSomebodyIn() {
    problem(
        given()
            .contentType(ContentType.TEXT)
            .header("Sec-Fetch-Site", "cross-site")
            .body("{\"username\": \"" + name + "\", \"password\": \"" + PASSWORD + "\"}")
            .post("/api/sessions"),
        403,
        "cross_site");
  }

  @Test
  void sessionsAreListedAndEnded() {
    String first = session();
    String second = session();
    with(first)
        .get("/api/sessions")
        .then()
        .statusCode(200)
        .body("$", hasSize(2))
        .body("current", hasItem(true))
        .body("kind", hasItem("user"))
        .body("[0].device", equalTo("a-browser".repeat(30).substring(0, 200)))
        .body("[0].address", notNullValue())
        .body("[0].last_used_at", notNullValue())
        .body("[0].current", equalTo(false));
    String other = with(first).get("/api/sessions").path("[0].id");
    problem(api().delete("/api/sessions/" + other), 404, "session_not_found");
    problem(with(first).delete("/api/sessions/x"), 404, "session_not_found");
    with(first).delete("/api/sessions/" + other).then().statusCode(204);
    problem(with(second).get(TASKS), 401, "unauthenticated");
    Response end = with(first).delete("/api/sessions/current");
    end.then().statusCode(204);
    assertEquals("", end.detailedCookie("sessionId").getValue());
    assertEquals(0, end.detailedCookie("sessionId").getMaxAge());
    problem(with(first).get(TASKS), 401, "unauthenticated");
  }

  @Test
  void useExtendsASessionUpToItsMaximum() throws SQLException {
    String session = session();
    String when =
        "SELECT extract(epoch FROM %s - now())::bigint FROM session JOIN account ON"
            + " account.id = account_id WHERE username = ?";
    assertEquals(14, Math.round(number(when.formatted("expires_at"), name) / 86400.0));
    assertEquals(90, Math.round(number(when.formatted("ends_at"), name) / 86400.0));
    sql(
        "UPDATE session SET last_used_at = now() - interval '1 hour', expires_at = now() +"
            + " interval '1 hour', ends_at = now() + interval '40 days' FROM account WHERE"
            + " account.id = account_id AND username = ?",
        name);
    with(session).get(TASKS).then().statusCode(200);
    Eventually.await(
        "the use is written", () -> number(when.formatted("expires_at"), name) > 13 * 86400);
    assertTrue(number(when.formatted("last_used_at"), name) > -60);
    sql(
        "UPDATE session SET expires_at = now() FROM account WHERE account.id = account_id AND"
            + " username = ?",
        name);
    problem(with(session).get(TASKS), 401, "unauthenticated");
  }

  @Test
  void anEndIsNotPassedByUse() throws SQLException {
    String session = session();
    sql(
        "UPDATE session SET last_used_at = now() - interval '1 hour', ends_at = now() + interval"
            + " '2 hours' FROM account WHERE account.id = account_id AND username = ?",
        name);
    with(session).get(TASKS).then().statusCode(200);
    Eventually.await(
        "the use is written",
        () ->
            number(
                    "SELECT count(*) FROM session JOIN account ON account.id = account_id WHERE"
                        + " username = ? AND expires_at = ends_at",
                    name)
                == 1);
  }

  @Test
  void aPasswordIsChangedByItsOwner() {
    String mine = session();
    String other = session();
    String body = "{\"current\": \"%s\", \"new\": \"%s\"}";
    problem(
        with(mine)
            .body(body.formatted("wrong horse battery", "another long password"))
            .put("/api/users/~/password"),
        401,
        "sign_in_refused");
    for (String bad : new String[] {"x".repeat(11), "x".repeat(201), ""}) {
      problem(
          with(mine).body(body.formatted(PASSWORD, bad)).put("/api/users/~/password"),
          400,
          "invalid_input");
    }
    String wanted = "x".repeat(199) + "\uD83D\uDE00";
    with(mine)
        .body(body.formatted(PASSWORD, wanted))
        .put("/api/users/~/password")
        .then()
        .statusCode(204);
    with(mine).get(TASKS).then().statusCode(200);
    problem(with(other).get(TASKS), 401, "unauthenticated");
    problem(signIn(name, PASSWORD), 401, "sign_in_refused");
    // All of it counts, not the first 72 bytes alone.
    problem(signIn(name, "x".repeat(200)), 401, "sign_in_refused");
    signIn(name, wanted).then().statusCode(201);
  }

  private void sql(String sql, String... values) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  private long number(String sql, String value) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, value);
      try (ResultSet row = statement.executeQuery()) {
        assertTrue(row.next());
        return row.getLong(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
