package dev.errand.automation;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.errand.support.Eventually;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.net.URI;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing starts a run of a task whose owner is disabled. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class DisabledOwnerTest {
  private static final String OWNER = "/api/users/owner";
  private static final String SHARED = "/api/profiles/owner/default/tasks/t";

  private final ScriptedModel model = new ScriptedModel();

  @Inject DataSource database;

  private OtherUser owner = new OtherUser("");

  @BeforeEach
  void aTaskThatIsShared() {
    put("{\"role\": \"member\"}");
    owner = OtherUser.named("owner", database);
    owner.register("t", "Hi", model);
    owner
        .api()
        .body("{\"role\": \"editor\"}")
        .put("/api/profiles/~/default/members/admin")
        .then()
        .statusCode(201);
  }

  @AfterEach
  void tidyUp() {
    api().delete(OWNER + "?force=true").then().statusCode(204);
    model.close();
  }

  private static void put(String body) {
    api().body(body).put(OWNER);
  }

  private static void disable(boolean disabled) {
    put("{\"role\": \"member\", \"disabled\": " + disabled + "}");
  }

  @Test
  void membersStartNoRun() {
    api().put(SHARED + "/runs/before?wait=60").then().statusCode(201);
    disable(true);
    problem(api().put(SHARED + "/runs/after"), 409, "user_disabled");
    api().put(SHARED + "/runs/before").then().statusCode(200);
    api().get(SHARED + "/runs").then().statusCode(200);
    disable(false);
    api().put(SHARED + "/runs/after").then().statusCode(201);
  }

  @Test
  void aTriggerRefusesDeliveries() {
    String url =
        owner
            .api()
            .body("{\"name\": \"hook\", \"scheme\": \"url\"}")
            .post(TASKS + "/t/triggers")
            .then()
            .statusCode(201)
            .extract()
            .path("url");
    String path = URI.create(url).getPath();
    given().contentType(ContentType.JSON).body("{}").post(path).then().statusCode(202);
    disable(true);
    problem(
        given().contentType(ContentType.JSON).body("{\"a\": 1}").post(path), 409, "user_disabled");
  }

  @Test
  void aSchedulePausesItself() {
    disable(true);
    String schedule = SHARED + "/schedules/often";
    api().body("{\"every\": \"PT1S\"}").put(schedule).then().statusCode(201);
    Eventually.await(
        "a pause", () -> api().get(schedule).jsonPath().getString("paused_reason") != null);
    api().get(schedule).then().body("paused_reason", containsString("owner is disabled"));
    api().get(schedule + "/fires").then().body("verdict", hasItem(equalTo("user_disabled")));
    disable(false);
  }
}
