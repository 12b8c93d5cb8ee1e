package dev.errand.models.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.models.message.Message;
import dev.errand.models.port.Bounds;
import dev.errand.models.port.ModelPort.Question;
import dev.errand.support.TestDatabase;
import dev.errand.tools.port.ToolSpec;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * How much of its requests a run reads from the vendor's cache, by the vendor's rule: a request is
 * cached up to each mark, and looks for the longest part that is cached from each mark back over 20
 * blocks.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class PromptCachingTest {
  private static final int TURNS = 30;
  private static final int LOOK_BACK = 20;

  @Inject AnthropicRequest request;
  @Inject Json json;

  @Test
  void aRunReadsFromTheCacheAllThatAnEarlierRequestHad() {
    assertShares(turn -> 1, 0.938, 0.938, 0.938);
  }

  @Test
  void manyCallsAtATimeDoNotHideWhatIsCached() {
    assertShares(turn -> turn % 5 == 4 ? 12 : 1, 0.935, 0.797, 0.789);
    assertShares(turn -> 12, 0.934, 0.013, 0);
  }

  private void assertShares(
      IntUnaryOperator calls, double ours, double twoMarks, double automatic) {
    assertEquals(
        List.of(ours, twoMarks, automatic),
        List.of(
            share(calls, ObjectNode::deepCopy),
            share(calls, PromptCachingTest::twoMarks),
            share(calls, PromptCachingTest::automatic)));
  }

  /** The part of all tokens of a run's requests that is read from the cache. */
  private double share(IntUnaryOperator calls, Function<ObjectNode, ObjectNode> marking) {
    List<Message> conversation = new ArrayList<>();
    conversation.add(new Message.User("Read the pages and sum them up. ".repeat(20)));
    Set<String> cache = new HashSet<>();
    long all = 0;
    long read = 0;
    for (int turn = 0; turn < TURNS; turn++) {
      List<Block> blocks = blocks(marking.apply(ask(conversation)));
      int found = found(blocks, cache);
      all += tokens(blocks);
      read += tokens(blocks.subList(0, found));
      IntStream.range(0, blocks.size())
          .filter(at -> blocks.get(at).isMarked())
          .forEach(at -> cache.add(key(blocks.subList(0, at + 1))));
      answer(turn, calls.applyAsInt(turn), conversation);
    }
    return Math.round(1000.0 * read / all) / 1000.0;
  }

  private static int found(List<Block> blocks, Set<String> cache) {
    for (int mark = blocks.size() - 1; mark >= 0; mark--) {
      if (blocks.get(mark).isMarked()) {
        for (int at = mark; at >= 0 && at > mark - LOOK_BACK; at--) {
          if (cache.contains(key(blocks.subList(0, at + 1)))) {
            return at + 1;
          }
        }
      }
    }
    return 0;
  }

  private record Block(String text, boolean isMarked) {}

  private static List<Block> blocks(ObjectNode body) {
    List<Block> blocks = new ArrayList<>();
    body.path("tools").forEach(tool -> blocks.add(block(tool)));
    body.path("system").forEach(text -> blocks.add(block(text)));
    for (JsonNode message : body.path("messages")) {
      message.path("content").forEach(block -> blocks.add(block(block)));
    }
    return blocks;
  }

  private static Block block(JsonNode block) {
    ObjectNode plain = block.deepCopy();
    return new Block(plain.without("cache_control").toString(), block.has("cache_control"));
  }

  private static String key(List<Block> blocks) {
    return String.join("", blocks.stream().map(Block::text).toList());
  }

  private static long tokens(List<Block> blocks) {
    return blocks.stream().mapToLong(block -> block.text().length() / 4).sum();
  }

  /** The server marks the last block by itself. */
  private static ObjectNode automatic(ObjectNode body) {
    ObjectNode marked = unmarked(body);
    markLast(marked.path("messages"));
    return marked;
  }

  /** One mark after tools and system text, and one after the newest turn. */
  private static ObjectNode twoMarks(ObjectNode body) {
    ObjectNode marked = unmarked(body);
    AnthropicMessages.markLast((ArrayNode) marked.path("system"));
    markLast(marked.path("messages"));
    return marked;
  }

  private static void markLast(JsonNode messages) {
    AnthropicMessages.markLast((ArrayNode) messages.path(messages.size() - 1).path("content"));
  }

  private static ObjectNode unmarked(ObjectNode body) {
    ObjectNode copy = body.deepCopy();
    copy.findParents("cache_control")
        .forEach(parent -> ((ObjectNode) parent).remove("cache_control"));
    return copy;
  }

  private ObjectNode ask(List<Message> conversation) {
    AnthropicSettings settings =
        json.read(
            "{\"prompt\": \"p\", \"model\": \"m\", \"system\": \"%s\"}"
                .formatted("Be brief. ".repeat(100)),
            AnthropicSettings.class);
    List<ToolSpec> tools =
        IntStream.range(0, 10)
            .mapToObj(i -> new ToolSpec("tool_" + i, "It reads. ".repeat(20), json.object()))
            .toList();
    Duration time = Duration.ofMinutes(5);
    Bounds bounds = new Bounds(Instant.now().plus(time), time, 9, 999, 1, 9, 3, Set.of(), Set.of());
    return (ObjectNode)
        json.tree(
            json.write(
                request.of(
                    new Question<>(settings, "", List.copyOf(conversation), tools, bounds, null))));
  }

  private void answer(int turn, int calls, List<Message> conversation) {
    ArrayNode sent = json.array();
    sent.addObject().put("type", "thinking").put("thinking", "").put("signature", "x".repeat(400));
    sent.addObject().put("type", "text").put("text", "Let me see the next page.");
    List<Message.ToolCall> called = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      String id = "toolu_" + turn + "_" + i;
      ObjectNode input = json.object().put("url", "https://example.org/" + turn + "/" + i);
      sent.addObject()
          .put("type", "tool_use")
          .put("id", id)
          .put("name", "tool_1")
          .set("input", input);
      called.add(new Message.ToolCall(id, "tool_1", input));
    }
    conversation.add(
        new Message.Assistant(
            "", called, null, null, new Message.Original(AnthropicSettings.RUNNER, sent)));
    for (Message.ToolCall call : called) {
      conversation.add(
          new Message.ToolResult(call.id(), "What it says. ".repeat(100), false, List.of()));
    }
  }
}
