package dev.errand.runner;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** How a run ended. */
public sealed interface Outcome {
  /** What the run had used when it ended. */
  Usage usage();

  /**
   * The model gave its last message.
   *
   * @param lastMessage the message as it came
   * @param output its text
   * @param usage what was used
   */
  record Ready(ObjectNode lastMessage, String output, Usage usage) implements Outcome {}

  /**
   * It could not go on.
   *
   * @param failure why
   * @param sentence what happened and what to do, for the task's owner; nothing secret
   * @param usage what was used
   */
  record Failed(Failure failure, String sentence, Usage usage) implements Outcome {}
}
