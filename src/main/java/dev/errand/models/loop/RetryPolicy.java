package dev.errand.models.loop;

import dev.errand.base.limit.ElapsedTime;
import dev.errand.models.port.Bounds;
import dev.errand.models.port.ModelAnswer;
import dev.errand.models.port.ModelConfig;
import dev.errand.models.port.RunError;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides after a failed request to a model whether to retry here, to retry later from the queue,
 * or to give up. The delay is what the server asks for, or exponential back-off; both have jitter,
 * so that runs which failed together don't retry together.
 */
@ApplicationScoped
class RetryPolicy {
  // An invalid answer most often means a wrong address, and may have cost money.
  private static final int MOST_INVALID_ANSWERS = 2;

  private final ModelConfig.Retry config;
  private final Clock clock;
  private final DoubleSupplier chance;

  @Inject
  RetryPolicy(ModelConfig config, @ElapsedTime Clock clock) {
    this(config.retry(), clock, () -> ThreadLocalRandom.current().nextDouble());
  }

  /**
   * Creates a policy.
   *
   * @param chance supplies random numbers from 0 to less than 1
   */
  RetryPolicy(ModelConfig.Retry config, Clock clock, DoubleSupplier chance) {
    this.config = config;
    this.clock = clock;
    this.chance = chance;
  }

  sealed interface Verdict {
    /** Retry in this worker. */
    record RetryInPlace(Duration delay) implements Verdict {}

    /** Retry later, and free the worker meanwhile. */
    record RetryLater(Duration delay) implements Verdict {}

    /**
     * Give up: the run ends.
     *
     * @param why a sentence that says why there is no other try
     */
    record GiveUp(String why) implements Verdict {}
  }

  /**
   * Decides what follows a failed try.
   *
   * @param tries how many tries of the step have failed, this one included; 1 or more
   * @param earlier how many failed before the run was tried again later, which count no more
   */
  Verdict after(ModelAnswer.TemporaryFailure failed, int tries, int earlier, Bounds bounds) {
    if (tries >= mostTries(failed.failure(), bounds)) {
      return new Verdict.GiveUp(allTries(failed.failure(), tries, earlier));
    }
    Duration wait = waitFor(failed.askedToWait(), tries);
    if (wait.compareTo(timeLeft(bounds)) >= 0) {
      return new Verdict.GiveUp(noTime(wait, tries, earlier, bounds));
    }
    return isLong(wait) ? new Verdict.RetryLater(wait) : new Verdict.RetryInPlace(wait);
  }

  private static int mostTries(RunError failure, Bounds bounds) {
    return failure == RunError.MODEL_ANSWER_INVALID
        ? Math.min(MOST_INVALID_ANSWERS, bounds.maxAttempts())
        : bounds.maxAttempts();
  }

  private Duration waitFor(@Nullable Duration asked, int tries) {
    return asked == null
        ? partOf(backOff(tries))
        : Collections.min(List.of(asked, config.longestWait())).plus(partOf(config.backOff()));
  }

  private Duration backOff(int tries) {
    Duration longest = config.longestBackOff();
    Duration backOff = config.backOff();
    for (int doubled = 1; doubled < tries && backOff.compareTo(longest) < 0; doubled++) {
      backOff = backOff.multipliedBy(2);
    }
    return Collections.min(List.of(backOff, longest));
  }

  private Duration partOf(Duration whole) {
    return Duration.ofNanos((long) (whole.toNanos() * chance.getAsDouble()));
  }

  private Duration timeLeft(Bounds bounds) {
    return Duration.between(clock.instant(), bounds.deadline());
  }

  private boolean isLong(Duration wait) {
    return wait.compareTo(config.postponeFrom()) >= 0;
  }

  private static String allTries(RunError failure, int tries, int earlier) {
    return failure == RunError.MODEL_ANSWER_INVALID
        ? "It was asked " + times(tries, earlier) + "."
        : "It was asked " + times(tries, earlier) + "; settings.max_attempts allows no more.";
  }

  private static String noTime(Duration wait, int tries, int earlier, Bounds bounds) {
    return "It was asked %s, and the next try would be in %s, after the end of the run's %s, its %s."
        .formatted(
            times(tries, earlier),
            seconds(wait),
            bounds.timeout(),
            bounds.settingOf(RunError.TIMEOUT));
  }

  private static String times(int tries, int earlier) {
    return earlier == 0
        ? times(tries)
        : "%s, %s of them since it was last tried again later"
            .formatted(times(tries + earlier), tries);
  }

  private static String times(int tries) {
    return tries == 1 ? "once" : tries + " times";
  }

  /** A sentence that others follow; what a server said need not end as one. */
  static String ended(String sentence) {
    return sentence.isEmpty() || ".!?…".indexOf(sentence.charAt(sentence.length() - 1)) >= 0
        ? sentence
        : sentence + ".";
  }

  /** When something comes after a wait, for messages. */
  static String in(Duration wait) {
    return Math.round(wait.toMillis() / 100.0) == 0 ? "at once" : "in " + seconds(wait);
  }

  /** Formats a wait for messages: in seconds, to a tenth. */
  static String seconds(Duration wait) {
    long tenths = Math.round(wait.toMillis() / 100.0);
    return tenths / 10 + "." + tenths % 10 + " s";
  }
}
