package dev.errand.identity.profile;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.ApiToken;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
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
  void unsharedProfilesAreNotFound() {
    problem(ada.api().get(SHARED + "/tasks"), 404, "profile_not_found");
    problem(ada.api().get(SHARED + "/members"), 404, "profile_not_found");
    problem(ada.api().delete(SHARED + "/members/~"), 404, "profile_not_found");
    problem(ada.api().put(SHARED + "/tasks/shared/runs/r"), 404, "profile_not_found");
  }

  @ParameterizedTest
  @CsvSource({
    "viewer, 200, 403, 403, 403",
    "approver, 200, 403, 403, 403",
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

  @Test
  void aProcessOfTheVersionBeforeReadsAnApproverAsAViewer() throws Exception {
    share("approver").then().statusCode(201);
    assertEquals("viewer", stored());
    share("editor").then().statusCode(200).body("role", equalTo("editor"));
    share("approver").then().statusCode(200).body("role", equalTo("approver"));
    api().get(MEMBERS).then().body("find { it.user == 'ada' }.role", equalTo("approver"));
    ada.api().get(SHARED).then().body("role", equalTo("approver"));
    ada.api().get("/api/profiles?shared=true").then().body("role", hasItem("approver"));
    // What that version makes of a member, it is.
    execute("UPDATE profile_member SET role = 'runner'");
    ada.api().get(SHARED).then().body("role", equalTo("runner"));
    share("viewer").then().statusCode(200).body("role", equalTo("viewer"));
    ada.api().get(SHARED).then().body("role", equalTo("viewer"));
  }

  @Test
  void aRoleOfALaterVersionSees() {
    assertEquals(ProfileRole.VIEWER, ProfileRole.of("auditor"));
  }

  private String stored() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT role FROM profile_member")) {
      assertTrue(rows.next());
      return rows.getString(1);
    }
  }

  @Test
  void addressesAreForThoseWhoMayChangeThem() {
    api()
        .body(
            """
            {"runner": "openai", "openai": {"prompt": "Hi", "model": "gpt-4o", "base_url": "%s"},
             "settings": {"key": "sk-a-key-for-tests-1234", "callbacks": [
               {"url": "%s/hook/secret-path?token=secret-query"}]}}
            """
                .formatted(model.url(), model.url()))
        .put(TASKS + "/shared")
        .then()
        .statusCode(200);
    api().body("{\"scheme\": \"github\"}").put(TASKS + "/shared/triggers/gh");
    ApiToken reading = ApiToken.make(api(), List.of("read"), Map.of());
    List<String> paths =
        List.of("", "/shared", "/shared/triggers", "/shared/callbacks", "-of-older-clients");
    share("runner");
    for (String path : paths) {
      for (RequestSpecification by : List.of(ada.api(), reading.api())) {
        by.get(addressed(path))
            .then()
            .statusCode(200)
            .body(not(containsString("secret-")))
            .body(not(containsString("/hooks/")));
      }
    }
    URI server = URI.create(model.url());
    ada.api()
        .get(SHARED + "/tasks/shared/callbacks")
        .then()
        .body("url", contains(server.getScheme() + "://" + server.getAuthority()));
    ada.api().get(SHARED + "/tasks/shared/triggers").then().body("name", contains("gh"));
    share("editor");
    for (String path : paths) {
      ada.api()
          .get(addressed(path))
          .then()
          .body(containsString(path.endsWith("triggers") ? "/hooks/" : "secret-query"));
    }
    api().delete("/api/tokens/" + reading.id()).then().statusCode(204);
  }

  private static String addressed(String path) {
    return path.startsWith("-") ? "/api/tasks/admin" : SHARED + "/tasks" + path;
  }

  @Test
  void olderClientsListTheTasksThatAreSharedWithThem() {
    problem(ada.api().get("/api/tasks/admin"), 404, "profile_not_found");
    share("viewer");
    ada.api()
        .get("/api/tasks/admin")
        .then()
        .statusCode(200)
        .body("slug", hasItem("admin/default/shared"));
    problem(ada.api().get("/api/tasks/nobody"), 404, "profile_not_found");
  }

  @Test
  void leavingAProfileInvalidatesTheCachedInstallations() throws SQLException {
    String published = "/api/profiles/admin/published";
    api().body("{\"is_public\": true}").post(published).then().statusCode(201);
    try {
      api().body("{\"role\": \"viewer\"}").put(published + "/members/ada");
      execute("UPDATE profile SET created_at = now() - interval '1 hour' WHERE name = 'published'");
      execute("UPDATE profile_member SET created_at = now() - interval '1 hour'");
      String date = ada.api().get(published + "/installations").header("Date");
      ada.api()
          .header("If-Modified-Since", date)
          .get(published + "/installations")
          .then()
          .statusCode(304);
      api().delete(published + "/members/ada").then().statusCode(204);
      ada.api()
          .header("If-Modified-Since", date)
          .get(published + "/installations")
          .then()
          .statusCode(200);
      api().body("{\"role\": \"viewer\"}").put(published + "/members/ada");
      ada.api()
          .header("If-Modified-Since", date)
          .get(published + "/installations")
          .then()
          .statusCode(200);
    } finally {
      api().delete(published).then().statusCode(204);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      boolean _ = statement.execute(sql);
    }
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
    problem(api().body("{\"role\": \"viewer\"}").put(MEMBERS + "/~"), 400, "invalid_input")
        .then()
        .body("detail", equalTo("user: owns the profile; the role can't be changed"));
  }
}
