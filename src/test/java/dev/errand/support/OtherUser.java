package dev.errand.support;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * A user besides the tests' own, with a profile named default and a session.
 *
 * @param session the session
 */
public record OtherUser(String session) {

  /** The user of that name, made where there is none. */
  public static OtherUser named(String name, DataSource database) {
    String session = "the-session-of-" + name + "-in-tests-is-long-enough";
    run(
        database,
        "INSERT INTO account (id, username) VALUES (gen_random_uuid(), ?) ON CONFLICT DO NOTHING",
        name);
    run(
        database,
        "INSERT INTO profile (id, account_id, name) SELECT gen_random_uuid(), id, 'default' FROM"
            + " account WHERE username = ? ON CONFLICT DO NOTHING",
        name);
    run(
        database,
        "INSERT INTO session (token_hash, account_id, kind) SELECT sha256(convert_to(?, 'UTF8')),"
            + " id, 'user' FROM account WHERE username = ? ON CONFLICT DO NOTHING",
        session,
        name);
    return new OtherUser(session);
  }

  /** A request with the user's session. */
  public RequestSpecification api() {
    return given()
        .urlEncodingEnabled(false)
        .cookie("sessionId", session)
        .contentType(ContentType.JSON);
  }

  private static void run(DataSource database, String sql, String... values) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
