package dev.errand.models.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of asking a model once. */
public sealed interface ModelAnswer permits Turn, ModelAnswer.Refusal, ModelAnswer.Setback {

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
