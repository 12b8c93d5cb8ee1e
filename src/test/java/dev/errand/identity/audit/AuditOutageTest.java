package dev.errand.identity.audit;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.Servlets;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What can't be recorded is not done. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class AuditOutageTest {
  private static final String TASK = TASKS + "/unrecorded";

  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void tidyUp() throws SQLException {
    takeLines();
    api().delete(TASK + "?force=true");
    api().delete("/api/profiles/~/default/pause");
    model.close();
  }

  private void takeNoLines() throws SQLException {
    run("ALTER TABLE audit ADD CONSTRAINT takes_none CHECK (false) NOT VALID");
  }

  private void takeLines() throws SQLException {
    run("ALTER TABLE audit DROP CONSTRAINT IF EXISTS takes_none");
  }

  private void run(String sql) throws SQLException {
    try (Connection owner = database.getConnection();
        Statement statement = owner.createStatement()) {
      boolean _ = statement.execute(sql);
    }
  }

  private static void fails(Response answer) {
    problem(answer, 500, "internal");
  }

  @Test
  void noChangeWithoutAnAuditLine() throws SQLException {
    register("unrecorded", "Hello", model).then().statusCode(201);
    api().body("{\"every\": \"P1D\"}").put(TASK + "/schedules/daily").then().statusCode(201);
    OtherUser.named("ada", database);
    model.script(request -> ScriptedModel.error(404, "model_not_found", "There is none."));
    trigger("unrecorded", "broken", Map.of()).then().statusCode(201);
    ended("unrecorded", "broken");
    takeNoLines();
    fails(api().body("{\"role\": \"member\"}").put("/api/users/unrecorded"));
    fails(api().body("{\"name\": \"t\", \"scopes\": [\"read\"]}").post("/api/tokens"));
    fails(api().body("{\"role\": \"viewer\"}").put("/api/profiles/~/default/members/ada"));
    fails(api().put("/api/profiles/~/default/pause"));
    fails(api().body("{\"settings\": {\"max_steps\": 3}}").patch(TASK));
    fails(api().delete(TASK));
    fails(api().body("{\"cron\": \"@daily\"}").put(TASK + "/schedules/other"));
    fails(api().delete(TASK + "/schedules/daily"));
    fails(api().body("{\"name\": \"new\"}").post(TASK + "/triggers"));
    fails(api().post(TASK + "/runs/broken/retry"));
    fails(Servlets.publish("admin/unrecorded", "", Servlets.variant("c_echo", "unrecorded")));
    takeLines();
    problem(api().delete("/api/users/unrecorded"), 404, "user_not_found");
    api().get("/api/tokens").then().body("findAll { it.name == 't' }", hasSize(0));
    api().get("/api/profiles/~/default/members").then().body("user", hasSize(1));
    api().get("/api/profiles/~/default/pause").then().body("paused", equalTo(false));
    api().get(TASK).then().statusCode(200).body("settings.max_steps", equalTo(20));
    api().get(TASK + "/schedules").then().body("name", hasSize(1));
    api().get(TASK + "/triggers").then().body("name", hasSize(0));
    api().get(TASK + "/runs/broken").then().body("status", equalTo("error"));
    problem(api().get("/api/servlets/~/unrecorded"), 404, "servlet_not_found");
  }
}
