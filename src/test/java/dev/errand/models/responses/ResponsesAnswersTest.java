package dev.errand.models.responses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.base.json.Json;
import dev.errand.models.message.Message;
import dev.errand.models.port.Bounds;
import dev.errand.models.port.ModelAnswer;
import dev.errand.models.port.ModelPort.Question;
import dev.errand.models.port.RunError;
import dev.errand.models.port.Turn;
import dev.errand.models.port.Usage;
import dev.errand.models.wire.ModelCall;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ResponsesAnswersTest {
  private static final String CALL = "'type':'function_call','name':'f','arguments':'{}'";

  @Inject ResponsesAnswers answers;
  @Inject ResponsesPort port;
  @Inject RunEntryCodec codec;
  @Inject Json json;

  @Test
  void theItemsAreKeptAsTheyCameAndStored() {
    String items =
        "[{'type':'reasoning','id':'rs','summary':[],'encrypted_content':'g'},{'type':'new','n':1.50},"
            + "{'type':'message','id':'msg','phase':'commentary','content':[{'type':'output_text',"
            + "'text':'Let me '},{'type':'output_text','text':'see.'}]},"
            + "{'id':'fc','call_id':'c','namespace':'n',"
            + CALL
            + "}]";
    Message.Assistant message = turn("{'output':" + items + "}").message();

    assertEquals("Let me see.", message.text());
    assertEquals(List.of(new Message.ToolCall("c", "f", json.object())), message.toolCalls());
    assertEquals(items.replace('\'', '"'), json.write(sent(message)));
    RunEntry.Answer stored =
        (RunEntry.Answer) codec.read(codec.write(new RunEntry.Answer(message, null))).entry();
    assertEquals(items.replace('\'', '"'), json.write(sent(stored.message())));
    assertEquals(message.toolCalls(), stored.message().toolCalls());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{'type':'reasoning'}|true",
        "{'type':'compaction'}|true",
        "{'type':'message','content':[]}|false",
      })
  void reasoningIsBoundToItsConversation(String item, boolean isBound) {
    assertEquals(isBound, port.isBound(read("[{'type':'new'}," + item + "]")));
  }

  @Test
  void theLastAnswerIsTheOutput() {
    String message =
        "{'type':'message','phase':'%s','content':[{'type':'output_text','text':'%s'}]}";
    String said = message.formatted("commentary", "I look.");
    String last = message.formatted("final_answer", "42");

    assertEquals("42", turn("{'output':[" + said + "," + last + "]}").message().text());
    assertEquals("I look.", turn("{'output':[" + said + "]}").message().text());
    assertEquals(
        "I look.\n\n42",
        turn("{'output':[" + said + "," + last + ",{'call_id':'c'," + CALL + "}]}")
            .message()
            .text());
  }

  @Test
  void partsWithoutTextSayNothing() {
    Turn turn =
        turn(
            "{'status':null,'error':null,'output':[{'type':'message','content':"
                + "[{'type':'output_text','text':null,'refusal':null},{'type':'new'}]}]}");

    assertEquals("", turn.message().output());
    assertNull(turn.incomplete());
  }

  @Test
  void aRefusalIsToldApart() {
    Turn turn =
        turn("{'output':[{'type':'message','content':[{'type':'refusal','refusal':'No.'}]}]}");

    assertEquals("No.", turn.message().refusal());
    assertEquals("", turn.message().text());
    assertEquals("refusal", turn.incomplete() == null ? "" : turn.incomplete().word());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "'call_id':null,",
        "'call_id':'',",
        "'call_id':'same',",
        "'call_id':'a\\u0000',"
      })
  void callsWithoutIdsOfTheirOwnAreGivenSome(String id) {
    String call = "{" + id + CALL + "}";
    Message.Assistant message = turn("{'output':[" + call + "," + call + "]}").message();

    String first = message.toolCalls().getFirst().id();
    String second = message.toolCalls().getLast().id();
    assertNotEquals(first, second);
    assertFalse((first + second).contains("\0"));
    assertEquals(first, sent(message).at("/0/call_id").textValue());
    assertEquals(second, sent(message).at("/1/call_id").textValue());
  }

  @Test
  void aCallThatIsCutIsNoCall() {
    Turn turn =
        turn(
            "{'status':'incomplete','incomplete_details':{'reason':'max_output_tokens'},'output':["
                + "{'type':'function_call','call_id':'c','name':'f','status':'incomplete',"
                + "'arguments':''}]}");

    assertEquals(TextNode.valueOf(""), turn.message().toolCalls().getFirst().arguments());
  }

  @ParameterizedTest
  @CsvSource({
    "max_output_tokens,max_output_tokens,responses.max_output_tokens",
    "content_filter,content_filter,content filter",
    "steered,steered,early (steered)",
    "<b>,incomplete,early (incomplete)",
    ",incomplete,early (incomplete)",
  })
  void anIncompleteAnswerSaysWhy(String reason, String word, String told) {
    Turn turn =
        turn(
            "{'status':'incomplete','incomplete_details':{'reason':"
                + (reason == null ? null : "'" + reason + "'")
                + "},'output':[{'type':'message','content':[]}]}");
    Turn.Incomplete incomplete = assertInstanceOf(Turn.Incomplete.class, turn.incomplete());

    assertEquals(word, incomplete.word());
    assertEquals(word, turn.finish());
    assertTrue(incomplete.warning().sentence().contains(told), incomplete.warning().sentence());
  }

  @Test
  void allTokensAreCounted() {
    Turn turn =
        turn(
            "{'model':'gpt-5','output':[],'usage':{'input_tokens':100,'input_tokens_details':"
                + "{'cached_tokens':20,'cache_write_tokens':30},'output_tokens':40,"
                + "'output_tokens_details':{'reasoning_tokens':10},'total_tokens':140}}");

    assertEquals("gpt-5", turn.model());
    assertEquals("completed", turn.finish());
    assertNull(turn.incomplete());
    Usage.Step used = turn.used();
    assertEquals(
        List.of(100L, 40L, 140L, 20L, 30L, 10L),
        List.of(
            used.promptTokens(),
            used.completionTokens(),
            used.totalTokens(),
            used.cachedTokens(),
            used.cacheWriteTokens(),
            used.reasoningTokens()));
  }

  @ParameterizedTest
  @CsvSource({
    "rate_limit_exceeded,MODEL_UNAVAILABLE,true,status 429",
    "server_error,MODEL_UNAVAILABLE,true,status 200 and an error",
    "vector_store_timeout,MODEL_UNAVAILABLE,true,status 200 and an error",
    "something_new,MODEL_UNAVAILABLE,true,status 200 and an error",
    "502,MODEL_UNAVAILABLE,true,status 502",
    "invalid_prompt,MODEL_REFUSED,false,status 400",
    "bio_policy,MODEL_REFUSED,false,status 400",
    "misalignment_policy_violation,MODEL_REFUSED,false,status 400",
    "data_residency_mismatch,MODEL_REFUSED,false,status 400",
    "image_too_large,MODEL_REFUSED,false,status 400",
    "empty_image_file,MODEL_REFUSED,false,status 400",
    "unsupported_image_media_type,MODEL_REFUSED,false,status 400",
    "failed_to_download_image,MODEL_UNAVAILABLE,true,status 200 and an error",
    "context_length_exceeded,MODEL_REFUSED,false,status 400",
    "insufficient_quota,QUOTA_EXCEEDED,false,billing",
    "model_not_found,MODEL_NOT_FOUND,false,responses.model",
  })
  void aFailedResponseFailsByItsCode(String code, RunError error, boolean again, String told) {
    ModelAnswer answer =
        answer(
            "{'status':'failed','output':[],'usage':{'input_tokens':7},'error':{'code':'"
                + code
                + "','message':'Why.'}}");

    if (again) {
      ModelAnswer.TemporaryFailure failure =
          assertInstanceOf(ModelAnswer.TemporaryFailure.class, answer);
      assertEquals(error, failure.failure());
      assertTrue(failure.sentence().contains(told), failure.sentence());
      assertEquals(7, failure.used().promptTokens(), "it was paid for");
    } else {
      ModelAnswer.Refusal refusal = assertInstanceOf(ModelAnswer.Refusal.class, answer);
      assertEquals(error, refusal.failure());
      assertTrue(refusal.sentence().contains(told), refusal.sentence());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'status':'in_progress','output':[]}",
        "{'status':'cancelled','output':[]}",
        "{'output':{}}",
        "{'output':['text']}",
        "{'output':[{'type':'message','content':7}]}",
        "{'output':[{'type':'function_call','call_id':'c','arguments':'{}'}]}",
      })
  void whatIsNoResponseIsAnInvalidAnswer(String response) {
    assertEquals(
        RunError.MODEL_ANSWER_INVALID,
        assertInstanceOf(ModelAnswer.TemporaryFailure.class, answer(response)).failure());
  }

  private Turn turn(String response) {
    return assertInstanceOf(Turn.class, answer(response));
  }

  private ModelAnswer answer(String response) {
    return answers.read(call(), read(response), 7);
  }

  private JsonNode read(String text) {
    return json.tree(text.replace('\'', '"'));
  }

  private static ArrayNode sent(Message.Assistant message) {
    return (ArrayNode) message.sentBy("responses").orElseThrow();
  }

  private ModelCall call() {
    String url = "http://127.0.0.1/v1";
    ResponsesSettings settings =
        json.convert(
                json.object().put("prompt", "Hello").put("model", "m").put("base_url", url),
                ResponsesSettings.class)
            .orElseThrow();
    Duration time = Duration.ofMinutes(5);
    Bounds bounds = new Bounds(Instant.now().plus(time), time, 9, 999, 1, 9, 3, Set.of(), Set.of());
    return new ModelCall(
        new Question<>(settings, "", List.of(), List.of(), bounds, null),
        URI.create(url),
        "responses",
        Map.of(),
        () -> {
          throw new AssertionError("nothing is sent");
        });
  }
}
