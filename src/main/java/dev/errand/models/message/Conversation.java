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

  private static void sort(List<Message> results, Message.Assistant assistant) {
    List<String> calls = assistant.toolCalls().stream().map(Message.ToolCall::id).toList();
    results.sort(
        Comparator.comparingInt(result -> calls.indexOf(((Message.ToolResult) result).callId())));
  }
}
