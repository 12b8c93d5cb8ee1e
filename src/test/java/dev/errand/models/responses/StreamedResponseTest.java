package dev.errand.models.responses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import com.sun.management.ThreadMXBean;
import dev.errand.base.egress.client.EventReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamedResponseTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String REASONING =
      "{'id':'rs_1','type':'reasoning','summary':[],'encrypted_content':'gAAA','new':{'x':1}}";
  private static final String NEW = "{'type':'crystal_ball_call','id':'cb_1','seen':[null,'ü✓']}";
  private static final String CALL =
      "{'id':'fc_1','type':'function_call','call_id':'c','name':'f','arguments':'{}','caller':{}}";
  private static final String MESSAGE =
      "{'id':'msg_1','type':'message','role':'assistant','phase':'final_answer','content':"
          + "[{'type':'output_text','text':'It is ü✓.','annotations':[]}]}";
  private static final List<String> SAMPLE =
      List.of(
          "{'type':'response.created','response':{'status':'in_progress','output':[]}}",
          "{'type':'response.output_item.added','output_index':0,'item':"
              + "{'id':'rs_1','type':'reasoning','summary':[],'encrypted_content':'gA'}}",
          done(0, REASONING),
          "{'type':'response.crystal_ball_call.seeing','output_index':1,'item_id':'cb_1'}",
          done(1, NEW),
          done(2, CALL),
          "{'type':'response.output_item.added','output_index':3,'item':"
              + "{'id':'msg_1','type':'message','content':[]}}",
          "{'type':'response.output_text.delta','output_index':3,'delta':'It is '}",
          "{'type':'response.output_text.delta','output_index':3,'delta':'ü✓.','obfuscation':'x'}",
          "{'type':'response.output_text.done','output_index':3,'text':'It is ü✓.'}",
          done(3, MESSAGE),
          "{'type':'response.completed','response':{'status':'completed','model':'m',"
              + "'output':["
              + String.join(",", REASONING, NEW, CALL, MESSAGE)
              + "],'usage':{'input_tokens':3}}}");

  private static String done(int index, String item) {
    return "{'type':'response.output_item.done','output_index':" + index + ",'item':" + item + "}";
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 64, 100_000})
  void eventsThatAreCutAnywhereAreTheResponse(int size) throws Exception {
    StringBuilder stream = new StringBuilder();
    for (String event : SAMPLE) {
      stream.append("event: e\r\ndata: ").append(event.replace('\'', '"')).append("\r\n\r\n");
    }
    byte[] bytes = stream.toString().getBytes(StandardCharsets.UTF_8);
    EventReader reader = new EventReader();
    StreamedResponse response = new StreamedResponse();
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < bytes.length; at += size) {
      byte[] piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size));
      for (String event : reader.read(piece)) {
        text.append(response.add(JSON.readTree(event)));
      }
    }

    assertTrue(response.isOver() && response.isWhole());
    assertEquals("It is ü✓.", text.toString());
    assertEquals(json(SAMPLE.getLast()).path("response"), response.whole());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",'output':[]", ",'output':null"})
  void aLastEventWithoutOutputLeavesTheItemsThatCame(String output) throws Exception {
    StreamedResponse response = new StreamedResponse();
    // In another order, which their indexes tell.
    for (int i : List.of(10, 5, 2, 4)) {
      response.add(json(SAMPLE.get(i)));
    }
    response.add(json("{'type':'response.completed','response':{'model':'m'" + output + "}}"));

    assertEquals(
        json("[" + String.join(",", REASONING, NEW, CALL, MESSAGE) + "]"),
        response.whole().path("output"));
    assertEquals("completed", response.whole().path("status").asText());
  }

  @Test
  void itemsOfTheSameIndexOrOfNoneAreSeveral() throws Exception {
    StreamedResponse response = new StreamedResponse();
    response.add(json(done(0, REASONING)));
    response.add(json(done(0, CALL)));
    response.add(json("{'type':'response.output_item.done','item':" + MESSAGE + "}"));
    response.add(json(done(2, MESSAGE)));
    response.add(json("{'type':'response.incomplete'}"));

    assertEquals(
        json("[" + String.join(",", REASONING, CALL, MESSAGE) + "]"),
        response.whole().path("output"));
    assertEquals("incomplete", response.whole().path("status").asText());
  }

  @Test
  void aStreamThatIsCutIsNotWhole() throws Exception {
    StreamedResponse response = new StreamedResponse();
    for (String event : SAMPLE.subList(0, SAMPLE.size() - 1)) {
      response.add(json(event));
    }
    response.add(TextNode.valueOf("[DONE]"));

    assertFalse(response.isOver() || response.isWhole());
  }

  @Test
  void aTextWithoutItsItemIsNoAnswer() throws Exception {
    StreamedResponse response = new StreamedResponse();
    response.add(json("{'type':'response.output_text.delta','delta':'Half'}"));
    response.add(json("{'type':'response.completed','response':{'output':[]}}"));

    assertFalse(response.whole().has("output"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{'type':'error','code':'rate_limit_exceeded','message':'Slowly.'}|rate_limit_exceeded",
        "{'type':'error','error':{'code':'server_error','message':'Oh.'}}|server_error",
        "{'error':{'code':'server_error','message':'Oh.'}}|server_error",
        "{'type':'error','error':'Oh.'}|",
      })
  void anErrorEndsTheStream(String event, String code) throws Exception {
    StreamedResponse response = new StreamedResponse();
    response.add(json(SAMPLE.get(2)));
    response.add(json(event));

    assertTrue(response.isOver());
    assertFalse(response.isWhole());
    assertTrue(response.whole().path("error").isObject());
    assertEquals(code == null ? "" : code, response.whole().at("/error/code").asText());
  }

  @Test
  void messagesAreApartForThoseWhoReadAlong() throws Exception {
    StreamedResponse response = new StreamedResponse();
    List<String> pieces = new ArrayList<>();
    for (String text : List.of("One", ".", "Two")) {
      if (!text.equals(".")) {
        pieces.add(response.add(json(SAMPLE.get(6))));
      }
      pieces.add(
          response.add(json("{'type':'response.output_text.delta','delta':'" + text + "'}")));
    }
    response.add(json("{'type':'response.refusal.delta','delta':'No.'}"));

    assertEquals("One.\n\nTwo", String.join("", pieces));
  }

  @Test
  void textThatComesInLettersIsNotKept() throws Exception {
    StreamedResponse response = new StreamedResponse();
    response.add(
        json("{'type':'response.output_text.delta','delta':'" + "x".repeat(1_000_000) + "'}"));
    JsonNode letter = json("{'type':'response.output_text.delta','delta':'y'}");
    long before = allocated();
    for (int i = 0; i < 2000; i++) {
      response.add(letter);
    }

    assertTrue(allocated() - before < 20_000_000);
    assertEquals(1_002_000, response.length());
    assertEquals(0, response.weight());
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return JSON.readTree(text.replace('\'', '"'));
  }
}
