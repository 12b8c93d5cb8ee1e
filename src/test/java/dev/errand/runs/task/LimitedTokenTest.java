package dev.errand.runs.task;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.errand.support.ApiToken;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A token that is limited to profiles or tasks sees no others. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class LimitedTokenTest {
  private static final String OTHER = "/api/profiles/~/other/tasks";
  private static final List<String> MOST = List.of("read", "run", "write", "servlets");

  private final ScriptedModel model = new ScriptedModel();

  @Inject DataSource database;

  @BeforeEach
  void tasks() throws Exception {
    execute(
        "INSERT INTO profile (id, account_id, name) SELECT gen_random_uuid(), id, 'other' FROM"
            + " account WHERE username = 'admin' ON CONFLICT DO NOTHING");
    for (String task : List.of("a-limit", "b-limit", "c-limit")) {
      register(task, "Say it", model).then().statusCode(201);
    }
    api()
        .body(
            Map.of(
                "runner",
                "openai",
                "openai",
                Map.of("prompt", "Say it", "model", "gpt-4o", "base_url", model.url()),
                "settings",
                Map.of("key", "sk-a-key-for-tests-1234")))
        .put(OTHER + "/b-limit")
        .then()
        .statusCode(201);
  }

  @AfterEach
  void stop() throws Exception {
    for (String task : List.of("a-limit", "b-limit", "c-limit")) {
      api().delete(TASKS + "/" + task + "?force=true");
    }
    api().delete(OTHER + "/b-limit?force=true");
    execute("DELETE FROM token");
    model.close();
  }

  private void execute(String sql) throws Exception {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      boolean _ = statement.execute(sql);
    }
  }

  private static ApiToken limited(String to, String item) {
    return ApiToken.make(api(), MOST, Map.of(to, List.of(item)));
  }

  @Test
  void requestsAboutTheUserAreRefused() {
    for (ApiToken token :
        List.of(limited("profiles", "~/default"), limited("tasks", "~/default/b-limit"))) {
      problem(token.api().get("/api/sessions"), 403, "scope_missing");
      problem(token.api().delete("/api/sessions/current"), 403, "scope_missing");
      problem(
          token
              .api()
              .body("{\"current\": \"a long password\", \"new\": \"another password\"}")
              .put("/api/users/~/password"),
          403,
          "scope_missing");
    }
    ApiToken admin =
        ApiToken.make(api(), List.of("admin"), Map.of("profiles", List.of("~/default")));
    problem(admin.api().get("/api/users"), 403, "scope_missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/profiles/~/other/tasks",
        "/api/profiles/admin/other/tasks",
        "/api/profiles/~/other/tasks/b-limit",
        "/api/profiles/~/other/tasks/b-limit/runs",
        "/api/profiles/~/other/tasks/b-limit/runs/r",
        "/api/profiles/~/other/tasks/b-limit/schedules",
        "/api/profiles/~/other/tasks/b-limit/triggers",
        "/api/profiles/~/other/tasks/b-limit/callbacks",
        "/api/profiles/~/other/tasks/b-limit/usage",
        "/api/profiles/~/other/usage",
        "/api/profiles/~/other/pause",
        "/api/profiles/~/other/members",
        "/api/profiles/~/other/installations",
        "/api/tasks/~/other/b-limit",
        "/api/runs/~/other/b-limit",
        "/api/runs/~/other/b-limit/r",
      })
  void anotherProfileDoesNotExist(String path) {
    problem(limited("profiles", "~/default").api().get(path), 404, "profile_not_found");
    problem(limited("tasks", "~/default/b-limit").api().get(path), 404, "profile_not_found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/profiles/~/default/tasks/a-limit",
        "/api/profiles/admin/default/tasks/a-limit/runs",
        "/api/profiles/~/default/tasks/a-limit/runs/r",
        "/api/profiles/~/default/tasks/a-limit/runs/r/events",
        "/api/profiles/~/default/tasks/a-limit/schedules",
        "/api/profiles/~/default/tasks/a-limit/triggers",
        "/api/profiles/~/default/tasks/a-limit/callbacks",
        "/api/profiles/~/default/tasks/a-limit/usage",
        "/api/profiles/~/default/usage",
        "/api/profiles/~/default/pause",
        "/api/profiles/~/default/members",
        "/api/profiles/~/default/installations",
        "/api/tasks/~/default/a-limit",
        "/api/runs/admin/default/a-limit",
      })
  void anotherTaskOfTheProfileIsRefused(String path) {
    problem(limited("tasks", "~/default/b-limit").api().get(path), 403, "scope_missing")
        .then()
        .body("detail", startsWith("This token is limited to the task admin/default/b-limit, "));
  }

  @Test
  void listsHaveWhatTheTokenIsLimitedTo() {
    for (String path : List.of("/api/users/~/tasks", "/api/tasks/~", "/api/tasks/admin")) {
      limited("tasks", "~/default/b-limit")
          .api()
          .get(path)
          .then()
          .statusCode(200)
          .body("slug", contains("admin/default/b-limit"));
      limited("profiles", "~/other")
          .api()
          .get(path)
          .then()
          .statusCode(200)
          .body("slug", contains("admin/other/b-limit"));
    }
    limited("tasks", "~/default/b-limit").api().get(TASKS).then().body("name", contains("b-limit"));
    limited("profiles", "~/default").api().get(TASKS).then().body("name", hasItem("a-limit"));
  }

  @Test
  void aProfileThatIsListedCanBeSeen() {
    ApiToken token = limited("tasks", "~/other/b-limit");
    token.api().get("/api/profiles/~").then().body("slug", contains("admin/other"));
    token
        .api()
        .get("/api/profiles/~/other")
        .then()
        .statusCode(200)
        .body("slug", equalTo("admin/other"));
    problem(token.api().get("/api/profiles/~/default"), 404, "profile_not_found");
    problem(token.api().get("/api/profiles/~/other/installations"), 403, "scope_missing");
  }

  @Test
  void aPageIsFullWhereOthersStandBetween() {
    ApiToken two =
        ApiToken.make(
            api(), MOST, Map.of("tasks", List.of("~/default/b-limit", "~/default/c-limit")));
    String next =
        two.api()
            .get(TASKS + "?limit=1")
            .then()
            .statusCode(200)
            .body("name", contains("b-limit"))
            .extract()
            .header("Link");
    String address = next.substring(next.indexOf("/api/"), next.indexOf('>'));
    two.api()
        .get(address)
        .then()
        .statusCode(200)
        .body("name", contains("c-limit"))
        .header("Link", nullValue());
  }

  @Test
  void theTaskItselfCanBeUsed() {
    ApiToken limited = limited("tasks", "~/default/b-limit");
    limited.api().body("{}").put(TASKS + "/b-limit/runs/r?wait=60").then().statusCode(201);
    limited.api().get("/api/runs/~/default/b-limit/r").then().statusCode(200);
    limited.api().body("{\"enabled\": true}").patch(TASKS + "/b-limit").then().statusCode(200);
    problem(limited.api().body("{}").put(TASKS + "/a-limit/runs/r"), 403, "scope_missing");
    problem(limited.api().delete(TASKS + "/a-limit"), 403, "scope_missing");
    problem(limited.api().body("{}").put(TASKS + "/new-limit/runs/r"), 403, "scope_missing");
  }

  @Test
  void aLimitToBothIsToWhatIsInBoth() {
    problem(
        ApiToken.ask(
            api(),
            MOST,
            Map.of("profiles", List.of("~/other"), "tasks", List.of("~/default/b-limit"))),
        400,
        "invalid_input");
    ApiToken maker = limited("tasks", "~/default/b-limit");
    problem(
        ApiToken.ask(maker.api(), MOST, Map.of("profiles", List.of("~/other"))),
        404,
        "profile_not_found");
    problem(
        ApiToken.ask(maker.api(), MOST, Map.of("tasks", List.of("~/default/a-limit"))),
        403,
        "scope_missing");
    ApiToken.ask(maker.api(), MOST, Map.of("profiles", List.of("~/default")))
        .then()
        .statusCode(201)
        .body("tasks", equalTo(List.of("admin/default/b-limit")));
  }
}
