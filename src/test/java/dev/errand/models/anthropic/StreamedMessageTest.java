package dev.errand.models.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import com.sun.management.ThreadMXBean;
import dev.errand.base.egress.client.EventReader;
import dev.errand.base.json.Json;
import dev.errand.base.limit.JsonWeight;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamedMessageTest {
  private static final Json JSON =
      new Json(new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS));

  private static final String STREAM =
      """
      {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-opus-5-5","content":[],"stop_reason":null,"usage":{"input_tokens":7,"cache_read_input_tokens":900,"cache_creation_input_tokens":20,"output_tokens":1}}}
      {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}
      {"type":"ping"}
      {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Let me ","estimated_tokens":20}}
      {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"see ✓."}}
      {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}}
      {"type":"content_block_stop","index":0}
      {"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"ZGF0YQ=="}}
      {"type":"content_block_stop","index":1}
      {"type":"content_block_start","index":2,"content_block":{"type":"text","text":"","citations":null}}
      {"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"It is "}}
      {"type":"content_block_delta","index":2,"delta":{"type":"citations_delta","citation":{"type":"char_location","cited_text":"42"}}}
      {"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"42."}}
      {"type":"content_block_stop","index":2}
      {"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"toolu_1","name":"f","input":{},"caller":{"type":"direct"}}}
      {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":""}}
      {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\\"a\\": [1, 2"}}
      {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":".50]}"}}
      {"type":"content_block_stop","index":3}
      {"type":"content_block_start","index":4,"content_block":{"type":"tool_use","id":"toolu_2","name":"g","input":{}}}
      {"type":"content_block_stop","index":4}
      {"type":"content_block_start","index":5,"content_block":{"type":"compaction","content":null,"encrypted_content":null}}
      {"type":"content_block_delta","index":5,"delta":{"type":"compaction_delta","content":"All so far.","encrypted_content":"ZW5j"}}
      {"type":"content_block_stop","index":5}
      {"type":"content_block_start","index":6,"content_block":{"type":"of_tomorrow","state":{"x":1},"words":"a"}}
      {"type":"content_block_delta","index":6,"delta":{"type":"of_tomorrow_delta","words":"b","other":"c"}}
      {"type":"content_block_stop","index":6}
      {"type":"of_tomorrow","index":0,"delta":{"type":"text_delta","text":"No."}}
      {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":null,"cache_read_input_tokens":null,"output_tokens":50,"output_tokens_details":{"thinking_tokens":30}},"input_transformations":[{"type":"thinking_dropped"}]}
      {"type":"message_stop"}
      """;

  private static final String MESSAGE =
      """
      {"id":"msg_1","type":"message","role":"assistant","model":"claude-opus-5-5","stop_reason":"tool_use",
       "content":[
        {"type":"thinking","thinking":"Let me see ✓.","signature":"c2ln"},
        {"type":"redacted_thinking","data":"ZGF0YQ=="},
        {"type":"text","text":"It is 42.","citations":[{"type":"char_location","cited_text":"42"}]},
        {"type":"tool_use","id":"toolu_1","name":"f","input":{"a":[1,2.50]},"caller":{"type":"direct"}},
        {"type":"tool_use","id":"toolu_2","name":"g","input":{}},
        {"type":"compaction","content":"All so far.","encrypted_content":"ZW5j"},
        {"type":"of_tomorrow","state":{"x":1},"words":"ab"}],
       "usage":{"input_tokens":7,"cache_read_input_tokens":900,"cache_creation_input_tokens":20,
        "output_tokens":50,"output_tokens_details":{"thinking_tokens":30}},
       "input_transformations":[{"type":"thinking_dropped"}]}
      """;

  @Test
  void theEventsAreTheMessageThatWouldHaveComeAtOnce() {
    StreamedMessage message = new StreamedMessage(JSON, false);
    StringBuilder text = new StringBuilder();
    for (String event : events()) {
      assertFalse(message.isOver());
      text.append(message.add(JSON.tree(event)));
    }

    assertTrue(message.isOver() && message.isWhole());
    assertEquals(JSON.tree(MESSAGE), message.whole());
    assertEquals("It is 42.", text.toString(), "watchers read the text alone");
  }

  @Test
  void thinkingIsShownWhereATaskHasItDisplayed() {
    StreamedMessage message = new StreamedMessage(JSON, true);
    StringBuilder text = new StringBuilder();
    events().forEach(event -> text.append(message.add(JSON.tree(event))));

    String thought = JSON.tree(MESSAGE).at("/content/0/thinking").asText();
    assertFalse(thought.isEmpty());
    assertTrue(text.toString().startsWith(thought), text.toString());
    assertTrue(text.toString().endsWith("It is 42."), text.toString());
  }

  @Test
  void theBytesMayBeCutAnywhere() {
    String sent = "event: x\ndata: " + String.join("\n\nevent: x\ndata: ", events()) + "\n\n";
    byte[] bytes = sent.getBytes(StandardCharsets.UTF_8);
    for (int cut = 0; cut <= bytes.length; cut++) {
      EventReader reader = new EventReader();
      List<String> read = new ArrayList<>(reader.read(Arrays.copyOfRange(bytes, 0, cut)));
      read.addAll(reader.read(Arrays.copyOfRange(bytes, cut, bytes.length)));
      StreamedMessage message = new StreamedMessage(JSON, false);
      read.forEach(event -> message.add(JSON.tree(event)));

      assertEquals(JSON.tree(MESSAGE), message.whole(), "cut at " + cut);
    }
  }

  @Test
  void aStreamThatEndsEarlyIsNotWhole() {
    List<String> events = events();
    for (int end = 0; end < events.size(); end++) {
      StreamedMessage message = new StreamedMessage(JSON, false);
      events.subList(0, end).forEach(event -> message.add(JSON.tree(event)));

      assertFalse(message.isWhole() || message.isOver(), "after " + end);
      assertEquals(end > 0, message.whole().has("content"), "after " + end);
    }
  }

  @Test
  void anyEventMayBeMissingOrBroken() {
    List<String> events = events();
    for (int i = 0; i < events.size() - 1; i++) {
      StreamedMessage missing = new StreamedMessage(JSON, false);
      StreamedMessage broken = new StreamedMessage(JSON, false);
      for (int event = 0; event < events.size(); event++) {
        String given = events.get(event);
        if (event != i) {
          missing.add(JSON.tree(given));
        }
        broken.add(
            event == i
                ? TextNode.valueOf(given.substring(0, given.length() / 2))
                : JSON.tree(given));
      }
      assertTrue(missing.isWhole());
      assertTrue(missing.whole().path("content").size() >= 6, missing.whole().toString());
      assertEquals(missing.whole(), broken.whole());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'content_block_start','index':-1,'content_block':{'type':'text','text':5}}",
        "{'type':'content_block_start','index':'x','content_block':'text'}",
        "{'type':'content_block_start'}",
        "{'type':'content_block_delta'}",
        "{'type':'content_block_delta','index':2,'delta':5}",
        "{'type':'content_block_delta','index':2,'delta':{'type':'text_delta','text':{'a':1}}}",
        "{'type':'content_block_delta','index':9,'delta':{'type':'citations_delta'}}",
        "{'type':'content_block_delta','index':9,'delta':{'type':'input_json_delta','partial_json':5}}",
        "{'type':'content_block_stop','index':77}",
        "{'type':'message_start'}",
        "{'type':'message_start','message':[]}",
        "{'type':'message_start','message':{'usage':'x','content':'x'}}",
        "{'type':'message_delta','delta':7,'usage':'x'}",
        "{'type':5}",
        "{}",
        "[]",
        "null",
        "'[DONE]'",
      })
  void anOddEventFailsNothing(String event) {
    JsonNode odd = JSON.tree(event.replace('\'', '"'));
    List<String> events = events();
    for (int place = 0; place < events.size(); place++) {
      StreamedMessage message = new StreamedMessage(JSON, false);
      for (int i = 0; i < events.size(); i++) {
        if (i == place) {
          message.add(odd.deepCopy());
        }
        message.add(JSON.tree(events.get(i)));
      }
      assertTrue(message.isWhole());
      assertTrue(message.whole().path("content").size() >= 5);
      assertTrue(message.weight() > 0);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'a':        | '{\"a\":'",
        "{'a':1} {}   | '{\"a\":1} {}'",
        "[1]          | [1]",
        "7            | 7",
        "' '          | {}",
      })
  void anInputThatIsNoObjectIsKeptAsItCame(String input, String kept) {
    StreamedMessage message = new StreamedMessage(JSON, false);
    message.add(JSON.tree("{\"type\":\"message_start\",\"message\":{}}"));
    message.add(
        JSON.tree(
            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\","
                + "\"input\":{}}}"));
    message.add(delta(0, "input_json_delta", "partial_json", input.replace("'", "\\\"")));
    JsonNode read = message.whole().at("/content/0/input");

    assertEquals(kept, read.isTextual() ? read.asText() : read.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'error','error':{'type':'overloaded_error','message':'Overloaded'}}",
        "{'type':'error'}",
        "{'error':{'message':'Upstream.'}}",
      })
  void anErrorEndsIt(String event) {
    JsonNode error = JSON.tree(event.replace('\'', '"'));
    StreamedMessage message = new StreamedMessage(JSON, false);
    events().subList(0, 12).forEach(each -> message.add(JSON.tree(each)));
    message.add(error);

    assertTrue(message.isOver());
    assertEquals(error, message.whole());
  }

  @Test
  void textThatComesInLettersIsNotCopiedWithEach() {
    StreamedMessage message = new StreamedMessage(JSON, false);
    for (int index : List.of(0, 1)) {
      message.add(
          JSON.tree(
              ("{\"type\":\"content_block_start\",\"index\":%s,\"content_block\":{\"type\":\"%s\","
                      + "\"text\":\"%s\",\"input\":{}}}")
                  .formatted(
                      index,
                      index == 0 ? "text" : "tool_use",
                      index == 0 ? "x".repeat(1_000_000) : "")));
    }
    message.add(
        delta(1, "input_json_delta", "partial_json", "{\\\"a\\\":\\\"" + "x".repeat(1_000_000)));
    JsonNode letter = delta(0, "text_delta", "text", "y");
    JsonNode input = delta(1, "input_json_delta", "partial_json", "y");
    long before = allocated();
    for (int i = 0; i < 2000; i++) {
      message.add(letter);
      message.add(input);
    }
    long used = allocated() - before;

    assertTrue(used < 20_000_000, "allocated: " + used);
    message.add(delta(1, "input_json_delta", "partial_json", "\\\"}"));
    assertEquals(1_002_000, message.whole().at("/content/0/text").asText().length());
    assertEquals(1_002_000, message.whole().at("/content/1/input/a").asText().length());
  }

  @Test
  void anInputOfManySmallThingsIsWeighed() {
    StreamedMessage message = new StreamedMessage(JSON, false);
    String part = "[{},{},{},7],".repeat(1000);
    message.add(delta(0, "input_json_delta", "partial_json", "\\\""));
    for (int i = 0; i < 10; i++) {
      message.add(delta(1, "input_json_delta", "partial_json", part));
    }

    assertTrue(message.weight() > 10 * JsonWeight.of(part) - 1000, "weight: " + message.weight());
    assertTrue(message.length() >= 10L * part.length(), "length: " + message.length());
  }

  @Test
  void blocksThatDoNotBeginAreWeighed() {
    StreamedMessage message = new StreamedMessage(JSON, false);
    for (int i = 0; i < 1000; i++) {
      message.add(delta(i, "of_tomorrow", "x", ""));
    }

    assertTrue(message.weight() >= 100_000, "weight: " + message.weight());
  }

  private static JsonNode delta(int index, String type, String field, String text) {
    return JSON.tree(
        "{\"type\":\"content_block_delta\",\"index\":%s,\"delta\":{\"type\":\"%s\",\"%s\":\"%s\"}}"
            .formatted(index, type, field, text));
  }

  // Of the work that is done, what is the same at each run.
  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  private static List<String> events() {
    return STREAM.lines().toList();
  }
}
