package dev.errand.identity.profile;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user may do in a profile that somebody else shares. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SharingTest {
  private static final String MEMBERS = "/api/profiles/~/default/members";
  private static final String SHARED = "/api/profiles/admin/default";

  private final ScriptedModel model = new ScriptedModel();

  @Inject DataSource database;

  private OtherUser ada;

  @BeforeEach
  void aTask() {
    register("shared", "Hello", model);
    ada = OtherUser.named("ada", database);
  }

  @AfterEach
  void stop() {
    api().delete(MEMBERS + "/ada");
    api().delete(TASKS + "/shared?force=true").then().statusCode(204);
    model.close();
  }

  private static Response share(String role) {
    return api().body("{\"role\": \"" + role + "\"}").put(MEMBERS + "/ada");
  }

  @Test
  void whatIsNotSharedDoesNotExist() {
    problem(ada.api().get(SHARED + "/tasks"), 404, "profile_not_found");
    problem(ada.api().get(SHARED + "/members"), 404, "profile_not_found");
    problem(ada.api().delete(SHARED + "/members/~"), 404, "profile_not_found");
    problem(ada.api().put(SHARED + "/tasks/shared/runs/r"), 404, "profile_not_found");
  }

  @ParameterizedTest
  @CsvSource({
    "viewer, 200, 403, 403, 403",
    "runner, 200, 201, 403, 403",
    "editor, 200, 201, 200, 403",
    "owner, 200, 201, 200, 200"
  })
  void eachRoleMayDoWhatItsNameSays(String role, int sees, int starts, int changes, int shares) {
    share(role).then().statusCode(201).body("role", equalTo(role));
    String run = "by-" + role;
    expect(ada.api().get(SHARED + "/tasks/shared"), sees);
    expect(ada.api().get(SHARED + "/tasks/shared/runs"), sees);
    expect(ada.api().get(SHARED + "/usage"), sees);
    expect(ada.api().body("{}").put(SHARED + "/tasks/shared/runs/" + run), starts);
    if (starts == 201) {
      ended("shared", run);
      ada.api().get(SHARED + "/tasks/shared/runs/" + run).then().body("status", equalTo("ready"));
      ada.api().get("/api/runs/admin/default/shared/" + run).then().statusCode(200);
    }
    expect(ada.api().body("{\"enabled\": true}").patch(SHARED + "/tasks/shared"), changes);
    expect(ada.api().body("{\"role\": \"" + role + "\"}").put(SHARED + "/members/ada"), shares);
  }

  private static void expect(Response answer, int status) {
    if (status == 403) {
      problem(answer, 403, "role_missing");
    } else {
      answer.then().statusCode(status);
    }
  }

  @Test
  void aRoleIsChangedAndAMemberLeaves() {
    share("viewer").then().statusCode(201);
    share("runner").then().statusCode(200).body("role", equalTo("runner"));
    api().get(MEMBERS).then().body("user", contains("admin", "ada"));
    ada.api().get(SHARED + "/members").then().body("role", contains("owner", "runner"));
    ada.api().delete(SHARED + "/members/~").then().statusCode(204);
    problem(ada.api().get(SHARED + "/tasks"), 404, "profile_not_found");
    problem(api().delete(MEMBERS + "/ada"), 404, "user_not_found");
  }

  @Test
  void badRequestsAreRefused() {
    problem(share("king"), 400, "invalid_input");
    problem(api().body("{}").put(MEMBERS + "/ada"), 400, "invalid_input");
    problem(api().put(MEMBERS + "/ada"), 400, "invalid_input");
    problem(api().body("{\"role\": \"viewer\"}").put(MEMBERS + "/nobody"), 404, "user_not_found");
    problem(api().body("{\"role\": \"viewer\"}").put(MEMBERS + "/%00"), 404, "user_not_found");
    problem(api().body("{\"role\": \"viewer\"}").put(MEMBERS + "/~"), 400, "invalid_input");
  }
}
