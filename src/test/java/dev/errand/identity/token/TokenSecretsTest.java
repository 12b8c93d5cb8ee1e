package dev.errand.identity.token;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.LoggedAtTrace.linesWith;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.ApiToken;
import dev.errand.support.LoggedAtTrace;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The text of a token is in no log, no error and no row of the database. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(LoggedAtTrace.class)
class TokenSecretsTest {

  @Inject DataSource database;

  @Test
  void noTokenIsInTheLogOrTheDatabase() throws Exception {
    ApiToken token = ApiToken.make(api(), List.of("read"), Map.of());
    String mistyped = token.text().substring(0, 52) + (token.text().endsWith("a") ? "b" : "a");
    token.api().get(TASKS).then().statusCode(200);
    given().cookie("sessionId", token.text()).get(TASKS).then().statusCode(200);
    for (String where :
        List.of("/api/tokens/" + token.text(), TASKS + "?cursor=" + token.text(), "/" + mistyped)) {
      given().urlEncodingEnabled(false).cookie("sessionId", token.text()).get(where);
    }
    String refused =
        new ApiToken("", mistyped).api().get(TASKS).then().statusCode(401).extract().asString();
    assertFalse(refused.contains(mistyped.substring(4)), refused);
    api().delete("/api/tokens/" + token.id()).then().statusCode(204);
    given().get("/sign-in?last=token");
    LoggedAtTrace.awaitRequest("last=token");
    for (String secret : List.of(token.text().substring(4), mistyped.substring(4))) {
      assertEquals(List.of(), linesWith(secret), "lines of the log");
    }
    ApiToken kept = ApiToken.make(api(), List.of("read"), Map.of());
    List<String> dump = dump();
    assertTrue(dump.stream().anyMatch(row -> row.contains(kept.id())), "The token is in the dump");
    assertEquals(
        List.of(), dump.stream().filter(row -> row.contains(kept.text().substring(4))).toList());
  }

  // Every row of every table, as text.
  private List<String> dump() throws Exception {
    List<String> rows = new ArrayList<>();
    try (Connection connection = TestDatabase.superuser(database);
        Statement statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (ResultSet names =
          statement.executeQuery(
              "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")) {
        while (names.next()) {
          tables.add(names.getString(1));
        }
      }
      for (String table : tables) {
        try (ResultSet found =
            statement.executeQuery("SELECT t::text FROM public." + table + " t")) {
          while (found.next()) {
            rows.add(found.getString(1));
          }
        }
      }
    }
    return rows;
  }
}
