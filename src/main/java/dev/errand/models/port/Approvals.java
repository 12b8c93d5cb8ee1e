package dev.errand.models.port;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.message.Message;
import dev.errand.tools.port.ToolOrigin;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What people decide about the tool calls of one run, and what they are asked. A method that writes
 * returns only when that is committed.
 */
public interface Approvals {
  /** Where nobody can be asked. */
  Approvals NOBODY =
      new Approvals() {
        @Override
        public Decision about(int step, Message.ToolCall call) {
          return new None();
        }

        @Override
        public Map<String, String> ask(int step, List<Question> questions) {
          return questions.stream()
              .collect(
                  Collectors.toMap(
                      question -> question.call().id(),
                      _ -> "A person must approve this call, and nobody can be asked.",
                      (one, _) -> one));
        }

        @Override
        public void take(UUID approval) {
          throw new IllegalStateException("Nobody was asked.");
        }
      };

  /**
   * What was decided about a call that has no result yet.
   *
   * @param step which answer of the model asks for it, counted from 1 within the run: some servers
   *     use the ids of calls again
   */
  Decision about(int step, Message.ToolCall call);

  /**
   * Asks about calls of one answer.
   *
   * @return why nobody is asked about some of them, by the ids of their calls; for the model
   */
  Map<String, String> ask(int step, List<Question> questions);

  /**
   * Notes that the run makes an approved call now. From here on the call may have been made.
   *
   * @param approval the id of its approval
   */
  void take(UUID approval);

  /**
   * A question to people.
   *
   * @param origin the tool as it is now; null where it is of no installation
   * @param mayHaveRun whether the call was begun before, and its result is not known
   * @param rule the rule that asks, for people; null where that is not known
   * @param replaces a question about the same call that holds no longer; null for none
   */
  record Question(
      Message.ToolCall call,
      @Nullable ToolOrigin origin,
      boolean mayHaveRun,
      @Nullable String rule,
      @Nullable UUID replaces) {}

  /** What was decided about a call. */
  sealed interface Decision {}

  /** Nobody was asked, or nobody has to decide any more. */
  record None() implements Decision {}

  /**
   * Somebody was asked, and has not decided.
   *
   * @param origin the tool as it was then; null where it was of no installation
   * @param mayHaveRun whether the call was begun before, and its result is not known
   */
  record Open(UUID id, @Nullable ToolOrigin origin, boolean mayHaveRun) implements Decision {}

  /**
   * The call may be made.
   *
   * @param origin the tool by which it may be made; null for one of no installation
   * @param mayHaveRun whether the call was begun before, and its result is not known
   * @param arguments the arguments that a person put in place of the model's; null for the model's
   */
  record Approved(
      UUID id, @Nullable ToolOrigin origin, boolean mayHaveRun, @Nullable ObjectNode arguments)
      implements Decision {}

  /**
   * The call is not made, and the model reads this as its result.
   *
   * @param declined what the run's owner is told where it is to read it as a failure, since people
   *     declined the call or nobody decided in time; null where a person answered it
   */
  record Answered(UUID id, String text, RunWarning.@Nullable Noted declined) implements Decision {}

  /** The run ends. */
  record Failed(RunError error, String sentence) implements Decision {}

  /**
   * The call was begun, and has no result: it may have been made.
   *
   * @param origin the tool by which it was begun; null for one of no installation
   */
  record Begun(@Nullable ToolOrigin origin) implements Decision {}
}
