package dev.errand.runs.task;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.base.database.Sql;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How {@code settings.output_schema} is registered, changed and refused. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TaskOutputSchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TASK = TASKS + "/shaped";
  private static final String PROVIDER = "/api/profiles/~/default/providers/shaping";
  private static final String SCHEMA =
      "{\"type\": \"object\", \"properties\": {\"a\": {\"enum\": [1.50, null], \"default\":"
          + " null}}}";

  @Inject Sql sql;

  @AfterEach
  void stop() {
    api().delete(TASK + "?force=true");
    api().delete(PROVIDER);
  }

  private static Response put(String schema, String more) {
    return api()
        .body(
            """
            {"runner": "openai", "openai": {"prompt": "p", "model": "m"%s},
             "settings": {"key": "sk-a-key-for-tests-1234", "output_schema": %s}}"""
                .formatted(more, schema))
        .put(TASK);
  }

  private static ValidatableResponse patch(String settings) {
    return api().body("{\"settings\": " + settings + "}").patch(TASK).then();
  }

  private static void assertSchema(String expected) throws Exception {
    assertEquals(
        JSON.readTree(expected),
        JSON.readTree(api().get(TASK).asString()).at("/settings/output_schema"));
  }

  @Test
  void aSchemaIsShownAsItWasSentAndMayBePutBack() throws Exception {
    put(SCHEMA, "").then().statusCode(201).body("settings.output_repairs", equalTo(1));
    assertSchema(SCHEMA);
    String shown = api().get(TASK).asString();
    api().body(shown).put(TASK).then().statusCode(200);
    assertSchema(SCHEMA);
    api().body("{\"enabled\": false}").patch(TASK).then().statusCode(200);
    assertSchema(SCHEMA);
    put("null", "").then().statusCode(200).body("settings", not(hasKey("output_schema")));
  }

  @Test
  void aPatchReplacesTheWholeSchema() throws Exception {
    put(SCHEMA, "").then().statusCode(201);
    String other = "{\"properties\": {\"b\": {\"const\": null, \"default\": {\"c\": null}}}}";
    patch("{\"output_schema\": " + other + ", \"output_repairs\": 3}").statusCode(200);
    assertSchema(other);
    patch("{\"max_steps\": 5, \"output_repairs\": null}")
        .statusCode(200)
        .body("settings.output_repairs", equalTo(1));
    assertSchema(other);
    patch("{\"output_schema\": null}")
        .statusCode(200)
        .body("settings", not(hasKey("output_schema")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "6", "1.5", "\"1\""})
  void repairsAreAFewOrNone(String repairs) {
    put(SCHEMA, "").then().statusCode(201);
    problem(
            api().body("{\"settings\": {\"output_repairs\": " + repairs + "}}").patch(TASK),
            400,
            "invalid_input")
        .then()
        .body("errors[0].field", equalTo("settings.output_repairs"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          []                                                        | output_schema
          true                                                      | output_schema
          {"type": "objekt"}                                        | /type
          {"properties": {"a": {"$ref": "https://example.org/s"}}}  | /properties/a/$ref
          {"properties": {"a": {"pattern": "(?=a)"}}}               | /properties/a/pattern
          {"properties": {"a": {"enum": ["b", "c\\u0000d"]}}}       | \\u0000
          {"properties": {"a\\u0000b": {}}}                         | \\u0000
          """)
  void aSchemaThatCanNotBeUsedIsRefused(String schema, String named) {
    problem(put(schema, ""), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo("settings.output_schema"))
        .body("detail", containsString(named));
    api().get(TASK).then().statusCode(404);
  }

  @Test
  void aResponseFormatBesideItIsRefusedNamingBoth() {
    String format = ", \"response_format\": {\"type\": \"json_object\"}";
    problem(put(SCHEMA, format), 400, "invalid_input")
        .then()
        .body("detail", containsString("openai.response_format"))
        .body("detail", containsString("settings.output_schema"));
    put(SCHEMA, "").then().statusCode(201);
    problem(
        api().body("{\"openai\": {\"response_format\": {\"type\": \"json_object\"}}}").patch(TASK),
        400,
        "invalid_input");
  }

  @Test
  void theSettingsOfAProviderCount() {
    api()
        .body(
            """
            {"runner": "openai", "openai": {"model": "m", "response_format": {"type": "json_object"}},
             "settings": {"key": "sk-a-key-for-tests-1234"}}""")
        .put(PROVIDER)
        .then()
        .statusCode(201);
    problem(
            api()
                .body(
                    """
                    {"provider": "admin/default/shaping", "openai": {"prompt": "p"},
                     "settings": {"output_schema": {}}}""")
                .put(TASK),
            400,
            "invalid_input")
        .then()
        .body("detail", containsString("openai.response_format"));
  }

  @Test
  void whatAnOlderProcessKeepsAsUnknownIsReadAgain() throws Exception {
    put(SCHEMA, "").then().statusCode(201);
    // An older process writes unknown fields after those that it knows.
    String stored =
        sql.statement("SELECT settings FROM task WHERE name = 'shaped' AND deleted_at IS NULL")
            .one(row -> row.text("settings"));
    assertEquals(
        JSON.readTree(SCHEMA), JSON.readTree(stored).path("output_schema"), "a field of its own");
    assertEquals(1, JSON.readTree(stored).path("output_repairs").intValue());
  }
}
