package dev.errand.runs.lifecycle;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A run that a newer version of the service started and ended, by a cause and an error of its own.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RunOfNewerVersionTest {
  // Its number would be another text if it was parsed and written again.
  private static final String CAUSE =
      "{\"kind\":\"email\", \"from\":\"<b>ada@example.com\",\"score\":1.10}";
  private static final String CONSOLE = "/console/admin/default";

  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void tidyUp() {
    model.close();
    api().delete(TASKS + "/newer?force=true").then().statusCode(204);
  }

  @Test
  void itsCauseAndItsErrorAreShownAsTheyAreStored() throws SQLException {
    model.script(request -> say("Fine."));
    register("newer", "Hello", model).then().statusCode(201);
    trigger("newer", "mailed", Map.of()).then().statusCode(201);
    assertEquals("ready", ended("newer", "mailed").getString("status"));
    end("mailed", CAUSE, "mail_bounced");

    String shown = api().get(TASKS + "/newer/runs/mailed").asString();
    assertTrue(shown.contains("\"trigger\":" + CAUSE + ","), shown);
    assertTrue(
        shown.contains("\"error\":{\"code\":\"mail_bounced\",\"message\":\"It came back.\"}"),
        shown);
    api()
        .get("/api/profiles/~/default/runs?task=newer")
        .then()
        .body("name", equalTo(List.of("mailed")))
        .body("error.code", equalTo(List.of("mail_bounced")));

    Browser admin = new Browser(Api.SESSION);
    Page run = admin.open(CONSOLE + "/tasks/newer/runs/mailed");
    assertEquals("mail_bounced: It came back.", run.one(".message").text());
    assertEquals("email", run.one("dt:contains(Started by) + dd").text());
    Page list = admin.open(CONSOLE + "/runs?task=newer");
    assertEquals(List.of("email"), list.html().select("td[data-name=Cause]").eachText());
    assertEquals("mail_bounced", list.one("td code").text());
  }

  private void end(String run, String cause, String code) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement update =
            connection.prepareStatement(
                """
                UPDATE run SET status = 'error', output = NULL, trigger = ?, error_code = ?,
                  error_message = 'It came back.'
                WHERE name = ?
                """)) {
      update.setString(1, cause);
      update.setString(2, code);
      update.setString(3, run);
      assertEquals(1, update.executeUpdate());
    }
  }
}
