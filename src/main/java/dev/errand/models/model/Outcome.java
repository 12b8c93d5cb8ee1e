package dev.errand.models.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The outcome of an attempt at a run: the run ended, or continues later. */
public sealed interface Outcome {
  /** The run's usage at that point. */
  Usage usage();

  /**
   * The model gave its last message.
   *
   * @param lastMessage the message
   * @param output its text
   * @param finishReason why the message is not the whole answer, in the words of the model's
   *     server; null where it is
   * @param usage the run's usage
   * @param warnings the warnings of the last step
   */
  record Ready(
      ConversationItem lastMessage,
      String output,
      @Nullable String finishReason,
      Usage usage,
      List<RunWarning> warnings)
      implements Outcome {}

  /**
   * The run failed.
   *
   * @param failure why
   * @param sentence what happened and what to do, for the task's owner; nothing secret
   * @param usage the run's usage
   */
  record Failed(RunFailure failure, String sentence, Usage usage) implements Outcome {}

  /**
   * The run continues later, and its worker is freed until then.
   *
   * @param delay how long from now
   * @param warning why
   * @param usage the run's usage
   */
  record Postponed(Duration delay, RunWarning warning, Usage usage) implements Outcome {}

  /**
   * The run can continue at once, but not in this process.
   *
   * @param usage the run's usage
   */
  record HandedOn(Usage usage) implements Outcome {}
}
