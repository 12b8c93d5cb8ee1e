package dev.errand.adapters.tasktool;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;
import static dev.errand.support.Servlets.publish;
import static dev.errand.support.Servlets.variant;
import static dev.errand.support.Servlets.wasm;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tasks of a profile are reached by the bundled servlet there, and by nothing else. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class NoOtherDoorTest {
  private static final String INSTALLATIONS = "/api/profiles/~/default/installations";
  private static final String SECRET = "A prompt that nobody else may read";

  private final ScriptedModel model = new ScriptedModel();

  @Inject DataSource database;

  @BeforeEach
  void aTask() {
    register("guarded", SECRET, model).then().statusCode(201);
  }

  @AfterEach
  void clean() {
    for (String name : List.of("door", "own-tasks", "probe")) {
      api().delete(INSTALLATIONS + "/" + name);
    }
    api().delete(TASKS + "/guarded?force=true").then().statusCode(204);
    model.close();
  }

  @Test
  void theBundledServletIsGivenItUnderAnyName() {
    install(api(), "errand/tasks", "door");
    String answer = call(api(), "door", "list", Map.of());
    assertTrue(answer.contains(SECRET), answer);
  }

  /** The very bytes of the bundled one, under a name of a user and with every host allowed. */
  @Test
  void aServletOfAUserThatCallsItselfTasksIsNotGivenIt() {
    for (byte[] bytes : List.of(wasm("tasks"), variant("tasks", "mine"))) {
      publish("admin/tasks", "", bytes);
      install(api(), "admin/tasks", "own-tasks");
      refused(call(api(), "own-tasks", "list", Map.of()));
      api().delete(INSTALLATIONS + "/own-tasks").then().statusCode(204);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://errand.internal/list",
        "http://errand.internal:80/list",
        "http://ERRAND.INTERNAL/list",
        "http://errand.internal./list",
        "https://errand.internal/list",
        "http://x@errand.internal/list",
        "http://errand.internal@127.0.0.1/list",
      })
  void aHostileServletReachesNothingByThatName(String url) {
    publish("admin/inner-probe", "", wasm("c_probe"));
    install(api(), "admin/inner-probe", "probe");
    refused(call(api(), "probe", "get", Map.of("url", url, "text", "{}")));
    refused(call(api(), "fetch", "fetch", Map.of("url", url)));
  }

  @Test
  void anotherUsersServletReachesOnlyTheTasksOfItsOwnProfile() {
    OtherUser other = OtherUser.named("neighbour", database);
    install(other.api(), "errand/tasks", "door");
    String answer = call(other.api(), "door", "list", Map.of());
    assertTrue(answer.contains("\"isError\":false"), answer);
    refused(answer);
    String waited =
        call(other.api(), "door", "wait", Map.of("task", "guarded", "run", "r", "seconds", 0));
    assertTrue(waited.contains("There is no task guarded"), waited);
    other.api().delete(INSTALLATIONS + "/door").then().statusCode(204);
  }

  private static void refused(String answer) {
    assertFalse(answer.contains(SECRET), answer);
  }

  private static void install(RequestSpecification as, String slug, String name) {
    as.body(
            Map.of(
                "servlet_slug",
                slug,
                "name",
                name,
                "settings",
                Map.of("network", Map.of("domains", List.of("*", "errand.internal")))))
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
  }

  private static String call(
      RequestSpecification as, String name, String tool, Map<String, Object> arguments) {
    return as.body(arguments)
        .post(INSTALLATIONS + "/" + name + "/tools/" + tool)
        .then()
        .statusCode(200)
        .extract()
        .asString();
  }
}
