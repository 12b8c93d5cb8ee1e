package dev.errand.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The scripted Responses API refuses what the real one refuses. */
class ResponsesFormTest {
  private static ObjectNode request() {
    ObjectNode request =
        parse(
            """
                {"model": "gpt-5", "store": false, "include": ["reasoning.encrypted_content"],
                 "input": [{"type": "message", "role": "user", "content": "Hello"}],
                 "tools": [{"type": "function", "name": "f", "description": "", "strict": false,
                            "parameters": {}}]}""");
    ScriptedModel.Answer answer = ResponsesForm.answer(request, ScriptedModel.call("c", "f", "{}"));
    input(request).addAll((ArrayNode) parse(answer.body()).path("output"));
    input(request)
        .addObject()
        .put("type", "function_call_output")
        .put("call_id", "c")
        .put("output", "1");
    return request;
  }

  private static ObjectNode parse(String json) {
    try {
      return ResponsesForm.parse(json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ArrayNode input(ObjectNode request) {
    return (ArrayNode) request.path("input");
  }

  private static ObjectNode item(ObjectNode request, int index) {
    return (ObjectNode) input(request).path(index);
  }

  @Test
  void whatItSentIsTakenBackAsItCame() {
    assertEquals("", ResponsesForm.wrong(request()));
  }

  static Stream<Consumer<ObjectNode>> wrongs() {
    return Stream.of(
        request -> request.put("store", true),
        request -> request.remove("store"),
        request -> request.put("previous_response_id", "resp_1"),
        request -> request.put("messages", "x"),
        request -> request.put("model", "gpt-4o"),
        request -> ((ObjectNode) request.at("/tools/0")).remove("strict"),
        // The items of the answer are 1 to 3: reasoning, one of a new kind, the call.
        request -> input(request).remove(1),
        request -> input(request).remove(2),
        request -> input(request).remove(3),
        request -> input(request).insert(1, input(request).remove(2)),
        request -> item(request, 1).put("encrypted_content", "1.x"),
        request -> item(request, 1).remove("id"),
        request -> item(request, 1).remove("summary"),
        request -> item(request, 2).remove("shade"),
        request -> item(request, 3).remove("id"),
        request -> item(request, 3).remove("caller"),
        request -> item(request, 3).put("arguments", "{ }"),
        request -> input(request).remove(4),
        request -> input(request).add(item(request, 4).deepCopy()),
        request -> item(request, 4).put("call_id", "d"),
        request -> item(request, 4).put("is_error", true));
  }

  @ParameterizedTest
  @MethodSource("wrongs")
  void whatTheApiRefusesIsRefused(Consumer<ObjectNode> wrong) {
    ObjectNode request = request();
    wrong.accept(request);

    assertTrue(!ResponsesForm.wrong(request).isEmpty(), request.toString());
  }
}
