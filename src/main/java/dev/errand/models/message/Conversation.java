package dev.errand.models.message;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The messages of a conversation in the order in which models' servers expect them. */
public final class Conversation {
  private Conversation() {}

  /**
   * The messages, the results of each turn in the order of its calls: they are recorded as the
   * tools end.
   */
  public static List<Message> inOrderOfCalls(List<Message> recorded) {
    List<Message> messages = new ArrayList<>(recorded);
    Message before = null;
    int begin = 0;
    for (int i = 0; i <= messages.size(); i++) {
      if (i < messages.size() && messages.get(i) instanceof Message.ToolResult) {
        continue;
      }
      if (i - begin > 1 && before instanceof Message.Assistant assistant) {
        sort(messages.subList(begin, i), assistant);
      }
      before = i < messages.size() ? messages.get(i) : null;
      begin = i + 1;
    }
    return messages;
  }

  /**
   * A tool call that has ended.
   *
   * @param tool the tool's name, as the model called it
   */
  public record EndedCall(String tool, boolean failed) {}

  /**
   * The tool calls that have ended, except for those that people declined, in the order in which
   * the model requested them.
   */
  public static List<EndedCall> endedCalls(List<Message> recorded) {
    List<EndedCall> ended = new ArrayList<>();
    List<Message.ToolCall> requested = List.of();
    for (Message message : inOrderOfCalls(recorded)) {
      switch (message) {
        case Message.Assistant assistant -> requested = assistant.toolCalls();
        // An id may come again in a later message.
        case Message.ToolResult result when result.isDeclined() -> {}
        case Message.ToolResult result ->
            requested.stream()
                .filter(call -> call.id().equals(result.callId()))
                .findFirst()
                .ifPresent(call -> ended.add(new EndedCall(call.name(), result.isError())));
        case Message.Instructions _, Message.User _ -> {}
      }
    }
    return ended;
  }

  private static void sort(List<Message> results, Message.Assistant assistant) {
    List<String> calls = assistant.toolCalls().stream().map(Message.ToolCall::id).toList();
    results.sort(
        Comparator.comparingInt(result -> calls.indexOf(((Message.ToolResult) result).callId())));
  }
}
