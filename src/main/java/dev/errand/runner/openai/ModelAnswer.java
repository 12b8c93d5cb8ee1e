package dev.errand.runner.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What came of asking a model once. */
sealed interface ModelAnswer {

  /**
   * An assistant message.
   *
   * @param message the message as it came, without fields that are null
   * @param promptTokens tokens of the request
   * @param completionTokens tokens of the answer
   * @param totalTokens both together
   * @param tookMs how long it took, in milliseconds
   */
  record Message(
      ObjectNode message, long promptTokens, long completionTokens, long totalTokens, long tookMs)
      implements ModelAnswer {}

  /**
   * No message.
   *
   * @param failure why
   * @param sentence what happened and what to do
   */
  record Refusal(dev.errand.runner.Failure failure, String sentence) implements ModelAnswer {}
}
