package dev.errand.support;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
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

  /** Registers a task in the user's default profile. */
  public void register(String task, String prompt, ScriptedModel model) {
    api()
        .body(Api.task(prompt, model.url(), Map.of("key", "sk-a-key-for-tests-1234")))
        .put(Api.TASKS + "/" + task)
        .then()
        .statusCode(201);
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
