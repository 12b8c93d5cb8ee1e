package dev.errand.openapi;

import static dev.errand.support.Api.api;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.containsInAnyOrder;
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
import java.util.TreeSet;
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

  @ParameterizedTest
  @CsvSource({
    "profiles/~/default/runs?state=1&code=nope&limit=abc&from=x&include=x&cursor=x, 'state, code, limit, from, include, cursor'",
    "profiles/~/default/runs?code=nope&limit=abc&from=x, 'code, limit, from'",
    "profiles/~/default/tasks/none/runs?status=x&limit=0&include=q&x=1, 'status, limit, include, x'",
    "profiles/~/default/tasks/none/runs/none?wait=x&include=q&x=1, 'wait, include, x'",
    "profiles/~/default/approvals?status=zz&include=q&limit=0&x=1, 'status, include, limit, x'",
    "profiles/~/default/usage?from=x&to=y&x=1, 'from, to, x'",
    "audit?action=n&from=x&limit=0&cursor=x&x=1, 'action, from, limit, cursor, x'",
    "profiles?shared=x&limit=0&cursor=x&x=1, 'shared, limit, cursor, x'",
    "profiles/~?limit=0&cursor=x&x=1, 'limit, cursor, x'",
    "profiles/~/default/tasks?limit=0&cursor=x&x=1, 'limit, cursor, x'",
    "profiles/~/default/tasks/none/schedules?limit=0&cursor=x&x=1, 'limit, cursor, x'",
    "profiles/~/default/installations?limit=0&cursor=x&x=1, 'limit, cursor, x'",
    "servlets?limit=0&offset=x&x=1, 'limit, offset, x'",
    "servlets/errand/none?limit=0&cursor=x&x=1, 'limit, cursor, x'",
  })
  void unknownNamesAndWrongValuesAreNamedAtOnce(String address, String fields) {
    for (String method : List.of("GET", "HEAD")) {
      Response answer = api().request(method, "/api/" + address);
      assertEquals(400, answer.statusCode(), method);
      if (method.equals("GET")) {
        assertEquals(
            new TreeSet<>(List.of(fields.split(", "))),
            new TreeSet<>(answer.<List<String>>path("errors.field")));
      }
    }
  }

  @Test
  void ofAnExportToo() {
    for (String[] each :
        List.of(
            new String[] {"audit", "application/x-ndjson"},
            new String[] {"profiles/~/default/usage", "text/csv"})) {
      api()
          .accept(each[1])
          .get("/api/" + each[0] + "?from=x&to=y&x=1")
          .then()
          .statusCode(400)
          .body("errors.field", containsInAnyOrder("from", "to", "x"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "profiles/~/default/runs?status=",
        "profiles/~/default/runs?status=ready&status=",
        "profiles/~/default/runs?status=,",
        "profiles/~/default/runs?code=",
        "profiles/~/default/runs?code=%20",
        "profiles/~/default/runs?warning=",
        "profiles/~/default/runs?cause=",
        "profiles/~/default/runs?task=",
        "profiles/~/default/runs?parent=",
        "profiles/~/default/runs?from=",
        "profiles/~/default/runs?to=",
        "profiles/~/default/runs?include=",
        "profiles/~/default/runs?limit=",
        "profiles/~/default/runs?limit",
        "profiles/~/default/runs?cursor=",
        "profiles/~/default/approvals?run=",
        "profiles/~/default/approvals?status=",
        "profiles/~/default/usage?from=",
        "tokens?user=",
        "audit?actor=",
        "profiles?shared=",
      })
  void emptyValuesAreRefused(String address) {
    api()
        .urlEncodingEnabled(false)
        .get("/api/" + address)
        .then()
        .statusCode(400)
        .body("errors.field", hasSize(1))
        .body(
            "errors[0].message", equalTo("is empty: leave the parameter out, or give it a value"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "profiles/~/default/runs?limit=1&limit=2",
        "profiles/~/default/runs?code=max_steps&code=max_steps",
        "profiles/~/default/runs?text=a&text=b",
        "profiles/~/default/approvals?status=open&status=approved",
        "audit?actor=a&actor=b",
      })
  void repeatedParametersAreRefused(String address) {
    api()
        .get("/api/" + address)
        .then()
        .statusCode(400)
        .body("errors.field", hasSize(1))
        .body("errors[0].message", equalTo("is there twice: send it once"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/profiles/~/default/runs?text=",
        "/api/servlets?q=",
        "/api/profiles/~/default/runs?status=ready&status=error",
        "/api/profiles/~/default/runs?status=ready,error",
      })
  void textsMayBeEmptyAndListsTakeSeveral(String address) {
    api().get(address).then().statusCode(200);
  }

  @Test
  void nothingIsDoneWhereAValueIsEmptyOrRepeated() {
    String profile = "/api/profiles/~/asked-twice";
    api().body("{}").post(profile).then().statusCode(201);
    for (String query : List.of("force=", "force", "force=true&force=true", "force=true&x=1")) {
      api().delete(profile + "?" + query).then().statusCode(400);
    }
    api().get(profile).then().statusCode(200);
    api().delete(profile).then().statusCode(204);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/runs/~/default/none", "/api/tasks/~/default/none"})
  void addressesOfOlderClientsTakeEmptyAndRepeatedOnes(String path) {
    int status = api().get(path).statusCode();
    api().get(path + "?limit=&status=&status=").then().statusCode(status);
  }
}
