package dev.errand.runs.task;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import dev.errand.base.database.Sql;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How {@code settings.expect} is registered, changed and refused. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TaskExpectTest {
  private static final String TASK = TASKS + "/hopeful";
  private static final String BOTH =
      "{\"tools\": {\"slack_post\": 1, \"fetch_fetch\": 2}, \"when\": \"size(output) > 10\"}";

  @Inject Sql sql;

  @AfterEach
  void stop() {
    api().delete(TASK + "?force=true");
  }

  private static Response put(String expect) {
    return api()
        .body(
            """
            {"runner": "openai", "openai": {"prompt": "p", "model": "m"},
             "settings": {"key": "sk-a-key-for-tests-1234", "expect": %s}}"""
                .formatted(expect))
        .put(TASK);
  }

  private static ValidatableResponse patch(String settings) {
    return api().body("{\"settings\": " + settings + "}").patch(TASK).then();
  }

  @Test
  void itIsShownAsItWasSentAndMayBePutBack() {
    put(BOTH)
        .then()
        .statusCode(201)
        .body("settings.expect.tools", equalTo(Map.of("slack_post", 1, "fetch_fetch", 2)))
        .body("settings.expect.when", equalTo("size(output) > 10"));
    String shown = api().get(TASK).asString();
    api().body(shown).put(TASK).then().statusCode(200);
    patch("{\"max_steps\": 5}")
        .statusCode(200)
        .body("settings.expect.when", equalTo("size(output) > 10"));
    put("null").then().statusCode(200).body("settings", not(hasKey("expect")));
  }

  @Test
  void aPatchReplacesTheWhole() {
    put(BOTH).then().statusCode(201);
    patch("{\"expect\": {\"tools\": {\"calc_calculate\": 1}}}")
        .statusCode(200)
        .body("settings.expect", equalTo(Map.of("tools", Map.of("calc_calculate", 1))));
    patch("{\"expect\": {\"when\": \"true\"}}")
        .statusCode(200)
        .body("settings.expect", equalTo(Map.of("when", "true")));
    patch("{\"expect\": null}").statusCode(200).body("settings", not(hasKey("expect")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                              | expect                  | null expects nothing
          []                              | expect                  |
          {"tool": {"a": 1}}              | expect.tool             | known fields: tools, when
          {"tools": {"a": 0}}             | expect.tools.a          | between 1 and 10000
          {"tools": {"a": null}}          | expect.tools.a          | between 1 and 10000
          {"tools": {"a": 1.5}}           | expect.tools.a          |
          {"tools": {"": 1}}              | expect.tools            | as models call them
          {"when": ""}                    | expect.when             | must be a condition
          {"when": "outputs == ''"}       | expect.when             | column 1: undeclared reference to 'outputs'
          {"when": "size(output) >"}      | expect.when             | over output, result, usage, warnings
          {"when": "size(output)"}        | expect.when             | bool
          {"when": 5}                     | expect.when             |
          """)
  void whatCanNotBeExpectedIsRefused(String expect, String field, String said) {
    problem(put(expect), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo("settings." + field))
        .body("detail", containsString(said == null ? "" : said));
    api().get(TASK).then().statusCode(404);
  }

  @Test
  void itNamesAtMost64Tools() {
    StringBuilder tools = new StringBuilder("\"t0\": 1");
    for (int i = 1; i < 65; i++) {
      tools.append(", \"t").append(i).append("\": 1");
    }
    problem(put("{\"tools\": {" + tools + "}}"), 400, "invalid_input")
        .then()
        .body("detail", containsString("64"));
  }

  @Test
  void fieldsOfAnotherVersionStay() {
    put(BOTH).then().statusCode(201);
    sql.statement(
            """
            UPDATE task SET settings =
                jsonb_set(settings::jsonb, '{expect,within}', '"PT1H"')::text
            WHERE name = 'hopeful' AND deleted_at IS NULL""")
        .run();
    String shown = api().get(TASK).then().extract().asString();
    api()
        .body(shown)
        .put(TASK)
        .then()
        .statusCode(200)
        .body("settings.expect.within", equalTo("PT1H"));
    problem(put("{\"when\": \"true\", \"without\": 1}"), 400, "invalid_input")
        .then()
        .body("errors.field", equalTo(List.of("settings.expect.without")));
  }
}
