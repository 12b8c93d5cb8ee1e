package dev.errand.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A conversation so far, in chat messages: it begins with the rendered prompt and is all that a
 * runner needs to go on from where another stopped.
 *
 * @param messages the messages in order, each as it was sent or came
 * @param failedTries how often the model was asked for its next message in vain
 * @param warnedOf the bounds of which the run's owner was warned
 */
public record Transcript(List<ObjectNode> messages, int failedTries, Set<Failure> warnedOf) {
  public Transcript {
    messages = List.copyOf(messages);
    warnedOf = Set.copyOf(warnedOf);
  }

  /**
   * The tool calls of the last assistant message that have no result yet, in order. They are empty
   * when it is the model's turn.
   */
  public List<JsonNode> openToolCalls() {
    Set<String> answered = new HashSet<>();
    for (int i = messages.size() - 1; i >= 0; i--) {
      ObjectNode message = messages.get(i);
      if (message.path("role").asText().equals("tool")) {
        answered.add(message.path("tool_call_id").asText());
      } else if (message.path("role").asText().equals("assistant")) {
        List<JsonNode> open = new ArrayList<>();
        for (JsonNode call : message.path("tool_calls")) {
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
