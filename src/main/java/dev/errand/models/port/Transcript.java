package dev.errand.models.port;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A run's conversation so far, as messages that begin with the rendered prompt. It is all that a
 * worker needs to continue the run of another.
 *
 * @param exchanges the messages in the order in which they were recorded
 * @param failedTries how many requests for the next message have failed
 * @param warnedOf the bounds that earlier warnings were about
 */
public record Transcript(
    List<ConversationItem> exchanges, int failedTries, Set<RunError> warnedOf) {
  public Transcript {
    exchanges = List.copyOf(exchanges);
    warnedOf = Set.copyOf(warnedOf);
  }

  /**
   * The tool calls of the last assistant message that have no result yet, in order; none when it is
   * the model's turn.
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
