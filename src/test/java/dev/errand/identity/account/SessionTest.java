package dev.errand.identity.account;

import static dev.errand.support.Api.SESSION;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.problem;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SessionTest {
  @Inject Users users;
  @Inject DataSource database;
  @Inject Sessions sessions;

  @Test
  void aSessionComesAsACookieOrAsABearer() {
    given()
        .cookie("sessionId", SESSION)
        .get("/api/users/~")
        .then()
        .statusCode(200)
        .body("username", equalTo("admin"));
    for (String scheme : List.of("Bearer ", "bearer ", "BEARER  ")) {
      given().header("Authorization", scheme + SESSION).get(TASKS).then().statusCode(200);
    }
    given()
        .header("Authorization", "Basic YTpi")
        .cookie("sessionId", SESSION)
        .get(TASKS)
        .then()
        .statusCode(200);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/api/users/~",
    "GET,/api/profiles/~/default/tasks",
    "GET,/api/profiles/~/default/tasks/t",
    "PUT,/api/profiles/~/default/tasks/t",
    "DELETE,/api/profiles/~/default/tasks/t",
    "POST,/api/profiles/~/default/tasks/t/preview",
    "GET,/api/profiles/~/default/tasks/t/runs",
    "GET,/api/profiles/~/default/tasks/t/runs/r",
    "PUT,/api/profiles/~/default/tasks/t/runs/r",
    "GET,/api/profiles/none/none/tasks",
    "GET,//api/profiles/~/default/tasks",
    "GET,/api//profiles/~/default/tasks",
    "GET,/%61pi/profiles/~/default/tasks",
    "GET,/x/../api/profiles/~/default/tasks",
    "GET,/api;a=b/profiles/~/default/tasks",
  })
  void noAddressAnswersWithoutASession(String method, String path) {
    for (RequestSpecification request :
        List.of(
            given(),
            given().cookie("sessionId", ""),
            given().cookie("sessionId", SESSION + "x"),
            given().cookie("sessionid", SESSION),
            given().header("Authorization", "Bearer"),
            given().header("Authorization", "Bearer "),
            given().header("Authorization", "Bearer " + SESSION.substring(1)),
            given().header("Authorization", "Basic " + SESSION),
            given().header("Authorization", SESSION))) {
      int status =
          request
              .urlEncodingEnabled(false)
              .contentType(ContentType.JSON)
              .body(method.equals("GET") || method.equals("DELETE") ? "" : "not json")
              .request(method, path)
              .statusCode();
      assertTrue(status == 401 || (status == 404 && !path.startsWith("/api/")), path + status);
    }
    if (path.startsWith("/api/")) {
      problem(
              given().urlEncodingEnabled(false).contentType(ContentType.JSON).request(method, path),
              401,
              "unauthenticated")
          .then()
          .header("WWW-Authenticate", containsString("Bearer"))
          .body("detail", containsString("sessionId"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"' OR 1=1 --", "\u00e9", "%00"})
  void aStrangeSessionIsNoSession(String token) {
    problem(given().header("Authorization", "Bearer " + token).get(TASKS), 401, "unauthenticated");
  }

  @Test
  void theTableOfSessionsOpensNoDoor() throws Exception {
    String hash =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256")
                    .digest(SESSION.getBytes(StandardCharsets.UTF_8)));
    boolean found = false;
    try (Connection connection = database.getConnection();
        Statement select = connection.createStatement();
        ResultSet rows = select.executeQuery("SELECT s::text, s.token_hash FROM session s")) {
      while (rows.next()) {
        assertFalse(rows.getString(1).contains(SESSION));
        found |= HexFormat.of().formatHex(rows.getBytes(2)).equals(hash);
      }
    }
    assertTrue(found);
    problem(given().cookie("sessionId", hash).get(TASKS), 401, "unauthenticated");
  }

  @Test
  void aSessionThatHasEndedIsNoSession() throws Exception {
    String token =
        QuarkusTransaction.requiringNew()
            .call(() -> sessions.mintForDev(users.named(User.ADMIN).orElseThrow().id()));
    given().cookie("sessionId", token).get(TASKS).then().statusCode(200);

    try (Connection connection = database.getConnection();
        Statement update = connection.createStatement()) {
      assertEquals(
          1,
          update.executeUpdate(
              "UPDATE session SET expires_at = now() - interval '1 second' WHERE kind = 'dev'"));
    }
    problem(given().cookie("sessionId", token).get(TASKS), 401, "unauthenticated");
  }

  @Test
  void theOperatorsSessionReplacesTheFormerOne() {
    String other = "another-session-of-the-operator-of-32-or-more";
    User admin = users.named(User.ADMIN).orElseThrow();

    sessions.bootstrap(admin.id(), other);
    try {
      given().cookie("sessionId", other).get(TASKS).then().statusCode(200);
      problem(given().cookie("sessionId", SESSION).get(TASKS), 401, "unauthenticated");
    } finally {
      sessions.bootstrap(admin.id(), SESSION);
    }
    given().cookie("sessionId", SESSION).get(TASKS).then().statusCode(200);
    problem(given().cookie("sessionId", other).get(TASKS), 401, "unauthenticated");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/..", "/%2e%2E", "/x/../..", "/./..", "/../../victim"})
  void anAddressThatLeadsElsewhereIsRefused(String rest) throws Exception {
    String schedules = "/api/profiles/~/default/tasks/victim/schedules";
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(
                      URI.create(RestAssured.baseURI + ":" + RestAssured.port + schedules + rest))
                  .header("cookie", "sessionId=" + SESSION)
                  .DELETE()
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals(400, answer.statusCode());
      assertTrue(answer.body().contains("invalid_input"), answer.body());
    }
  }
}
