package dev.errand.models.openai;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.errand.models.loop.LoopRuns;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only the chat completions API has: settings, and messages that servers write their way. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ChatCompletionsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ScriptedModel model = new ScriptedModel();
  private final HttpServer site = site();

  @AfterEach
  void stop() {
    model.close();
    site.stop(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\"id\":null,", "\"id\":\"\",", "\"id\":\"same\","})
  void callsWithoutIdsOfTheirOwnAreGivenSome(String id) {
    String call =
        "{"
            + id
            + "\"function\":{\"name\":\"fetch_fetch\",\"arguments\":\"{\\\"url\\\":\\\"%s\\\"}\"}}";
    model.script(
        request ->
            request.size() == 1
                ? message(
                    "{\"tool_calls\":["
                        + call.formatted(page("/page?a"))
                        + ","
                        + call.formatted(page("/page?b"))
                        + "]}")
                : say("I see."));
    JsonPath run = run(Map.of());

    assertEquals("ready", run.getString("status"), run.prettify());
    JsonNode messages = model.requests().get(1).body().path("messages");
    JsonNode asked = messages.path(1).path("tool_calls");
    assertNotEquals(asked.path(0).path("id").asText(), asked.path(1).path("id").asText());
    for (int i = 0; i < 2; i++) {
      assertEquals("function", asked.path(i).path("type").asText());
      assertEquals(asked.path(i).path("id"), messages.path(2 + i).path("tool_call_id"));
      assertEquals("page " + "ab".charAt(i), messages.path(2 + i).path("content").asText());
    }
  }

  @Test
  void extraFieldsOfAProvidersMessageAreSentBack() {
    model.script(
        request ->
            request.size() == 1
                ? message(
                    "{\"role\":\"assistant\",\"content\":\"Let me see.\",\"reasoning_content\":"
                        + "\"First, …\",\"extra\":{\"n\":1.5},\"refusal\":null,\"tool_calls\":[{"
                        + "\"id\":\"c\",\"type\":\"function\",\"index\":0,\"function\":{\"name\":"
                        + "\"fetch_fetch\",\"arguments\":\"{}\"}}]}")
                : say("I see."));
    run(Map.of());

    JsonNode back = model.requests().get(1).body().path("messages").path(1);
    assertEquals("First, …", back.path("reasoning_content").asText());
    assertEquals(1.5, back.path("extra").path("n").asDouble());
    assertEquals("Let me see.", back.path("content").asText());
    assertEquals(0, back.path("tool_calls").path(0).path("index").asInt(-1));
  }

  @Test
  void modelSettingsOfATaskAreSentUnchanged() throws JsonProcessingException {
    String given =
        """
        {"temperature": 0.2, "top_p": 1, "max_completion_tokens": 77, "reasoning_effort": "low",
         "response_format": {"type": "json_schema", "json_schema": {"name": "n", "strict": true}},
         "seed": 9007199254740993, "tool_choice": {"type": "function", "function": {"name": "f"}},
         "parallel_tool_calls": false}
        """;
    ObjectNode openai = (ObjectNode) JSON.readTree(given);
    openai.put("model", "m-1").put("prompt", "Hello {{n}}").put("system", "Be {{n}}.");
    openai.put("base_url", model.url());
    String task = "exact" + UUID.randomUUID();
    ObjectNode body = JSON.createObjectNode().put("runner", "openai");
    body.set("openai", openai);
    body.putObject("settings").put("key", "sk-a-key-for-tests-1234");
    api().body(body.toString()).put(TASKS + "/" + task).then().statusCode(201);
    trigger(task, "r", Map.of("n", "brief")).then().statusCode(201);
    ended(task, "r");

    JsonNode sent = model.requests().getFirst().body();
    for (Map.Entry<String, JsonNode> field : JSON.readTree(given).properties()) {
      assertEquals(
          field.getValue().isNumber()
              ? String.valueOf(field.getValue().asDouble())
              : field.getValue().toString(),
          sent.path(field.getKey()).isNumber()
              ? String.valueOf(sent.path(field.getKey()).asDouble())
              : sent.path(field.getKey()).toString());
    }
    assertEquals(9007199254740993L, sent.path("seed").asLong());
    assertEquals(
        JSON.readTree(
            "[{\"role\":\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\"Hello"
                + " brief\"}]"),
        sent.path("messages"));
  }

  @Test
  void unsetModelSettingsAreNotSent() {
    JsonPath run = run(Map.of());

    assertEquals("Done.", run.getString("output"), run.prettify());
    JsonNode sent = model.requests().getFirst().body();
    assertEquals(
        List.of("model", "messages", "tools"),
        sent.properties().stream().map(Map.Entry::getKey).toList());
  }

  private JsonPath run(Map<String, Object> settings) {
    return LoopRuns.run(model, settings);
  }

  private static Answer message(String json) {
    return new Answer(200, "{\"choices\":[{\"message\":" + json + "}]}");
  }

  private String page(String path) {
    return "http://127.0.0.1:" + site.getAddress().getPort() + path;
  }

  private static HttpServer site() {
    try {
      HttpServer site =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      site.createContext(
          "/page",
          exchange -> {
            byte[] page =
                ("page " + exchange.getRequestURI().getQuery()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
          });
      site.start();
      return site;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
