package dev.errand.adapters.mcp;

import static dev.errand.support.Api.api;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.support.Api;
import dev.errand.support.Chat;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a chat gets of the results of installed tools. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class InstalledChatToolsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String INSTALLATIONS = "/api/profiles/~/default/installations";
  private static final String SCHEMA =
      """
      {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
       "properties": {"celsius": {"type": "number"}, "at": {"$ref": "#/$defs/time"}},
       "required": ["celsius"], "$defs": {"time": {"type": "string", "format": "date-time"}}}
      """;

  private final ScriptedMcp server = new ScriptedMcp();
  private final Chat chat = Chat.ofTests();

  @AfterEach
  void tidyUp() {
    api().delete(INSTALLATIONS + "/weather");
    server.close();
  }

  private void install(ObjectNode... tools) {
    server.tools(tools);
    api()
        .body(Map.of("name", "weather", "mcp", Map.of("url", server.url())))
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
  }

  private static ObjectNode tool(String name, String outputSchema) throws JsonProcessingException {
    return ScriptedMcp.tool(name, "").set("outputSchema", JSON.readTree(outputSchema));
  }

  private static JsonNode listed(Chat chat, String name) throws JsonProcessingException {
    for (JsonNode tool :
        JSON.readTree(chat.send("tools/list", Map.of()).asString()).at("/result/tools")) {
      if (tool.path("name").asText().equals(name)) {
        return tool;
      }
    }
    throw new AssertionError(name + " is not listed.");
  }

  @Test
  void theSchemaOfResultsIsListedWhereItCanBeChecked() throws Exception {
    install(
        tool("now", SCHEMA),
        tool("list", "{\"type\": \"array\"}"),
        tool("far", "{\"type\": \"object\", \"$ref\": \"https://example.org/schema\"}"),
        tool("odd", "{\"type\": \"object\", \"properties\": 5}"),
        tool("hidden", "{\"type\": \"object\", \"description\": \"a\\u200Bb\"}"));
    JsonNode schema = listed(chat, "weather_now").path("outputSchema");
    assertEquals("number", schema.at("/properties/celsius/type").asText(), schema::toString);
    assertEquals("#/$defs/time", schema.at("/properties/at/$ref").asText());
    assertFalse(schema.at("/$defs/time").has("format"), "Formats are not checked.");
    for (String other : List.of("list", "far", "odd")) {
      assertFalse(listed(chat, "weather_" + other).has("outputSchema"), other);
    }
    assertEquals(
        "a⟨U+200B⟩b", listed(chat, "weather_hidden").at("/outputSchema/description").asText());
  }

  @Test
  void structuredContentThatFitsIsPassedOn() throws Exception {
    install(tool("now", SCHEMA), ScriptedMcp.tool("free", ""));
    server.calls(
        request ->
            ScriptedMcp.result(
                "{\"content\": [{\"type\": \"text\", \"text\": \"Mild\"}],"
                    + " \"structuredContent\": {\"celsius\": 20.5}}"));
    for (String tool : List.of("weather_now", "weather_free")) {
      JsonPath answer = chat.call(tool, Map.of());
      assertFalse(answer.getBoolean("isError"), answer.prettify());
      assertEquals("Mild", answer.getString("content[0].text"));
      assertEquals(20.5f, answer.getFloat("structuredContent.celsius"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"celsius": "mild"} | /celsius
          {}                  | celsius
          [20]                | no object
          """)
  void aResultThatDoesNotFitIsAnErrorWithWhatTheToolSaid(String structured, String why)
      throws Exception {
    install(tool("now", SCHEMA));
    server.calls(
        request ->
            ScriptedMcp.result(
                "{\"content\": [{\"type\": \"text\", \"text\": \"Mild\"}],"
                    + " \"structuredContent\": "
                    + structured
                    + "}"));
    JsonPath answer = chat.call("weather_now", Map.of());
    assertTrue(answer.getBoolean("isError"), answer.prettify());
    assertNull(answer.get("structuredContent"));
    assertEquals("Mild", answer.getString("content[0].text"));
    assertThat(
        answer.getString("content[1].text"), containsString("does not fit its output schema"));
    assertThat(answer.getString("content[1].text"), containsString(why));
  }

  @Test
  void anErrorOfAToolNeedsNoStructuredContent() throws Exception {
    install(tool("now", SCHEMA));
    server.calls(
        request ->
            ScriptedMcp.result(
                "{\"content\": [{\"type\": \"text\", \"text\": \"No such place\"}], \"isError\": true}"));
    JsonPath answer = chat.call("weather_now", Map.of());
    assertTrue(answer.getBoolean("isError"));
    assertEquals(1, answer.getList("content").size());
  }

  @ParameterizedTest
  @CsvSource({"2025-11-25, true", "2025-06-18, true", "2025-03-26, false"})
  void olderRevisionsGetWhatTheyKnow(String revision, boolean isStructured) throws Exception {
    install(tool("now", SCHEMA), ScriptedMcp.tool("list", ""));
    server.calls(
        request ->
            ScriptedMcp.result(
                request.body().at("/params/name").asText().equals("now")
                    ? "{\"content\": [], \"structuredContent\": {\"celsius\": 1}}"
                    : "{\"content\": [], \"structuredContent\": [1]}"));
    assertEquals(isStructured, older(revision, "weather_now").get("structuredContent") != null);
    // Before 2026-07-28 it has to be an object.
    assertNull(older(revision, "weather_list").get("structuredContent"));
    assertEquals(List.of(1), chat.call("weather_list", Map.of()).getList("structuredContent"));
  }

  private static JsonPath older(String revision, String tool) {
    return RestAssured.given()
        .contentType(ContentType.JSON)
        .accept("application/json, text/event-stream")
        .header("Authorization", "Bearer " + Api.SESSION)
        .header("MCP-Protocol-Version", revision)
        .body(
            Map.of(
                "jsonrpc", "2.0", "id", 1, "method", "tools/call", "params", Map.of("name", tool)))
        .post("/mcp")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath()
        .setRootPath("result");
  }

  @Test
  @Tag("not-on-lambda")
  void theProgressOfARemoteToolIsPassedOn() throws Exception {
    install(ScriptedMcp.tool("now", ""));
    server.calls(
        request -> {
          JsonNode token = request.body().at("/params/_meta/progressToken");
          String reached =
              "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":"
                  + "{\"progressToken\":%s,\"progress\":%s,\"total\":2%s}}";
          return ScriptedMcp.events(
              reached.formatted(token, "0.5", ",\"message\":\"Half\""),
              reached.formatted(token, "0.25", ""),
              reached.formatted(token, "2", ""),
              "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"content\":[]}}"
                  .formatted(request.body().get("id")));
        });
    Map<String, Object> meta = new HashMap<>(chat.meta());
    meta.put("progressToken", 17);
    Response answer =
        chat.request("tools/call", Map.of("name", "weather_now", "arguments", Map.of()), meta)
            .post("/mcp");
    List<JsonNode> params =
        answer
            .asString()
            .lines()
            .filter(line -> line.contains("notifications/progress"))
            .map(line -> parsed(line.substring("data: ".length())).path("params"))
            .toList();
    assertEquals(
        List.of(
            parsed("{\"progressToken\":17,\"progress\":0.5,\"total\":2,\"message\":\"Half\"}"),
            parsed("{\"progressToken\":17,\"progress\":2,\"total\":2}")),
        params);
  }

  private static JsonNode parsed(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
