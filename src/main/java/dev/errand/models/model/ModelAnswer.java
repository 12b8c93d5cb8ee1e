package dev.errand.models.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of asking a model once. */
public sealed interface ModelAnswer {

  /**
   * An assistant message.
   *
   * @param message the message as it came, without fields that are null
   * @param used what it used
   * @param model the model that the server says has answered; null where it does not say
   * @param finish why the model ended its message, in the server's word; null where it does not say
   */
  record Message(
      ObjectNode message, Usage.Step used, @Nullable String model, @Nullable String finish)
      implements ModelAnswer {}

  /**
   * No message, and asking again would bring none.
   *
   * @param failure why
   * @param sentence what happened and what to do
   */
  record Refusal(RunFailure failure, String sentence) implements ModelAnswer {}

  /**
   * No message this time.
   *
   * @param failure why
   * @param sentence what happened
   * @param askedToWait how long the server wants to be left alone; null where it does not say
   * @param used what it used all the same
   */
  record Setback(
      RunFailure failure, String sentence, @Nullable Duration askedToWait, Usage.Step used)
      implements ModelAnswer {

    /**
     * One that used nothing but time.
     *
     * @param tookMs how long was waited for the answer, in milliseconds
     */
    public Setback(
        RunFailure failure, String sentence, @Nullable Duration askedToWait, long tookMs) {
      this(failure, sentence, askedToWait, Usage.Step.waiting(tookMs));
    }
  }
}
