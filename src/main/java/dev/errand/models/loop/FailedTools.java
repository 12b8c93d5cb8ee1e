package dev.errand.models.loop;

import dev.errand.base.json.WellFormed;
import dev.errand.models.message.Conversation;
import dev.errand.models.message.Conversation.EndedCall;
import dev.errand.models.message.Message;
import dev.errand.models.port.RunWarning;
import dev.errand.models.port.WarningCode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The warning of a run whose model ended it although its tools failed: all of them, or the last
 * one. It is made of the conversation alone, so that a worker which continues the run of another
 * finds the same.
 */
final class FailedTools {
  private static final int MOST_NAMES = 5;
  // A model may call a tool that does not exist, by a name of any length.
  private static final int LONGEST_NAME = 64;
  private static final String REMEDY =
      " The model ended the run all the same: read what the tool answered, and mend the tool, its"
          + " settings or the prompt.";

  private FailedTools() {}

  /** The warning of a run whose conversation ends with the last message. */
  static Optional<RunWarning> warning(List<Message> conversation) {
    List<EndedCall> calls = Conversation.endedCalls(conversation);
    if (calls.isEmpty() || !calls.getLast().failed()) {
      return Optional.empty();
    }
    long failed = calls.stream().filter(EndedCall::failed).count();
    return Optional.of(
        new RunWarning.Noted(WarningCode.TOOLS_FAILED, sentence(calls, failed) + REMEDY));
  }

  private static String sentence(List<EndedCall> calls, long failed) {
    if (failed < calls.size()) {
      return "The last tool call, of %s, failed; in all, %d of %d did."
          .formatted(name(calls.getLast()), failed, calls.size());
    }
    return calls.size() == 1
        ? "The only tool call, of %s, failed.".formatted(name(calls.getLast()))
        : "All %d tool calls, of %s, failed.".formatted(failed, names(calls));
  }

  private static String names(List<EndedCall> calls) {
    List<String> names = calls.stream().map(FailedTools::name).distinct().toList();
    return names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "))
        + (names.size() > MOST_NAMES ? " and others" : "");
  }

  private static String name(EndedCall call) {
    return WellFormed.cut(call.tool(), LONGEST_NAME);
  }
}
