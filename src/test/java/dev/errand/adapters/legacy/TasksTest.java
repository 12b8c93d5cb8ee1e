package dev.errand.adapters.legacy;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.Eventually;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks as clients of the second generation send and read them. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TasksTest {
  private static final String OLD = "/api/tasks/~/default/older";

  private final ScriptedModel model = new ScriptedModel();

  @Inject DataSource database;

  @BeforeEach
  void put() {
    api()
        .body(body())
        .put(OLD)
        .then()
        .statusCode(201)
        .body("name", equalTo("older"))
        .body("slug", equalTo("admin/default/older"))
        .body("runner", equalTo("openai"))
        .body("provider", equalTo("openai"))
        .body("openai.prompt", equalTo("Say {{ word }}"))
        .body("openai.model", equalTo("gpt-4o"))
        .body("created_at", notNullValue())
        .body("modified_at", notNullValue())
        .body("settings.key", equalTo(null));
  }

  @AfterEach
  void stop() {
    api().delete(TASKS + "/older?force=true");
    model.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/tasks/~", "/api/tasks/admin", "/api/users/~/tasks"})
  void theTasksOfAllProfilesAreListed(String address) {
    api()
        .get(address)
        .then()
        .statusCode(200)
        .body("slug", hasItem("admin/default/older"))
        .body("find { it.name == 'older' }.prompt", equalTo("Say {{ word }}"))
        .body("find { it.name == 'older' }.settings.max_steps", equalTo(20));
    String all = api().get(address).asString();
    assertEquals(-1, all.indexOf("sk-a-key"));
  }

  @Test
  void oldAndNewAddressesShowTheSameTask() {
    api().get(TASKS + "/older").then().statusCode(200).body("name", equalTo("older"));
    api().get(OLD).then().statusCode(200).body("slug", equalTo("admin/default/older"));
    api()
        .body(
            Map.of(
                "runner",
                "openai",
                "openai",
                Map.of("prompt", "New", "model", "gpt-4o", "base_url", model.url())))
        .put(OLD)
        .then()
        .statusCode(200)
        .body("prompt", equalTo("New"));
  }

  /** All that a client of the second generation does, in its order. */
  @Test
  void aTaskIsRunByItsSignedUrlAndReadAtTheAddressThatComesBack() {
    String signed = api().post(OLD + "/signed").then().statusCode(200).extract().path("url");
    String url =
        given()
            .urlEncodingEnabled(false)
            .contentType("application/json")
            .header("run-id", "second-1")
            .body("{\"word\": \"hi\"}")
            .post(signed)
            .then()
            .extract()
            .path("url");
    JsonPath run = awaited(url);
    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals("second-1", run.getString("name"));
    assertEquals("Done.", run.getString("results[-1].lastMessage.content"));
    api().get("/api/runs/~/default/older").then().body("[0].results", notNullValue());
  }

  @Test
  void aProviderAndAPromptMakeATask() {
    String provider = "/api/users/~/providers/mine";
    api()
        .body(
            Map.of(
                "runner",
                "openai",
                "openai",
                Map.of("model", "gpt-4.1", "base_url", model.url()),
                "settings",
                Map.of("key", "sk-a-key-of-a-provider-5678")))
        .put(provider)
        .then()
        .statusCode(201);
    api()
        .body(Map.of("provider", "admin/mine", "prompt", "Say {{ word }}"))
        .put(OLD)
        .then()
        .statusCode(200)
        .body("name", equalTo("older"))
        .body("provider", equalTo("admin/mine"))
        .body("runner", equalTo("openai"))
        .body("prompt", equalTo("Say {{ word }}"))
        .body("openai.prompt", equalTo("Say {{ word }}"))
        .body("openai.model", equalTo("gpt-4.1"))
        .body("created_at", notNullValue());
    api().get("/api/tasks/~").then().body("provider", hasItem("admin/mine"));
    api().body(api().get(OLD).asString()).put(OLD).then().statusCode(200);
    api()
        .body("{\"parameters\": {\"word\": \"hi\"}}")
        .put(TASKS + "/older/runs/by-provider?wait=60")
        .then()
        .statusCode(201)
        .body("status", equalTo("ready"));
    assertEquals("Bearer sk-a-key-of-a-provider-5678", model.requests().getLast().authorization());
    problem(
            api()
                .body(Map.of("provider", "~/mine", "prompt", "x", "openai", Map.of("prompt", "y")))
                .put(OLD),
            400,
            "invalid_input")
        .then()
        .body("errors[0].field", equalTo("prompt"));
    problem(api().body(Map.of("provider", "~/mine")).put(OLD), 400, "invalid_input");
    api().delete(TASKS + "/older?force=true").then().statusCode(204);
    api().delete(provider).then().statusCode(204);
  }

  @Test
  void aProviderThatThereIsNotIsRefusedByName() {
    problem(
            api().body(Map.of("provider", "admin/mine", "prompt", "x")).put(OLD),
            400,
            "invalid_input")
        .then()
        .body("errors[0].field", equalTo("provider"));
    problem(api().body(Map.of("colour", "red")).put(OLD), 400, "invalid_input");
    problem(api().put(OLD), 400, "invalid_input");
  }

  @Test
  void tasksOfOtherUsersAreNotListed() {
    OtherUser other = OtherUser.named("stranger", database);
    other.api().get("/api/tasks/~").then().body("name", not(hasItem("older")));
    other.api().get("/api/users/~/tasks").then().body("name", not(hasItem("older")));
    problem(other.api().get("/api/tasks/admin"), 404, "profile_not_found");
    problem(other.api().get("/api/tasks/admin/default/older"), 404, "profile_not_found");
    problem(given().get("/api/tasks/~"), 401, "unauthenticated");
  }

  private Map<String, Object> body() {
    return Map.of(
        "runner",
        "openai",
        "openai",
        Map.of("prompt", "Say {{ word }}", "model", "gpt-4o", "base_url", model.url()),
        "settings",
        Map.of("key", "sk-a-key-for-tests-1234"));
  }

  private static JsonPath awaited(String url) {
    Eventually.await(
        "the end", () -> !"running".equals(api().get(url).jsonPath().getString("status")));
    return api().get(url).jsonPath();
  }
}
