package dev.errand.runs.queue.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.models.port.ConversationItem;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunEntriesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final RunEntries entries =
      new RunEntries(new Json(JSON), Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5_000, 70_000, 1_000_000})
  void originalMessagesOfAVendorAreStoredButNotShown(int size) throws JsonProcessingException {
    ObjectNode message = message("ü\"" + "x".repeat(size));
    message.putObject("own").putObject("original").put("runner", "x");
    ObjectNode sent = message.deepCopy().putNull("refusal");
    String kept = entries.message(ConversationItem.of(message, "openai", sent));

    assertEquals(entries.message(ConversationItem.of(message)), RunEntries.shown(kept));
    ConversationItem.Original original = RunEntries.original((ObjectNode) JSON.readTree(kept));
    assertEquals(new ConversationItem.Original("openai", sent), original);
  }

  @Test
  void whatIsLikeItIsShown() throws JsonProcessingException {
    ObjectNode message = message("{\"a\":1,\"original\":{\"runner\":\"openai\"}}");
    message.put("a", 1).putObject("original").put("runner", "openai");
    String kept =
        entries.finalMessage(
            ConversationItem.of(message, "openai", message.deepCopy()),
            new RunEntries.Asked(12, null));

    assertEquals(kept, RunEntries.shown(kept));
    assertEquals(message, JSON.readTree(kept).path("lastMessage"));
    assertNull(RunEntries.original((ObjectNode) JSON.readTree(kept)));
  }

  private static ObjectNode message(String content) {
    return JSON.createObjectNode().put("role", "assistant").put("content", content);
  }
}
