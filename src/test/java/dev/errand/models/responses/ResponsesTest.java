package dev.errand.models.responses;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.calls;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.Runners;
import dev.errand.runs.task.TaskKeys;
import dev.errand.runs.task.TaskKeys.KeyRate;
import dev.errand.runs.task.TaskKeys.OpenedKey;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What only the Responses API has: its settings, and a server and key that it shares. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ResponsesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final KeyRate RATE = new KeyRate(UUID.randomUUID(), false, false);
  private static final String TASK = TASKS + "/responding";
  private static final String PROVIDER = "/api/profiles/~/default/providers/responding";

  @Inject TaskKeys keys;
  @Inject Runners runners;

  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void stop() {
    api().delete(TASK + "?force=true");
    api().delete(PROVIDER);
    model.close();
  }

  private ObjectNode settings(String more) throws JsonProcessingException {
    ObjectNode settings = (ObjectNode) JSON.readTree(more);
    return settings
        .put("prompt", "Hello {{n}}")
        .put("model", settings.path("model").asText("gpt-5"))
        .put("base_url", model.url());
  }

  private static String body(ObjectNode settings) {
    ObjectNode body = JSON.createObjectNode().put("runner", "responses");
    body.set("responses", settings);
    body.putObject("settings").put("key", "sk-a-key-for-tests-1234");
    return body.toString();
  }

  private JsonPath run(ObjectNode settings) {
    api().body(body(settings)).put(TASK).then().statusCode(201);
    trigger("responding", "r", Map.of("n", "you")).then().statusCode(201);
    return ended("responding", "r");
  }

  @Test
  void modelSettingsOfATaskAreSentUnchanged() throws JsonProcessingException {
    String given =
        """
        {"temperature": 0.25, "top_p": 1.0, "max_output_tokens": 77,
         "reasoning": {"effort": "xhigh", "summary": "auto", "context": "all_turns"},
         "text": {"verbosity": "low", "format": {"type": "json_object"}},
         "tool_choice": {"type": "function", "name": "calc_calculate"},
         "parallel_tool_calls": false, "service_tier": "flex", "prompt_cache_key": "digest",
         "context_management": [{"type": "compaction", "compact_threshold": 100000}],
         "include": ["message.output_text.logprobs"]}
        """;
    JsonPath run = run(settings(given).put("system", "Be {{n}}."));

    assertEquals("Done.", run.getString("output"), run.prettify());
    ObjectNode sent = (ObjectNode) JSON.readTree(model.requests().getFirst().sent().toString());
    assertEquals("Be you.", sent.path("instructions").asText());
    assertEquals(
        JSON.readTree("[{\"type\":\"message\",\"role\":\"user\",\"content\":\"Hello you\"}]"),
        sent.path("input"));
    assertEquals(
        JSON.readTree(given),
        sent.without(List.of("model", "instructions", "input", "tools", "store")));
    api().get(TASK).then().body("responses.reasoning.effort", equalTo("xhigh"));
  }

  @Test
  void unsetModelSettingsAreNotSent() throws JsonProcessingException {
    run(settings("{}"));

    JsonNode sent = model.requests().getFirst().sent();
    assertEquals(
        List.of("model", "input", "tools", "store", "include"),
        sent.properties().stream().map(Map.Entry::getKey).toList());
    assertEquals("[\"reasoning.encrypted_content\"]", sent.path("include").toString());
    assertFalse(sent.path("store").booleanValue());
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-4o-mini,",
    "openai/gpt-4.1,",
    "gpt-3.5-turbo,",
    "chatgpt-4o-latest,",
    "gpt-5-chat-latest,",
    "gpt-5.1-chat,",
    "gpt-5.4-mini,reasoning.encrypted_content",
    "gpt-6-astra,reasoning.encrypted_content",
    "openai/o3,reasoning.encrypted_content",
    "my-gpt-4,reasoning.encrypted_content",
  })
  void onlyModelsThatReasonAreAskedForTheirReasoning(String name, String include)
      throws JsonProcessingException {
    api().body(body(settings("{\"model\":\"" + name + "\"}"))).put(TASK).then().statusCode(201);
    api()
        .body("{\"parameters\": {\"n\": \"you\"}}")
        .post(TASK + "/preview")
        .then()
        .statusCode(200)
        .body("request.url", equalTo(model.url() + "/responses"))
        .body("request.headers.authorization", equalTo("Bearer $MODEL_KEY"))
        .body("request.body.include", equalTo(include == null ? null : List.of(include)));
  }

  @Test
  void theVendorsItemsGoBackAsTheyCameAndAreShownInOneForm() throws JsonProcessingException {
    model.script(request -> request.size() == 1 ? call("c", "none", "{}") : say("Done."));
    JsonPath run = run(settings("{\"include\":[]}"));

    assertEquals("Done.", run.getString("output"), run.prettify());
    assertEquals(
        JSON.readTree(
            """
            {"role": "assistant", "content": null,
             "tool_calls": [{"id": "c", "type": "function",
                             "function": {"name": "none", "arguments": "{}"}}]}"""),
        JSON.valueToTree(run.getMap("results[1].exchange")));
    assertFalse(run.prettify().contains("encrypted_content"), run.prettify());
    JsonNode input = model.requests().getLast().sent().path("input");
    assertEquals(
        List.of("message", "reasoning", "glimpse", "function_call", "function_call_output"),
        input.valueStream().map(item -> item.path("type").asText()).toList());
    assertEquals("direct", input.at("/3/caller/type").asText());
    assertFalse(model.requests().getLast().sent().has("include"));
  }

  @Test
  void aRunThatWasCancelledGoesOnWithAllThatWasSent() throws JsonProcessingException {
    CountDownLatch isCancelled = new CountDownLatch(1);
    model.script(
        request -> {
          if (request.size() == 1) {
            return calls(List.of(List.of("a", "none", "{}"), List.of("b", "none", "{}")));
          }
          if (isCancelled.getCount() > 0) {
            api().post(TASK + "/runs/r/cancel").then().statusCode(200);
            isCancelled.countDown();
          }
          return say("Done.");
        });
    JsonPath cancelled = run(settings("{}"));
    assertEquals("cancelled", cancelled.getString("error.code"), cancelled.prettify());
    api().post(TASK + "/runs/r/retry").then().statusCode(202);

    assertEquals("Done.", ended("responding", "r").getString("output"));
    assertEquals(
        model.requests().get(1).sent(), model.requests().getLast().sent(), "as it was asked");
    assertEquals(3, model.requests().size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"temperature\": 2.1}|temperature|must be between 0 and 2",
        "{\"top_p\": -1}|top_p|must be between 0 and 1",
        "{\"max_output_tokens\": 0}|max_output_tokens|must be 1 or more",
        "{\"reasoning\": {\"effort\": \"huge\"}}|reasoning.effort|must be one of none, minimal,",
        "{\"reasoning\": {\"effort\": 3}}|reasoning.effort|must be one of none, minimal,",
        "{\"reasoning\": {\"summary\": \"long\"}}|reasoning.summary|must be one of auto,",
        "{\"reasoning\": \"low\"}|reasoning|",
        "{\"text\": {\"verbosity\": \"max\"}}|text.verbosity|must be one of low, medium, high",
        "{\"tool_choice\": 5}|tool_choice|must be a string or an object",
        "{\"tool_choice\": {\"type\": \"function\", \"function\": {}}}|tool_choice|names a function",
        "{\"context_management\": {}}|context_management|",
        "{\"prompt_cache_key\": \"LONG\"}|prompt_cache_key|must have at most 64 characters",
        "{\"include\": \"all\"}|include|",
        "{\"previous_response_id\": \"r\"}|previous_response_id|is not a known field",
        "{\"store\": true}|store|is not a known field",
        "{\"max_completion_tokens\": 5}|max_completion_tokens|is not a known field",
      })
  void settingsThatTheApiRefusesAreRefused(String given, String field, String told)
      throws JsonProcessingException {
    String settings = given.replace("LONG", "x".repeat(65));

    problem(api().body(body(settings(settings))).put(TASK), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo("responses." + field))
        .body("errors[0].message", containsString(told == null ? "" : told));
  }

  @Test
  void runsOfATaskShareTheCacheOfTheConfiguredServer() throws JsonProcessingException {
    String key = cacheKey(settings("{\"system\": \"Be brief.\"}").without("base_url"));

    assertTrue(key.matches("[0-9a-f]{32}"), key);
    assertEquals(
        key,
        cacheKey(
            settings("{\"system\": \"Be brief.\", \"temperature\": 1, \"model\": \"gpt-6\"}")
                .without("base_url")));
    assertNotEquals(key, cacheKey(settings("{\"system\": \"Be long.\"}").without("base_url")));
    assertEquals(
        "mine", cacheKey(settings("{\"prompt_cache_key\": \"mine\"}").without("base_url")));
    assertEquals("mine", cacheKey(settings("{\"prompt_cache_key\": \"mine\"}")));
    assertEquals("", cacheKey(settings("{\"system\": \"Be brief.\"}")), "another server");
  }

  private static String cacheKey(ObjectNode settings) throws JsonProcessingException {
    ObjectNode body = JSON.createObjectNode();
    body.putObject("parameters").put("n", "you");
    body.set("task", JSON.readTree(body(settings)));
    api().body(body(settings)).put(TASK);
    String shown = api().body(body.toString()).post(TASK + "/preview").asString();
    JsonNode request = JSON.readTree(shown).at("/request/body");
    assertTrue(request.has("input"), shown);
    return request.path("prompt_cache_key").asText();
  }

  @Test
  void aTaskMovesBetweenTheRunnersOfOneServerWithItsKey() throws JsonProcessingException {
    String openai = "{\"prompt\": \"Hello {{n}}\", \"model\": \"gpt-4o\"%s}";
    String at = ", \"base_url\": \"" + model.url() + "\"";
    for (String server : List.of("", at)) {
      api()
          .body(
              ("{\"runner\": \"openai\", \"openai\": "
                      + openai
                      + ", \"settings\": {\"key\": \"sk-1\"}}")
                  .formatted(server))
          .put(TASK)
          .then()
          .statusCode(201);
      api()
          .body(("{\"runner\": \"responses\", \"responses\": " + openai + "}").formatted(server))
          .put(TASK)
          .then()
          .statusCode(200)
          .body("runner", equalTo("responses"))
          .body("openai", nullValue())
          .body("settings.key_hint", equalTo("…"));
      String other = server.isEmpty() ? at : "";
      problem(
          api()
              .body(("{\"runner\": \"openai\", \"openai\": " + openai + "}").formatted(other))
              .put(TASK),
          400,
          "key_required");
      if (!server.isEmpty()) {
        trigger("responding", "moved", Map.of("n", "you")).then().statusCode(201);
        assertEquals("Done.", ended("responding", "moved").getString("output"));
        assertEquals("Bearer sk-1", model.requests().getLast().authorization());
      }
      api().delete(TASK).then().statusCode(204);
    }
  }

  @Test
  void aRunKeepsItsRunnerWhenItsTaskMoves() throws JsonProcessingException {
    ObjectNode stored = settings("{}");
    ModelSettings fixed = runners.stored("responses", stored);
    ModelSettings configured = fixed.at(null);

    assertEquals(fixed, keys.settings(fixed, new OpenedKey("sk-1", "openai", model.url(), null)));
    for (boolean ofProvider : List.of(false, true)) {
      assertEquals(
          configured,
          keys.settings(
              configured, new OpenedKey("sk-1", "openai", null, ofProvider ? RATE : null)));
      assertThrows(
          TaskKeys.KeyOfOtherServerException.class,
          () ->
              keys.settings(
                  fixed, new OpenedKey("sk-1", "openai", null, ofProvider ? RATE : null)));
      assertThrows(
          TaskKeys.KeyOfOtherServerException.class,
          () ->
              keys.settings(
                  configured, new OpenedKey("sk-1", "abacus", null, ofProvider ? RATE : null)));
    }
  }

  @Test
  void aProviderListsItsModelsAndHasTheDefaultsOfItsTasks() throws JsonProcessingException {
    model.catalog(request -> ScriptedModel.models(List.of("gpt-5", "gpt-4o")));
    ObjectNode defaults = settings("{\"reasoning\": {\"effort\": \"low\"}}");
    api().body(body(defaults.without("prompt"))).put(PROVIDER).then().statusCode(201);
    api()
        .post(PROVIDER + "/check")
        .then()
        .statusCode(200)
        .body("ok", equalTo(true))
        .body("models", hasItem("gpt-4o"))
        .body("message", containsString("has the model gpt-5"));
    api()
        .body("{\"provider\": \"~/default/responding\", \"responses\": {\"prompt\": \"Hello\"}}")
        .put(TASK)
        .then()
        .statusCode(201);
    trigger("responding", "r", Map.of()).then().statusCode(201);

    assertEquals("Done.", ended("responding", "r").getString("output"));
    assertEquals("low", model.requests().getLast().sent().at("/reasoning/effort").asText());
  }
}
