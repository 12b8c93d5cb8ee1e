package dev.errand.runs.run.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.base.json.Json;
import dev.errand.models.port.ConversationItem;
import dev.errand.models.port.RunError;
import dev.errand.models.port.Transcript;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TranscriptsTest {
  private static final String PROMPT =
      "{\"msg\":\"message\",\"exchange\":{\"role\":\"user\",\"content\":\"Hello\"}}";
  private static final String CALLS =
      """
      {"msg":"message","exchange":{"role":"assistant","content":null,"reasoning_content":"Hm.",
       "tool_calls":[{"id":"a","extra_content":{"google":{"thought_signature":"x"}},
       "function":{"name":"f","arguments":"{}"}},{"id":"b","function":{"name":"f"}}]}}""";
  private static final String TRY = "{\"msg\":\"again\",\"level\":40,\"code\":\"c\",\"try\":1}";
  private static final String FAILED =
      "{\"msg\":\"run failed\",\"level\":50,\"error\":\"No.\",\"code\":\"model_unavailable\"}";

  private final Transcripts transcripts = new Transcripts(new Json(new ObjectMapper()));

  @Test
  void messagesAreWhatWasExchangedInOrderAndWhole() {
    Transcript transcript =
        transcripts.of(
            List.of(
                PROMPT, CALLS, "{\"msg\":\"call tool request\",\"tool_call_id\":\"a\"}", log()));

    assertEquals(2, transcript.exchanges().size());
    JsonNode back = transcript.exchanges().get(1).message();
    assertEquals("Hm.", back.path("reasoning_content").asText());
    assertEquals("x", back.at("/tool_calls/0/extra_content/google/thought_signature").asText());
  }

  @Test
  void originalMessagesOfAVendorAreRestored() {
    String kept =
        CALLS.strip().substring(0, CALLS.strip().length() - 1)
            + ",\"original\":{\"runner\":\"openai\",\"sent\":[{\"kind\":\"thought\",\"seal\":null}]}}";
    List<ConversationItem> exchanges = transcripts.of(List.of(PROMPT, kept)).exchanges();

    assertEquals(Optional.empty(), exchanges.getFirst().sentBy("openai"));
    assertEquals(
        "[{\"kind\":\"thought\",\"seal\":null}]",
        exchanges.getLast().sentBy("openai").orElseThrow().toString());
    assertEquals(Optional.empty(), exchanges.getLast().sentBy("another"));
  }

  @Test
  void callsWithoutAResultAreOpen() {
    assertEquals(List.of("a", "b"), open(PROMPT, CALLS));
    assertEquals(List.of("a"), open(PROMPT, CALLS, log(), result("b")));
    assertEquals(List.of(), open(PROMPT, CALLS, result("b"), result("a")));
    assertEquals(List.of("a", "b"), open(PROMPT, CALLS, result("a"), result("b"), CALLS));
  }

  @Test
  void triesAreThoseSinceTheLastMessage() {
    assertEquals(0, tries(PROMPT));
    assertEquals(2, tries(PROMPT, TRY, TRY));
    assertEquals(2, tries(PROMPT, TRY, log(), TRY, log()));
    assertEquals(1, tries(PROMPT, TRY, TRY, CALLS, result("a"), result("b"), TRY));
    assertEquals(0, tries(PROMPT, TRY, CALLS));
  }

  @Test
  void warningsOfBoundsAreThoseThatWereWritten() {
    String nearing = "{\"msg\":\"80 %\",\"level\":40,\"code\":\"max_steps\"}";

    assertEquals(Set.of(), warnedOf(PROMPT, CALLS, TRY, log()));
    assertEquals(Set.of(RunError.MAX_STEPS), warnedOf(PROMPT, CALLS, nearing, result("a")));
    assertEquals(Set.of(), warnedOf(PROMPT, CALLS, nearing, FAILED), "it was given new bounds");
  }

  @Test
  void aRetriedRunHasAllItsTries() {
    assertEquals(0, tries(PROMPT, TRY, TRY, FAILED));
    assertEquals(1, tries(PROMPT, TRY, TRY, FAILED, TRY));
  }

  private Set<RunError> warnedOf(String... entries) {
    return transcripts.of(List.of(entries)).warnedOf();
  }

  private int tries(String... entries) {
    return transcripts.of(List.of(entries)).failedTries();
  }

  private List<String> open(String... entries) {
    return transcripts.of(List.of(entries)).openToolCalls().stream()
        .map(call -> call.path("id").asText())
        .toList();
  }

  private static String result(String id) {
    return "{\"exchange\":{\"role\":\"tool\",\"tool_call_id\":\"" + id + "\",\"content\":\"x\"}}";
  }

  private static String log() {
    return "{\"msg\":\"a line\",\"level\":40,\"tool\":\"f\"}";
  }
}
