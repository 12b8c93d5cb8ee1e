package dev.errand.support;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import dev.errand.support.ScriptedModel.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scripted vendor refuses what the vendor refuses. */
class AnthropicFormTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final AnthropicForm form = new AnthropicForm();
  private final Headers headers = new Headers();
  private ObjectNode request;

  @BeforeEach
  void secondRequest() throws JsonProcessingException {
    headers.set("anthropic-version", "2023-06-01");
    request =
        (ObjectNode)
            JSON.readTree(
                """
                {"model": "m", "max_tokens": 9, "system": [{"type": "text", "text": "Be brief."}],
                 "tools": [{"name": "f", "input_schema": {"type": "object"}}],
                 "messages": [{"role": "user", "content": [{"type": "text", "text": "Hello"}]}]}""");
    Answer answer = form.answer(request, ScriptedModel.call("a", "f", "{\"x\": 1}"));
    ArrayNode messages = (ArrayNode) request.path("messages");
    messages
        .addObject()
        .put("role", "assistant")
        .set("content", JSON.readTree(answer.body()).path("content"));
    messages.add(
        JSON.readTree(
            """
            {"role": "user", "content": [
              {"type": "tool_result", "tool_use_id": "a", "content": "1",
               "cache_control": {"type": "ephemeral"}},
              {"type": "text", "text": "Go on."}]}"""));
  }

  @Test
  void aRightRequestIsTaken() {
    assertNull(form.refusal(headers, request));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "/|user|'x'|user: Extra inputs",
        "/|max_tokens|0|Field required",
        "/|tools|[]|bound to a different",
        "/system/0|text|'Be long.'|bound to a different",
        "/tools/0|description|'F.'|bound to a different",
        "/messages/0/content/0|text|'Hi'|bound to a different",
        "/messages/0/content/0|text|' '|invalid",
        "/messages/0|content|[]|non-empty",
        "/messages/0|role|'assistant'|alternate",
        "/messages/1/content/0|thinking|'Aha.'|bound to a different",
        "/messages/1/content/2/input|x|2|was changed",
        "/messages/1/content/2|input|'x'|invalid",
        "/messages/1/content/2|index|0|Extra inputs",
        "/messages/2/content/0|tool_use_id|'b'|results of [b] for the calls [a]",
        "/messages/2/content/0|type|'text'|results of [] for the calls [a]",
        "/messages/2/content/0|cache_control|{'type':'forever'}|cache_control",
      })
  void aWrongOneIsRefused(String at, String field, String value, String why)
      throws JsonProcessingException {
    JsonNode place = at.equals("/") ? request : request.at(at);
    ((ObjectNode) place).set(field, JSON.readTree(value.replace('\'', '"')));
    assertRefused(why);
  }

  private void assertRefused(String why) {
    String refusal = form.refusal(headers, request);
    assertTrue(refusal != null && refusal.contains(why), String.valueOf(refusal));
  }

  @Test
  void resultsAreRequiredAndSoIsTheVersion() {
    ArrayNode results = (ArrayNode) request.at("/messages/2/content");
    results.add(results.remove(0));
    assertRefused("must come first");
    ((ArrayNode) request.path("messages")).remove(2);
    assertRefused("without `tool_result`");
    headers.remove("anthropic-version");
    assertRefused("anthropic-version");
  }

  @Test
  void fourMarksAreTheMost() {
    for (int i = 0; i < 4; i++) {
      ((ArrayNode) request.path("system"))
          .addObject()
          .put("type", "text")
          .put("text", "More.")
          .putObject("cache_control")
          .put("type", "ephemeral");
    }
    assertRefused("maximum of 4");
  }
}
