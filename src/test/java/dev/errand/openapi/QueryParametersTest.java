package dev.errand.openapi;

import static dev.errand.support.Api.api;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.http.Problem;
import dev.errand.openapi.ApiDocument.Operation;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Query parameters that an operation of the API does not have, and values that they can't have. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class QueryParametersTest {
  private static final String RUNS = "/api/profiles/~/default/runs";

  @Test
  void everyOperationOfTheApiRefusesUnknownParametersAndNoOther() {
    ApiDocument document = ApiDocument.served();
    List<String> taken = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    for (Operation operation : document.operations()) {
      Response answer =
          api()
              .accept("*/*")
              .contentType(
                  operation.id().equals("publishServlet") ? "application/wasm" : "application/json")
              .body("{}".getBytes(UTF_8))
              .request(
                  operation.method(),
                  operation
                          .path()
                          .replace("{user}", "~")
                          .replace("{profile}", "default")
                          .replaceAll("\\{\\w+}", "none")
                      + "?nonesuch=1");
      boolean isNamed =
          answer.contentType().startsWith(Problem.MEDIA_TYPE)
              && answer.asString().contains("nonesuch");
      (isNamed ? refused : taken).add(operation.toString());
      if (isNamed) {
        assertEquals(400, answer.statusCode(), operation::toString);
        assertEquals(List.of("nonesuch"), answer.path("errors.field"), operation::toString);
      }
    }
    assertEquals(
        document.operations().stream()
            .filter(
                operation ->
                    !operation.path().startsWith("/api/")
                        || operation.node().at("/tags/0").asText().equals("Older clients"))
            .map(Operation::toString)
            .toList(),
        taken);
    assertTrue(refused.size() > 100, "Only " + refused.size() + " refused it.");
  }

  @Test
  void theNearestKnownNameIsSuggested() {
    api()
        .get(RUNS + "?statsu=running&tasks=a&limit=1")
        .then()
        .statusCode(400)
        .contentType(Problem.MEDIA_TYPE)
        .body("code", equalTo("invalid_input"))
        .body("errors.field", hasItems("statsu", "tasks"))
        .body("errors", hasSize(2))
        .body("errors.find { it.field == 'statsu' }.message", containsString("mean status?"))
        .body("errors.find { it.field == 'tasks' }.message", containsString("mean task?"))
        .body("detail", containsString("known parameters: cause, code, cursor"));
  }

  @Test
  void strangersLearnNothingOfParameters() {
    given().get(RUNS + "?state=running").then().statusCode(401).body(not(containsString("state")));
  }

  @Test
  void nothingIsDoneWhereAParameterIsRefused() {
    String profile = "/api/profiles/~/asked";
    api().body("{}").post(profile).then().statusCode(201);
    api().delete(profile + "?forse=true").then().statusCode(400);
    api().delete(profile + "?force=yes").then().statusCode(400);
    api().get(profile).then().statusCode(200);
    api().delete(profile + "?force=false").then().statusCode(204);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/runs/~/default/none",
        "/api/tasks/~/default/none",
        "/api/users/~/tasks",
        "/sign-in",
        "/console",
        "/.well-known/oauth-protected-resource"
      })
  void othersIgnoreThem(String path) {
    int status = api().get(path).statusCode();
    api().get(path + "?nonesuch=1").then().statusCode(status);
  }

  @ParameterizedTest
  @CsvSource({
    "runs?status=nope, status, 'pending, running, ready or error'",
    "runs?code=nope, code, max_steps",
    "runs?warning=nope, warning, tools_failed",
    "runs?cause=nope, cause, 'api, schedule, webhook, mcp, run'",
    "runs?from=yesterday, from, 2027",
    "tasks/none/runs?status=nope, status, 'pending, running, ready or error'",
    "tasks/none/runs?include=result, include, results",
    "tasks/none/runs/none?include=nope, include, raw",
    "approvals?status=nope, status, open",
  })
  void valuesThatNoFieldCanHaveAreRefused(String list, String field, String allowed) {
    api()
        .get("/api/profiles/~/default/" + list)
        .then()
        .statusCode(400)
        .body("errors.field", equalTo(List.of(field)))
        .body("errors[0].message", containsString(allowed));
  }

  @Test
  void allWrongValuesAreNamedAtOnce() {
    api()
        .get(RUNS + "?status=nope&code=nope&warning=nope&cause=nope&from=now&to=then")
        .then()
        .statusCode(400)
        .body("errors.field", equalTo(List.of("status", "code", "warning", "cause", "from", "to")));
    api()
        .get("/api/audit?action=nope&from=now&actor=%00")
        .then()
        .statusCode(400)
        .body("errors.field", equalTo(List.of("actor", "action", "from")))
        .body("errors[1].message", containsString("task.changed"));
    api().get(RUNS + "?warning=max_cost&code=max_steps").then().statusCode(200);
    api().get("/api/profiles?shared=yes").then().statusCode(400);
  }
}
