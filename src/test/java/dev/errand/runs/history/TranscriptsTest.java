package dev.errand.runs.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.base.json.Json;
import dev.errand.models.message.Message;
import dev.errand.models.message.MessageForm;
import dev.errand.models.port.RunError;
import dev.errand.models.port.Runners;
import dev.errand.models.port.Transcript;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.history.Transcripts.Recorded;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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

  private static final Json JSON = new Json(new ObjectMapper());

  private final Transcripts transcripts =
      new Transcripts(
          new RunEntryCodec(JSON, new MessageForm(JSON), Clock.systemUTC()),
          new Runners(List.of(), JSON));

  @Test
  void messagesAreWhatWasExchangedInOrderAndWhole() {
    Transcript transcript =
        transcripts
            .of(
                List.of(
                    PROMPT, CALLS, "{\"msg\":\"call tool request\",\"tool_call_id\":\"a\"}", log()))
            .transcript(null);

    assertEquals(2, transcript.messages().size());
    JsonNode back = MessageForm.of(transcript.messages().get(1));
    assertEquals("Hm.", back.path("reasoning_content").asText());
    assertEquals("x", back.at("/tool_calls/0/extra_content/google/thought_signature").asText());
  }

  @Test
  void originalMessagesOfAVendorAreRestored() {
    String kept =
        CALLS.strip().substring(0, CALLS.strip().length() - 1)
            + ",\"original\":{\"runner\":\"openai\",\"sent\":[{\"kind\":\"thought\",\"seal\":null}]}}";

    assertEquals(Optional.empty(), last(PROMPT, CALLS).sentBy("openai"));
    assertEquals(
        "[{\"kind\":\"thought\",\"seal\":null}]",
        last(PROMPT, kept).sentBy("openai").orElseThrow().toString());
    assertEquals(Optional.empty(), last(PROMPT, kept).sentBy("another"));
  }

  @Test
  void thoughtIsOfUseOnlyWithTheToolsThatItCameWith() {
    String[] entries = {PROMPT, thought("one"), thought("two")};
    Recorded recorded = transcripts.of(List.of(entries));

    assertEquals(List.of(true, false), originals(recorded, "one"));
    assertEquals(List.of(false, true), originals(recorded, "two"));
    assertEquals(List.of(false, false), originals(recorded, null));
    assertEquals("two", recorded.asked() == null ? null : recorded.asked().tools());
  }

  @Test
  void thoughtIsOfUseOnlyWithTheModelThatItCameFrom() {
    String same = "{\"msg\":\"run taken up again\",\"level\":30}";
    String anew = "{\"msg\":\"run taken up again\",\"level\":30,\"anew\":true}";
    Recorded kept = transcripts.of(List.of(PROMPT, thought("t"), FAILED, same, thought("t")));
    Recorded cut =
        transcripts.of(List.of(PROMPT, thought("t"), FAILED, anew, thought("t"), FAILED, same));

    assertEquals(List.of(true, true), originals(kept, "t"));
    assertFalse(kept.isNewlyCut("t"));
    assertEquals(List.of(false, true), originals(cut, "t"));
    assertTrue(cut.isNewlyCut("t"));
    assertNull(cut.asked(), "a retry is offered the tools of now");
    String said = "{\"msg\":\"x\",\"level\":40,\"code\":\"thinking_dropped\"}";
    List<String> again = List.of(PROMPT, thought("t"), FAILED, anew, said);
    assertFalse(transcripts.of(again).isNewlyCut("t"));
  }

  private static List<Boolean> originals(Recorded recorded, @Nullable String tools) {
    return recorded.transcript(tools).messages().stream()
        .filter(Message.Assistant.class::isInstance)
        .map(said -> ((Message.Assistant) said).original() != null)
        .toList();
  }

  private static String thought(String tools) {
    return CALLS.strip().substring(0, CALLS.strip().length() - 1)
        + ",\"ms\":1,\"tools\":\""
        + tools
        + "\",\"original\":{\"runner\":\"sealing\",\"sent\":[]}}";
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
  void warningsAreTheCodesOnceSinceTheStartOrTheRetry() {
    String nearing = "{\"msg\":\"80 %\",\"level\":40,\"code\":\"max_steps\"}";
    String cut = "{\"msg\":\"It was cut.\",\"level\":40,\"code\":\"output_cut\"}";

    assertEquals(List.of(), warnings(PROMPT, TRY, CALLS, log()));
    assertEquals(List.of("output_cut", "max_steps"), warnings(PROMPT, CALLS, cut, nearing, cut));
    assertEquals(List.of(), warnings(PROMPT, CALLS, cut, FAILED));
    assertEquals(List.of("max_steps"), warnings(PROMPT, CALLS, cut, FAILED, nearing));
  }

  @Test
  void aRetriedRunHasAllItsTries() {
    assertEquals(0, tries(PROMPT, TRY, TRY, FAILED));
    assertEquals(1, tries(PROMPT, TRY, TRY, FAILED, TRY));
  }

  @Test
  void aRunGoesOnWithWhatANewerVersionWrote() {
    String unknown =
        "{\"msg\":\"approval asked\",\"time\":1,\"level\":30,\"approval\":{\"of\":\"a\"}}";
    String more =
        "{\"msg\":\"call tool result\",\"exchange\":{\"role\":\"tool\",\"tool_call_id\":\"b\","
            + "\"content\":\"x\",\"trust\":1},\"cached\":{\"by\":\"y\"}}";
    String role = "{\"msg\":\"message\",\"exchange\":{\"role\":\"critic\",\"content\":\"x\"}}";

    assertEquals(List.of("a"), open(PROMPT, CALLS, unknown, more, role));
    assertEquals(1, tries(PROMPT, CALLS, result("a"), result("b"), TRY, unknown, role));
    assertEquals(
        3,
        transcripts
            .of(List.of(PROMPT, CALLS, unknown, more, role))
            .transcript(null)
            .messages()
            .size());
  }

  private Message.Assistant last(String... entries) {
    return (Message.Assistant)
        transcripts.of(List.of(entries)).transcript(null).messages().getLast();
  }

  private Set<RunError> warnedOf(String... entries) {
    return transcripts.of(List.of(entries)).transcript(null).warnedOf();
  }

  private List<String> warnings(String... entries) {
    return transcripts.of(List.of(entries)).transcript(null).warnings();
  }

  private int tries(String... entries) {
    return transcripts.of(List.of(entries)).transcript(null).failedTries();
  }

  private List<String> open(String... entries) {
    return transcripts.of(List.of(entries)).transcript(null).openToolCalls().stream()
        .map(Message.ToolCall::id)
        .toList();
  }

  private static String result(String id) {
    return "{\"exchange\":{\"role\":\"tool\",\"tool_call_id\":\"" + id + "\",\"content\":\"x\"}}";
  }

  private static String log() {
    return "{\"msg\":\"a line\",\"level\":40,\"tool\":\"f\"}";
  }
}
