package dev.errand.models.port;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The result of one request to a model. */
public sealed interface ModelAnswer
    permits Turn, ModelAnswer.Refusal, ModelAnswer.TemporaryFailure {

  /** A permanent failure: asking again would fail, too. */
  record Refusal(RunError failure, String sentence) implements ModelAnswer {}

  /**
   * A temporary failure: asking again may succeed.
   *
   * @param askedToWait how long the server asks to wait; null where it does not say
   * @param tierRefused whether only the tier of service that was asked for has no place for it
   */
  record TemporaryFailure(
      RunError failure,
      String sentence,
      @Nullable Duration askedToWait,
      Usage.Step used,
      boolean tierRefused)
      implements ModelAnswer {

    /** A failure that is not about a tier of service. */
    public TemporaryFailure(
        RunError failure, String sentence, @Nullable Duration askedToWait, Usage.Step used) {
      this(failure, sentence, askedToWait, used, false);
    }

    /** A failure that used no tokens. */
    public TemporaryFailure(
        RunError failure, String sentence, @Nullable Duration askedToWait, long tookMs) {
      this(failure, sentence, askedToWait, Usage.Step.waiting(tookMs));
    }
  }
}
