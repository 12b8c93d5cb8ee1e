package dev.errand.models.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A conversation so far, in chat messages: it begins with the rendered prompt and is all that a
 * runner needs to go on from where another stopped.
 *
 * @param exchanges the messages in the order in which they were written down
 * @param failedTries how often the model was asked for its next message in vain
 * @param warnedOf the bounds of which the run's owner was warned
 */
public record Transcript(
    List<ConversationItem> exchanges, int failedTries, Set<RunFailure> warnedOf) {
  public Transcript {
    exchanges = List.copyOf(exchanges);
    warnedOf = Set.copyOf(warnedOf);
  }

  /**
   * The tool calls of the last assistant message that have no result yet, in order. They are empty
   * when it is the model's turn.
   */
  public List<JsonNode> openToolCalls() {
    Set<String> answered = new HashSet<>();
    for (ConversationItem exchange : exchanges.reversed()) {
      if (exchange.role().equals("tool")) {
        answered.add(exchange.toolCallId());
      } else if (exchange.role().equals("assistant")) {
        List<JsonNode> open = new ArrayList<>();
        for (JsonNode call : exchange.message().path("tool_calls")) {
          if (!answered.contains(call.path("id").asText())) {
            open.add(call);
          }
        }
        return open;
      }
    }
    return List.of();
  }
}
