package dev.errand.models.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.models.message.Message;
import dev.errand.models.port.Bounds;
import dev.errand.models.port.ModelAnswer;
import dev.errand.models.port.ModelPort.Lacks;
import dev.errand.models.port.ModelPort.ListedModel;
import dev.errand.models.port.ModelPort.Question;
import dev.errand.models.port.ModelRequest;
import dev.errand.models.port.RunError;
import dev.errand.models.port.RunWarning;
import dev.errand.models.port.Turn;
import dev.errand.models.port.Usage;
import dev.errand.models.port.WarningCode;
import dev.errand.models.wire.AnswerParser;
import dev.errand.models.wire.ModelCall;
import dev.errand.models.wire.RetryHints;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.support.TestDatabase;
import dev.errand.tools.port.ToolSpec;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked in the form of the Messages API, and what its answers mean. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class AnthropicAnswersTest {
  private static final String URL = "http://127.0.0.1";

  @Inject AnthropicAnswers answers;
  @Inject AnthropicPort port;
  @Inject RunEntryCodec codec;
  @Inject Json json;

  @Test
  void whatIsReadFromTheCacheAndWrittenToItIsPartOfThePrompt() {
    Turn turn =
        turn(
            """
            {"content": [{"type": "text", "text": "Hi"}], "model": "claude-opus-5-5-20260922",
             "usage": {"input_tokens": 3, "cache_read_input_tokens": 1000, "output_tokens": 50,
                       "cache_creation_input_tokens": 20, "output_tokens_details": {"thinking_tokens": 30}}}""");

    assertEquals(new Usage.Step(1023, 50, 1073, 1000, 20, 30, 0.001312, 7), turn.used());
    assertEquals("claude-opus-5-5-20260922", turn.model());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "end_turn,-,false",
        "stop_sequence,-,false",
        "tool_use,-,false",
        "of_tomorrow,-,false",
        "pause_turn,-,true",
        "compaction,-,true",
        "max_tokens,max_tokens,false",
        "model_context_window_exceeded,model_context_window_exceeded,false",
        "refusal,refusal,false",
      })
  void theReasonForTheEndIsUnderstood(String stop, String incomplete, boolean goesOn) {
    Turn turn = turn("{\"content\": [], \"stop_reason\": \"" + stop + "\"}");

    assertEquals(stop, turn.finish());
    assertEquals(
        Optional.ofNullable(incomplete),
        Optional.ofNullable(turn.incomplete()).map(Turn.Incomplete::word));
    assertEquals(goesOn, turn.goesOn());
    assertEquals(List.of(), turn.warnings());
  }

  @Test
  void aRefusalSaysWhy() {
    Turn turn =
        turn(
            """
            {"content": [], "stop_reason": "refusal",
             "stop_details": {"type": "refusal", "category": "cyber", "explanation": "It may harm."}}""");

    assertEquals("It may harm.", turn.message().output());
    assertTrue(warning(turn).sentence().contains("for the reason cyber"), turn.toString());
    Turn other = turn("{\"content\": [], \"stop_reason\": \"refusal\", \"stop_details\": null}");
    assertTrue(warning(other).sentence().startsWith("The model refused"), other.toString());
  }

  private static RunWarning warning(Turn turn) {
    return Objects.requireNonNull(turn.incomplete()).warning();
  }

  @Test
  void thinkingThatTheServerLeavesOutIsAWarning() {
    Turn turn =
        turn(
            """
            {"content": [], "input_transformations": [
              {"type": "thinking_dropped", "path": "messages.1.content.0", "reason": "model_binding_mismatch"},
              {"type": "thinking_dropped", "path": "messages.3.content.0", "reason": "model_binding_mismatch"},
              {"type": "thinking_mismatch_allowed", "reason": "prefix_binding_mismatch"}]}""");
    RunWarning.Noted noted = assertInstanceOf(RunWarning.Noted.class, turn.warnings().getFirst());

    assertEquals(1, turn.warnings().size());
    assertEquals(WarningCode.THINKING_DROPPED, noted.code());
    assertTrue(noted.sentence().contains("2 parts"), noted.sentence());
    assertTrue(noted.sentence().contains("(model_binding_mismatch)"), noted.sentence());
  }

  @Test
  void theVendorsBlocksAreKeptStoredAndSentBackAsTheyCame() {
    String content =
        """
        [{"type": "thinking", "thinking": "", "signature": "c2ln"},
         {"type": "redacted_thinking", "data": "ZGF0YQ=="},
         {"type": "text", "text": "Let me see.", "citations": null},
         {"type": "of_tomorrow", "state": {"z": 1.50, "a": []}},
         {"type": "tool_use", "id": "toolu_1", "name": "f", "input": {"b": 0.10, "a": 2}, "caller": {"type": "direct"}}]""";
    Message.Assistant message = turn("{\"content\": " + content + "}").message();
    String stored = codec.write(new RunEntry.Answer(message, null));
    RunEntry.Answer read = assertInstanceOf(RunEntry.Answer.class, codec.read(stored).entry());

    assertEquals("Let me see.", message.text());
    assertEquals(
        List.of(new Message.ToolCall("toolu_1", "f", json.tree("{\"b\": 0.10, \"a\": 2}"))),
        message.toolCalls());
    assertEquals(message.toolCalls(), read.message().toolCalls());
    for (Message.Assistant each : List.of(message, read.message())) {
      assertEquals(
          json.tree(content).toString(),
          AnthropicMessages.of(List.of(each)).at("/0/content").toString());
    }
    assertFalse(RunEntryCodec.shown(stored).contains("c2ln"));
    assertTrue(port.isBound(json.tree(content)));
    assertTrue(port.isBound(json.tree("[{\"type\": \"compaction\"}]")));
    assertFalse(port.isBound(json.tree("[{\"type\": \"text\"}, {\"type\": \"tool_use\"}]")));
  }

  @Test
  void callsOfOtherServersGetWhatTheyLack() {
    Message.Assistant message =
        turn("""
                {"content": [
                  {"type": "tool_use", "name": "f", "input": {}},
                  {"type": "tool_use", "id": "a", "name": "f"},
                  {"type": "tool_use", "id": "a", "name": "f", "input": "{\\"x\\":"},
                  {"type": "tool_use", "id": "b", "name": "f", "input": [1]},
                  {"type": "tool_use", "id": "c\\u0000", "name": "f", "input": {}}]}""")
            .message();
    JsonNode back = AnthropicMessages.of(List.of(message)).at("/0/content");

    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      assertFalse(back.at("/" + i + "/id").asText().contains("\0"));
      assertTrue(ids.add(back.at("/" + i + "/id").asText()), back.toString());
      assertEquals(message.toolCalls().get(i).id(), back.at("/" + i + "/id").asText());
      assertEquals("{}", back.at("/" + i + "/input").toString());
    }
    assertEquals(
        List.of("{}", "{}", "\"{\\\"x\\\":\"", "[1]", "{}"),
        message.toolCalls().stream().map(call -> call.arguments().toString()).toList());
  }

  @Test
  void aCallThatAModelBeganBeforeItRefusedIsNotMade() {
    Turn turn =
        turn(
            """
            {"stop_reason": "refusal", "content": [{"type": "text", "text": "Hm."},
              {"type": "tool_use", "id": "a", "name": "f", "input": {"x": 1}}]}""");

    assertEquals(List.of(), turn.message().toolCalls());
    assertEquals("Hm.", turn.message().text());
    assertTrue(warning(turn).sentence().startsWith("The model refused"), turn.toString());
  }

  @Test
  void aCallThatWasCutIsNotExecuted() {
    Turn turn =
        turn(
            """
            {"stop_reason": "max_tokens", "content": [
              {"type": "tool_use", "id": "a", "name": "f", "input": {"x": 1}},
              {"type": "tool_use", "id": "b", "name": "f", "input": {"path": "/tm"}}]}""");

    assertTrue(turn.message().toolCalls().get(0).arguments().isObject());
    assertTrue(turn.message().toolCalls().get(1).arguments().isTextual());
    // Nor when the run is resumed.
    String stored = codec.write(new RunEntry.Answer(turn.message(), null));
    RunEntry.Answer read = assertInstanceOf(RunEntry.Answer.class, codec.read(stored).entry());
    assertTrue(read.message().toolCalls().get(1).arguments().isTextual());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"content\": \"text\"}",
        "{\"content\": {}}",
        "{\"type\": \"message\"}",
        "{\"content\": [{\"type\": \"tool_use\", \"id\": \"a\"}]}",
        "{\"content\": [{\"type\": \"tool_use\", \"id\": \"a\", \"name\": \" \"}]}",
      })
  void whatIsNoMessageIsInvalid(String answer) {
    ModelAnswer.TemporaryFailure failed =
        assertInstanceOf(
            ModelAnswer.TemporaryFailure.class, parser().read(call(), json.tree(answer), 7));

    assertEquals(RunError.MODEL_ANSWER_INVALID, failed.failure());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | invalid_request_error | prompt is too long | MODEL_REFUSED",
        "400 | invalid_request_error | Your credit balance is too low to access the API | QUOTA_EXCEEDED",
        "400 | invalid_request_error | You have reached your specified API usage limits. | QUOTA_EXCEEDED",
        "401 | authentication_error | invalid x-api-key | KEY_REFUSED",
        "402 | billing_error | Pay. | QUOTA_EXCEEDED",
        "403 | permission_error | No. | KEY_REFUSED",
        "404 | not_found_error | model: claude-x | MODEL_NOT_FOUND",
        "413 | request_too_large | Too large | MODEL_REFUSED",
        "429 | rate_limit_error | Slowly. | MODEL_UNAVAILABLE",
        "500 | api_error | Oh. | MODEL_UNAVAILABLE",
        "504 | timeout_error | Late. | MODEL_UNAVAILABLE",
        "529 | overloaded_error | Overloaded | MODEL_UNAVAILABLE",
      })
  void anErrorMeansTheSameInAStreamAndOutsideOfIt(
      int status, String type, String message, RunError meaning) {
    JsonNode error =
        json.tree(
            "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"%s\"}}"
                .formatted(type, message));
    ModelAnswer outside = parser().error(status, error).of(call(), RetryHints.NONE, 7);

    // But that a part of an answer may have been counted before it.
    assertEquals(thatMayCost(outside), parser().read(call(), error, 7));
    switch (outside) {
      case ModelAnswer.Refusal refusal -> assertEquals(meaning, refusal.failure());
      case ModelAnswer.TemporaryFailure failed -> assertEquals(meaning, failed.failure());
      case Turn turn -> throw new AssertionError(turn.toString());
    }
  }

  private static ModelAnswer thatMayCost(ModelAnswer answer) {
    return switch (answer) {
      case ModelAnswer.Refusal refusal ->
          new ModelAnswer.Refusal(refusal.failure(), refusal.sentence(), true);
      case ModelAnswer.TemporaryFailure failed ->
          new ModelAnswer.TemporaryFailure(
              failed.failure(),
              failed.sentence(),
              failed.askedToWait(),
              failed.used(),
              failed.tierRefused(),
              true,
              failed.ofRate());
      case Turn turn -> turn;
    };
  }

  @Test
  void aRequestHasWhatTheTaskSays() {
    AnthropicSettings settings =
        json.read(
            """
            {"prompt": "p", "model": "m", "system": "Be brief.", "temperature": 1, "top_p": 0.99,
             "max_tokens": 9000, "thinking": {"type": "adaptive", "block_binding": {}},
             "effort": "low", "tool_choice": {"type": "auto"}, "stop_sequences": ["END"],
             "stream": true, "base_url": "http://127.0.0.1/v1/"}""",
            AnthropicSettings.class);
    ToolSpec tool = new ToolSpec("f", "", json.object());
    ModelRequest request =
        port.request(question(settings, List.of(new Message.User("p")), List.of(tool)));

    assertEquals("http://127.0.0.1/v1/messages", request.url());
    assertEquals(
        Map.of(
            "anthropic-version",
            "2023-06-01",
            "anthropic-beta",
            "thinking-binding-controls-2026-08-01",
            "content-type",
            "application/json",
            "x-api-key",
            "a-key"),
        request.headers());
    assertEquals(
        json.tree(
            """
            {"model": "m", "max_tokens": 9000,
             "tools": [{"name": "f", "input_schema": {"type": "object"}}],
             "tool_choice": {"type": "auto"},
             "system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}],
             "messages": [{"role": "user", "content": [
               {"type": "text", "text": "p", "cache_control": {"type": "ephemeral"}}]}],
             "temperature": 1.0, "top_p": 0.99,
             "thinking": {"type": "adaptive", "block_binding": {}},
             "output_config": {"effort": "low"}, "stop_sequences": ["END"], "stream": true}"""),
        json.tree(json.write(request.body())));
  }

  @Test
  void aRequestHasNoMoreThanItMust() {
    AnthropicSettings settings =
        json.read(
            "{\"prompt\": \"p\", \"model\": \"m\", \"tool_choice\": {\"type\": \"auto\"},"
                + " \"base_url\": \"http://127.0.0.1\"}",
            AnthropicSettings.class);
    ModelRequest request =
        port.request(question(settings, List.of(new Message.User("p")), List.of()));

    assertEquals("http://127.0.0.1/v1/messages", request.url());
    assertEquals(
        json.tree(
            """
            {"model": "m", "max_tokens": 16000,
             "messages": [{"role": "user", "content": [
               {"type": "text", "text": "p", "cache_control": {"type": "ephemeral"}}]}]}"""),
        json.tree(json.write(request.body())));
    assertEquals(Map.of("anthropic-version", "2023-06-01"), port.headers(""));
  }

  @Test
  void toolsWithoutSystemTextAreMarkedThemselves() {
    AnthropicSettings settings =
        json.read("{\"prompt\": \"p\", \"model\": \"m\"}", AnthropicSettings.class);
    List<ToolSpec> tools =
        List.of(
            new ToolSpec("f", "F.", (ObjectNode) json.tree("{\"type\": \"object\"}")),
            new ToolSpec("g", "G.", (ObjectNode) json.tree("{\"type\": \"object\"}")));
    JsonNode body = port.request(question(settings, List.of(), tools)).body();

    assertFalse(body.at("/tools/0").has("cache_control"));
    assertEquals("ephemeral", body.at("/tools/1/cache_control/type").asText());
    assertEquals("F.", body.at("/tools/0/description").asText());
  }

  @Test
  void modelsAreListedWithWhatTheyCanDo() {
    assertEquals(
        Optional.of(
            List.of(
                new ListedModel("claude-opus-5-5", 1_000_000L, 128_000L, Lacks.NOTHING),
                new ListedModel("b"))),
        port.catalog(
            json.tree(
                """
                {"data": [
                  {"type": "model", "id": "claude-opus-5-5", "max_input_tokens": 1000000,
                   "max_tokens": 128000, "capabilities": {}},
                  {"id": "b", "max_input_tokens": null, "max_tokens": "many"}], "has_more": false}""")));
    assertEquals(Optional.empty(), port.catalog(json.tree("{\"data\": {}}")));
  }

  @Test
  void anAnswerWithoutCountsHasNone() {
    assertNull(turn("{\"content\": []}").used().costUsd());
    assertEquals(0, turn("{\"content\": [], \"usage\": \"x\"}").used().totalTokens());
  }

  private Turn turn(String answer) {
    return assertInstanceOf(Turn.class, parser().read(call(), json.tree(answer), 7));
  }

  private ModelCall call() {
    AnthropicSettings settings =
        json.read("{\"prompt\": \"p\", \"model\": \"m\"}", AnthropicSettings.class);
    return new ModelCall(
        question(settings, List.of(), List.of()),
        URI.create(URL),
        "v1/messages",
        Map.of(),
        () -> {
          throw new AssertionError("nothing is sent");
        });
  }

  private static Question<AnthropicSettings> question(
      AnthropicSettings settings, List<Message> conversation, List<ToolSpec> tools) {
    Duration time = Duration.ofMinutes(5);
    Bounds bounds = new Bounds(Instant.now().plus(time), time, 9, 999, 1, 9, 3, Set.of(), Set.of());
    return new Question<>(settings, "a-key", conversation, tools, bounds, null);
  }

  private AnswerParser parser() {
    return answers.of((AnthropicSettings) call().settings());
  }
}
