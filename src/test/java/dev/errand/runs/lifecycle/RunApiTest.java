package dev.errand.runs.lifecycle;

import static dev.errand.support.Api.NAMED_TASKS;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.errand.support.ApiToken;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RunApiTest {
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();

  @BeforeEach
  void aTask() {
    register("runs", "Say {{@payload}}", model);
  }

  @AfterEach
  void stop() {
    for (String task : List.of("runs", "named", "listed")) {
      api().delete(TASKS + "/" + task + "?force=true");
    }
    model.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", "null", "{}", "{\"parameters\":null}", "{\"parameters\":{}}"})
  void aRunNeedsNoParameters(String body) {
    api()
        .body(body)
        .put(TASKS + "/runs/runs/bare")
        .then()
        .statusCode(201)
        .header("Location", endsWith(NAMED_TASKS + "/runs/runs/bare"))
        .body("parameters", equalTo(Map.of()))
        .body("output", nullValue())
        .body("error", nullValue())
        .body("scheduled_at", nullValue())
        .body("trigger", equalTo(Map.of("kind", "api", "by", Map.of("user", "admin"))))
        .body("depth", equalTo(0))
        .body("results[0].exchange.content", equalTo("Say {}"));
  }

  @Test
  void aRunSaysByWhichTokenItWasStarted() {
    ApiToken.make(api(), List.of("run"), Map.of())
        .api()
        .put(TASKS + "/runs/runs/by-token")
        .then()
        .statusCode(201)
        .body("trigger.by", equalTo(Map.of("user", "admin", "token", "for a test")));
    ended("runs", "by-token");
  }

  @Test
  void eachAnswerOfTheModelSaysWhatItUsed() {
    trigger("runs", "used", Map.of("x", 1)).then().statusCode(201);
    JsonPath run = ended("runs", "used");
    assertEquals(run.getInt("usage.total_tokens"), run.getInt("results[-1].usage.total_tokens"));
    assertEquals(run.getDouble("usage.cost_usd"), run.getDouble("results[-1].usage.cost_usd"));
  }

  @Test
  void aKnownNameWithOtherParametersIsAnsweredWithANote() {
    trigger("runs", "noted", Map.of("a", 1, "b", List.of("x"))).then().statusCode(201);

    api()
        .body("{\"parameters\": {\"b\": [\"x\"], \"a\": 1}}")
        .put(TASKS + "/runs/runs/noted")
        .then()
        .statusCode(200)
        .header("Errand-Note", nullValue())
        .body("note", nullValue());
    trigger("runs", "noted", Map.of("a", 2))
        .then()
        .statusCode(200)
        .header("Errand-Note", containsString("with other parameters"))
        .body("note", containsString("use a new name"))
        .body("parameters.a", equalTo(1));
    api().get(TASKS + "/runs/runs/noted").then().statusCode(200).body("note", nullValue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "not json|malformed_json|JSON",
        "{\"parameters\":{}|malformed_json|JSON",
        "{\"parameters\":{}} {}|malformed_json|JSON",
        "{\"parameters\":{}} x|malformed_json|JSON",
        "[]|malformed_json|object",
        "\"text\"|malformed_json|object",
        "{\"params\":{}}|invalid_input|params",
        "{\"parameters\":[]}|invalid_input|parameters",
        "{\"parameters\":\"a\"}|invalid_input|parameters",
        "{\"parameters\":1}|invalid_input|parameters",
      })
  void aBodyThatIsNotUnderstoodStartsNothing(String body, String code, String told) {
    problem(api().body(body).put(TASKS + "/runs/runs/bad"), 400, code)
        .then()
        .body("detail", containsString(told));
    problem(api().get(TASKS + "/runs/runs/bad"), 404, "run_not_found");
  }

  @Test
  void aKnownNameIsAnsweredForAnyRequest() {
    trigger("runs", "known", Map.of()).then().statusCode(201);

    for (String body : List.of("not json", "[]", "{\"params\":{}}", "{\"parameters\":1}")) {
      api()
          .body(body)
          .put(TASKS + "/runs/runs/known")
          .then()
          .statusCode(200)
          .body("name", equalTo("known"));
    }
    trigger("runs", "known", Map.of("a", "x".repeat(262_144))).then().statusCode(200);
  }

  @Test
  void parametersMayHave256KibibytesAndNotOneByteMore() {
    int frame = "{\"a\":\"\"}".length();
    String most = "é".repeat((262_144 - frame) / 2);

    trigger("runs", "most", Map.of("a", most)).then().statusCode(201);
    problem(trigger("runs", "more", Map.of("a", most + "e")), 413, "too_large");
  }

  @ParameterizedTest
  @CsvSource({
    "/api/profiles/~/default/tasks/none/runs/r,task_not_found",
    "/api/profiles/~/default/tasks/none/runs,task_not_found",
    "/api/profiles/~/default/tasks/none%00/runs,task_not_found",
    "/api/profiles/~/default/tasks/runs/runs/none,run_not_found",
    "/api/profiles/~/none/tasks/runs/runs,profile_not_found",
    "/api/profiles/~/none%00/tasks/runs/runs,profile_not_found",
    "/api/profiles/none/default/tasks/runs/runs,profile_not_found",
    "/api/profiles/none%00/default/tasks/runs/runs/r,profile_not_found",
    "/api/none,not_found",
  })
  void unknownRunsAreNotFound(String path, String code) {
    problem(api().get(path), 404, code);
  }

  @Test
  void theCallersOwnNameNamesTheSameProfile() {
    trigger("runs", "mine", Map.of());

    api()
        .get("/api/profiles/admin/default/tasks/runs/runs/mine")
        .then()
        .statusCode(200)
        .body("url", endsWith("/api/profiles/admin/default/tasks/runs/runs/mine"));
  }

  @Test
  void aTaskOfThatNameOfAnotherUserIsNeverMeant() {
    OtherUser stranger = OtherUser.named("stranger-to-runs", database);
    String theirs = TASKS.replace("~", "admin") + "/runs/runs/by-a-stranger";
    problem(stranger.api().put(TASKS + "/runs/runs/by-a-stranger"), 404, "task_not_found");
    problem(stranger.api().put(theirs), 404, "profile_not_found");
    stranger.register("runs", "Of a stranger", model);

    problem(stranger.api().put(theirs), 404, "profile_not_found");
    stranger
        .api()
        .put(TASKS + "/runs/runs/by-a-stranger")
        .then()
        .statusCode(201)
        .body("results[0].exchange.content", equalTo("Of a stranger"));
    problem(api().get(TASKS + "/runs/runs/by-a-stranger"), 404, "run_not_found");
    problem(stranger.api().get(theirs), 404, "profile_not_found");
    stranger.api().delete(TASKS + "/runs?force=true").then().statusCode(204);
    problem(stranger.api().put(TASKS + "/runs/runs/after"), 404, "task_not_found");
  }

  @Test
  void runsAreListedNewestFirst() {
    register("listed", "Hello", model);
    for (String name : List.of("one", "two", "three")) {
      trigger("listed", name, Map.of());
      ended("listed", name);
    }
    String runs = TASKS + "/listed/runs";

    api()
        .get(runs)
        .then()
        .statusCode(200)
        .body("name", equalTo(List.of("three", "two", "one")))
        .body("results", equalTo(java.util.Arrays.asList(null, null, null)));
    assertNull(api().get(runs).jsonPath().getMap("[0]").get("results"));
    api()
        .get(runs + "?include=results&limit=2")
        .then()
        .body("name", equalTo(List.of("three", "two")))
        .body("[1].results", hasSize(2))
        .body("[1].results[1].msg", equalTo("final message"));
    api().get(runs + "?limit=500").then().statusCode(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=0", "limit=501", "limit=-1", "limit=abc", "limit=99999999999"})
  void aLimitOutOfBoundsIsRefused(String query) {
    problem(api().get(TASKS + "/runs/runs?" + query), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo("limit"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "code", "warning", "cause", "parent", "from", "to"})
  void aFilterOfTheRunsOfAProfileIsRefusedForThoseOfATask(String filter) {
    problem(api().get(TASKS + "/runs/runs?" + filter + "=zzzz"), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo(filter))
        .body("detail", containsString("known parameters: cursor, include, limit, status"));
  }

  @Test
  void aDisabledTaskStartsNothingAndItsRunsCanStillBeRead() {
    trigger("runs", "before", Map.of()).then().statusCode(201);
    api()
        .body(
            Map.of(
                "runner",
                "openai",
                "enabled",
                false,
                "openai",
                Map.of("prompt", "x", "model", "m", "base_url", model.url())))
        .put(TASKS + "/runs")
        .then()
        .statusCode(200)
        .body("enabled", equalTo(false));

    problem(trigger("runs", "after", Map.of()), 409, "task_disabled");
    trigger("runs", "before", Map.of()).then().statusCode(200);
  }

  @Test
  void everyMissingParameterIsNamed() {
    register("named", "{{b}} {{a.c}} {{given}} {{#s}}{{d}}{{/s}}", model);

    problem(trigger("named", "r", Map.of("given", 1, "a", Map.of())), 400, "missing_parameters")
        .then()
        .body("errors.field", containsInAnyOrder("parameters.b", "parameters.a.c"))
        .body("detail", containsString("a.c, b"));
    problem(api().get(TASKS + "/named/runs/r"), 404, "run_not_found");
  }

  @Test
  void ofManyMissingParametersTheFirstAreNamed() {
    String prompt =
        IntStream.range(0, 150).mapToObj("{{n%03d}}"::formatted).collect(Collectors.joining());
    register("many-names", prompt, model);

    problem(trigger("many-names", "r", Map.of()), 400, "missing_parameters")
        .then()
        .body("errors", hasSize(100))
        .body("detail", endsWith("n099 and 50 more."));
  }

  @Test
  void workWithoutTextEndsAsARefusal() {
    String nested = "{{#a}}{{#b}}" + "{{x}}".repeat(1_000) + "{{/b}}{{/a}}";
    register("loops", nested, model);
    Map<String, Object> lists =
        Map.of("a", Collections.nCopies(1_000, 1), "b", Collections.nCopies(900, 1), "x", "");

    problem(trigger("loops", "r", lists), 413, "too_large")
        .then()
        .body("detail", containsString("1000000 steps"));
  }

  @Test
  void timesHaveThreeDigitsOfASecond() {
    trigger("runs", "timed", Map.of());
    ended("runs", "timed");

    api()
        .get(TASKS + "/runs/runs/timed")
        .then()
        .body("created_at", matchesPattern(TIME))
        .body("modified_at", matchesPattern(TIME))
        .body("started_at", matchesPattern(TIME))
        .body("finished_at", matchesPattern(TIME))
        .body("attempt", equalTo(1))
        .body("usage.total_tokens", equalTo(15))
        .body("usage.steps", equalTo(1));
  }

  @Test
  void aMethodOrTypeThatIsNotThereIsAProblemToo() {
    problem(api().delete(TASKS), 405, "method_not_allowed")
        .then()
        .header("Allow", equalTo("GET, HEAD, OPTIONS"));
    problem(api().delete(TASKS + "/any/runs"), 405, "method_not_allowed")
        .then()
        .header("Allow", equalTo("GET, HEAD, OPTIONS"));
    problem(api().delete("/api/profiles/~"), 405, "method_not_allowed")
        .then()
        .header("Allow", equalTo("GET, HEAD, OPTIONS"));
    problem(api().post(TASKS + "/any/runs/any"), 405, "method_not_allowed")
        .then()
        .header("Allow", equalTo("DELETE, GET, HEAD, OPTIONS, PUT"));
    problem(api().delete("/api/profiles/~/default/nothing"), 404, "not_found");
    problem(api().get("/api/profiles/~/default/tasks/any/nothing"), 404, "not_found");
    problem(api().accept("text/html").get(TASKS + "/runs/runs"), 406, "not_acceptable");
    // Generated clients accept nothing else where a success has no body.
    problem(
        api().accept("application/problem+json").delete(TASKS + "/any/schedules/any"),
        404,
        "task_not_found");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "/api/profiles/~/default/tasks; GET, HEAD, OPTIONS",
        "/api/profiles/~/default/tasks/any; DELETE, GET, HEAD, OPTIONS, PATCH, PUT",
        "/api/profiles/~/default/tasks/any/runs/any; DELETE, GET, HEAD, OPTIONS, PUT",
        "/api/profiles/~; GET, HEAD, OPTIONS",
      })
  void theMethodsOfAnAddressAreToldAtOnceAndWithARefusal(String path, String methods) {
    api().options(path).then().statusCode(200).header("Allow", equalTo(methods));
    problem(api().post(path), 405, "method_not_allowed").then().header("Allow", equalTo(methods));
  }

  @ParameterizedTest
  @CsvSource({
    "tasks/any/runs/any/events, application/json, Accept what answers here are: text/event-stream.",
    "tasks/any/runs/any, text/html, Accept what answers here are: application/json.",
    "usage, image/png, No answer of this address has a type that the header field Accept names: the document of the API names those that it has.",
  })
  void theTypesThatAnAddressHasAreNamed(String path, String accept, String detail) {
    Response answer = api().accept(accept).get("/api/profiles/~/default/" + path);
    problem(answer, 406, "not_acceptable").then().body("detail", equalTo(detail));
  }
}
