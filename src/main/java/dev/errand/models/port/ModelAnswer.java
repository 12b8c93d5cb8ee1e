package dev.errand.models.port;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The result of one request to a model. */
public sealed interface ModelAnswer
    permits Turn, ModelAnswer.Refusal, ModelAnswer.TemporaryFailure {

  /**
   * A permanent failure: asking again would fail, too.
   *
   * @param mayCost whether the server may have counted tokens for it
   */
  record Refusal(RunError failure, String sentence, boolean mayCost) implements ModelAnswer {
    /** A failure that cost nothing. */
    public Refusal(RunError failure, String sentence) {
      this(failure, sentence, false);
    }
  }

  /**
   * A temporary failure: asking again may succeed.
   *
   * @param askedToWait how long the server asks to wait; null where it does not say
   * @param tierRefused whether only the tier of service that was asked for has no place for it
   * @param mayCost whether the server may have counted other tokens than are used
   * @param ofRate whether the server refused it since there were too many requests or tokens
   */
  record TemporaryFailure(
      RunError failure,
      String sentence,
      @Nullable Duration askedToWait,
      Usage.Step used,
      boolean tierRefused,
      boolean mayCost,
      boolean ofRate)
      implements ModelAnswer {
    /** A failure for another reason than that there were too many requests. */
    public TemporaryFailure(
        RunError failure,
        String sentence,
        @Nullable Duration askedToWait,
        Usage.Step used,
        boolean tierRefused,
        boolean mayCost) {
      this(failure, sentence, askedToWait, used, tierRefused, mayCost, false);
    }

    /** A failure of which the server says what it used, and that is not about a tier of service. */
    public TemporaryFailure(
        RunError failure, String sentence, @Nullable Duration askedToWait, Usage.Step used) {
      this(failure, sentence, askedToWait, used, false, used.isNothing());
    }

    /** A failure that used no tokens. */
    public TemporaryFailure(
        RunError failure, String sentence, @Nullable Duration askedToWait, long tookMs) {
      this(failure, sentence, askedToWait, Usage.Step.waiting(tookMs), false, false);
    }
  }
}
