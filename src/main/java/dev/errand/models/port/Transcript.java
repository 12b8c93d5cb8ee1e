package dev.errand.models.port;

import dev.errand.models.message.Message;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A run's conversation so far, as messages that begin with the rendered prompt. It is all that a
 * worker needs to continue the run of another.
 *
 * @param messages the messages in the order in which they were recorded
 * @param failedTries how many requests for the next message have failed since the run was last
 *     tried again later
 * @param earlierTries how many of them failed before
 * @param warnedOf the bounds that earlier warnings were about
 * @param warnings the codes of the warnings since the run was started or retried
 * @param repairs how often the model was asked again since its last message did not fit the schema
 */
public record Transcript(
    List<Message> messages,
    int failedTries,
    int earlierTries,
    Set<RunError> warnedOf,
    List<String> warnings,
    int repairs) {
  public Transcript {
    messages = List.copyOf(messages);
    warnedOf = Set.copyOf(warnedOf);
    warnings = List.copyOf(warnings);
  }

  /** A conversation that has only its rendered prompt. */
  public static Transcript ofPrompt(String prompt) {
    return new Transcript(List.of(new Message.User(prompt)), 0, 0, Set.of(), List.of(), 0);
  }

  /**
   * The tool calls of the last message of the model that have no result yet, in order; none when
   * the model is to be asked.
   */
  public List<Message.ToolCall> openToolCalls() {
    Set<String> answered = new HashSet<>();
    for (Message message : messages.reversed()) {
      switch (message) {
        case Message.ToolResult result -> answered.add(result.callId());
        case Message.Assistant assistant -> {
          return assistant.toolCalls().stream()
              .filter(call -> !answered.contains(call.id()))
              .toList();
        }
        case Message.Instructions _, Message.User _ -> {}
      }
    }
    return List.of();
  }
}
