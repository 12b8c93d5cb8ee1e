package dev.errand.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A conversation as it is compared: what calls at the same time came to is in one order. */
final class Conversation {
  /** What the prompt begins with; the run's number follows. */
  static final String PROMPT = "This is run ";

  /** Runs from this number on call no tools: the model's first answer is their last. */
  static final int SHORT_FROM = 1_000_000;

  private Conversation() {}

  /** The messages, each block of tool results in the order of their calls' ids. */
  static List<JsonNode> of(Iterable<JsonNode> messages) {
    List<JsonNode> all = new ArrayList<>();
    int block = 0;
    for (JsonNode message : messages) {
      all.add(message);
      if (message.path("role").asText().equals("tool")) {
        all.subList(block, all.size())
            .sort(Comparator.comparing(m -> m.path("tool_call_id").asText()));
      } else {
        block = all.size();
      }
    }
    return List.copyOf(all);
  }
}
