package dev.errand.models.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of working on a run: it ended, or is to be gone on with later. */
public sealed interface Outcome {
  /** What the run had used by then. */
  Usage usage();

  /**
   * The model gave its last message.
   *
   * @param lastMessage the message
   * @param output its text
   * @param finishReason why the message is not all of the answer, in the word of the model's
   *     server; null where nothing says that it isn't
   * @param usage what was used
   * @param warnings what the last step brought with it that the run's owner should know
   */
  record Ready(
      ConversationItem lastMessage,
      String output,
      @Nullable String finishReason,
      Usage usage,
      List<RunWarning> warnings)
      implements Outcome {}

  /**
   * It could not go on.
   *
   * @param failure why
   * @param sentence what happened and what to do, for the task's owner; nothing secret
   * @param usage what was used
   */
  record Failed(RunFailure failure, String sentence, Usage usage) implements Outcome {}

  /**
   * It can go on, but not soon: its worker is freed until then.
   *
   * @param delay how long from now
   * @param warning why
   * @param usage what was used
   */
  record Postponed(Duration delay, RunWarning warning, Usage usage) implements Outcome {}

  /**
   * It can go on at once, but not here.
   *
   * @param usage what was used
   */
  record HandedOn(Usage usage) implements Outcome {}
}
