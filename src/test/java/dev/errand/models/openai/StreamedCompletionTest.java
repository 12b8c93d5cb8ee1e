package dev.errand.models.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamedCompletionTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        // Texts go on, and what is told again does not.
        "{'content':'a'}|{'content':'b'}|{'content':'ab'}",
        "{'content':null}|{'content':'b'}|{'content':'b'}",
        "{'role':'assistant','content':'a'}|{'role':'assistant','content':''}|{'role':'assistant','content':'a'}",
        "{'refusal':'N'}|{'refusal':'o.'}|{'refusal':'No.'}",
        "{'reasoning':'a'}|{'reasoning':'b'}|{'reasoning':'ab'}",
        // Calls by their index; an id in each piece, the same index for all, no index at all.
        "{'tool_calls':[{'index':0,'id':'x','function':{'name':'f','arguments':'{'}}]}|{'tool_calls':[{'index':0,'id':'','function':{'name':'','arguments':'}'}}]}|{'tool_calls':[{'id':'x','function':{'name':'f','arguments':'{}'}}]}",
        "{'tool_calls':[{'index':0,'id':'x','function':{'name':'f','arguments':'{'}}]}|{'tool_calls':[{'index':0,'id':'x','function':{'name':'f','arguments':'}'}}]}|{'tool_calls':[{'id':'x','function':{'name':'f','arguments':'{}'}}]}",
        "{'tool_calls':[{'index':0,'id':'x','function':{'name':'f'}}]}|{'tool_calls':[{'index':0,'id':'y','function':{'name':'g'}}]}|{'tool_calls':[{'id':'x','function':{'name':'f'}},{'id':'y','function':{'name':'g'}}]}",
        "{'tool_calls':[{'id':'x','function':{'name':'f','arguments':'{'}}]}|{'tool_calls':[{'function':{'arguments':'}'}}]}|{'tool_calls':[{'id':'x','function':{'name':'f','arguments':'{}'}}]}",
        "{'tool_calls':[{'index':1,'id':'y'},{'index':0,'id':'x'}]}|{'tool_calls':[{'index':1,'extra_content':{'google':{'thought_signature':'s'}}}]}|{'tool_calls':[{'id':'y','extra_content':{'google':{'thought_signature':'s'}}},{'id':'x'}]}",
        // What a provider adds: objects are merged, members of lists by their index.
        "{'x':{'a':1}}|{'x':{'b':[2]}}|{'x':{'a':1,'b':[2]}}",
        "{'reasoning_details':[{'index':0,'type':'t','text':'a'}]}|{'reasoning_details':[{'index':0,'type':'t','text':'b','signature':'s'},{'index':1,'data':'d'}]}|{'reasoning_details':[{'index':0,'type':'t','text':'ab','signature':'s'},{'index':1,'data':'d'}]}",
        "{'annotations':[{'u':1}]}|{'annotations':[{'u':1}]}|{'annotations':[{'u':1},{'u':1}]}",
      })
  void piecesAreTheMessageThatWouldHaveComeAtOnce(String one, String other, String message)
      throws JsonProcessingException {
    StreamedCompletion completion = new StreamedCompletion();
    completion.add(chunk(one));
    completion.add(chunk(other));

    assertEquals(json(message), completion.whole().at("/choices/0/message"));
  }

  @Test
  void textThatComesInLettersIsNotCopiedWithEach() throws JsonProcessingException {
    StreamedCompletion completion = new StreamedCompletion();
    completion.add(chunk("{'content':'" + "x".repeat(1_000_000) + "'}"));
    JsonNode letter = chunk("{'content':'y','name':'z'}");
    long before = allocated();
    for (int i = 0; i < 2000; i++) {
      completion.add(letter);
    }
    long used = allocated() - before;

    assertTrue(used < 20_000_000, "allocated: " + used);
    JsonNode message = completion.whole().at("/choices/0/message");
    assertEquals(1_002_000, message.path("content").asText().length());
    assertEquals("z", message.path("name").asText());
  }

  @Test
  @Timeout(60)
  void membersOfAListAreNotSearchedForEach() throws JsonProcessingException {
    StreamedCompletion completion = new StreamedCompletion();
    StringBuilder members = new StringBuilder();
    for (int i = 0; i < 200_000; i++) {
      members.append(i == 0 ? "" : ",").append("{'index':").append(i).append('}');
    }
    completion.add(chunk("{'x':[]}"));
    completion.add(chunk("{'x':[" + members + "]}"));
    completion.add(chunk("{'x':[" + members + "]}"));

    assertEquals(200_000, completion.whole().at("/choices/0/message/x").size());
  }

  // Of the work that is done, what is the same at each run.
  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  private static JsonNode chunk(String delta) throws JsonProcessingException {
    return json("{'choices':[{'index':0,'delta':" + delta + "}]}");
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return JSON.readTree(text.replace('\'', '"'));
  }
}
