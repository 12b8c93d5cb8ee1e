package dev.errand.models.loop;

import dev.errand.base.limit.ElapsedTime;
import dev.errand.models.message.Message;
import dev.errand.models.port.Assignment;
import dev.errand.models.port.LargestRequest;
import dev.errand.models.port.ModelAnswer;
import dev.errand.models.port.Outcome;
import dev.errand.models.port.Pace;
import dev.errand.models.port.RunError;
import dev.errand.models.port.RunListener;
import dev.errand.models.port.RunWarning;
import dev.errand.models.port.Spending;
import dev.errand.models.port.Turn;
import dev.errand.models.port.Usage;
import dev.errand.models.port.WarningCode;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** One step of the tool loop: asks the model for its next message, with retries. */
@Singleton
class ModelStep {
  private final ModelPorts ports;
  private final RequestSizes sizes;
  private final RetryPolicy retries;
  private final Clock clock;

  ModelStep(ModelPorts ports, RequestSizes sizes, RetryPolicy retries, @ElapsedTime Clock clock) {
    this.ports = ports;
    this.sizes = sizes;
    this.retries = retries;
    this.clock = clock;
  }

  sealed interface Result {
    /**
     * The model's message.
     *
     * @param before the run's usage before the answer, failed tries included
     * @param warned the codes of warnings that the listener received before it
     */
    record Answered(Turn turn, Usage before, List<String> warned) implements Result {}

    /**
     * No message; the run can't continue in this worker.
     *
     * @param outcome the outcome of the run's attempt
     */
    record Stopped(Outcome outcome) implements Result {}
  }

  /**
   * Takes the step.
   *
   * @param last the usage of the last answer in the conversation; null where it is not known
   * @param failedTries how many requests have failed since the run was last tried again later
   * @param earlierTries how many failed before
   * @param bounds those of the run
   * @param listener receives a warning for each failed try before the next one
   */
  Result take(
      Assignment assignment,
      List<Message> conversation,
      Usage before,
      Usage.@Nullable Step last,
      int failedTries,
      int earlierTries,
      BoundsCheck bounds,
      RunListener listener)
      throws InterruptedException {
    Usage usage = before;
    Assignment asked = assignment;
    List<String> warned = List.of();
    int longest = Integer.MAX_VALUE;
    int tries = failedTries + 1;
    while (true) {
      Spending spending = listener.spending();
      Pace pace = listener.pace();
      Integer spendable = null;
      boolean isLimited = spending.isLimited();
      LargestRequest largest =
          isLimited || bounds.areOwn()
              ? sizes.of(asked, conversation, last).withAnswerOf(longest)
              : null;
      boolean isBound = largest != null && bounds.limit(largest);
      if (largest != null && isBound) {
        spendable = bounds.longestAnswer(largest, usage);
        if (spendable < largest.leastAnswer()) {
          return stopped(bounds.wouldPass(largest, usage));
        }
        largest = largest.withAnswerOf(spendable);
      }
      if (largest != null && isLimited) {
        switch (reserved(spending, largest, assignment, listener)) {
          case Spending.Granted(Integer mostAnswer) -> {
            if (mostAnswer != null) {
              spendable = mostAnswer;
            }
          }
          case Spending.Refused(RunError failure, String sentence) -> {
            return stopped(new Outcome.Failed(failure, sentence, usage));
          }
          case Spending.Waits(Spending.BudgetWait wait) -> {
            return stopped(new Outcome.WaitsForBudget(wait, usage));
          }
          case Spending.Later _ -> {
            return stopped(new Outcome.HandedOver(usage));
          }
        }
      }
      if (pace.isLimited()) {
        long tokens = 0;
        if (pace.countsTokens()) {
          LargestRequest most = largest == null ? sizes.of(asked, conversation, last) : largest;
          tokens = most.prompt() + (spendable == null ? most.mostAnswer() : spendable);
        }
        Outcome waits = waited(pace, tokens, usage, listener);
        if (waits != null) {
          spending.unspent();
          return stopped(waits);
        }
      }
      LargestRequest sent =
          isBound && largest != null && spendable != null ? largest.withAnswerOf(spendable) : null;
      if (sent != null) {
        listener.reserves(usage.plusUnconfirmed(sent));
      }
      long start = System.nanoTime();
      ModelAnswer answer = answered(pace, asked, conversation, spendable, listener);
      tell(spending, answer);
      if (sent != null && isLost(answer)) {
        usage = usage.plusUnconfirmed(sent);
      }
      switch (answer) {
        case Turn turn -> {
          return new Result.Answered(turn, usage, warned);
        }
        case ModelAnswer.Refusal refusal -> {
          long tookMs = (System.nanoTime() - start) / 1_000_000;
          usage = usage.plusModelTime(tookMs);
          OptionalInt shorter =
              spendable == null
                  ? OptionalInt.empty()
                  : sizes.shorter(asked, spendable, refusal.sentence());
          if (shorter.isPresent()) {
            longest = shorter.getAsInt();
            continue;
          }
          return stopped(
              new Outcome.Failed(
                  refusal.failure(),
                  refusal.sentence(),
                  usage,
                  Usage.Step.waiting(tookMs),
                  null,
                  List.of()));
        }
        case ModelAnswer.TemporaryFailure failed -> {
          usage = usage.plusFailedTry(failed.used());
          if (failed.tierRefused() && asked.tierFallback()) {
            // Another request, and no further try of the same.
            asked = asked.atDefaultTier();
            warned = List.of(WarningCode.SERVICE_TIER_REFUSED.code());
            listener.warning(tierRefused(failed), usage);
            continue;
          }
          switch (retries.after(failed, tries, earlierTries, assignment.bounds())) {
            case RetryPolicy.Verdict.RetryInPlace again -> {
              listener.warning(failedAttempt(failed, tries, again.delay()), usage);
              if (!listener.pause(again.delay())) {
                return stopped(new Outcome.HandedOver(usage));
              }
              tries++;
            }
            case RetryPolicy.Verdict.RetryLater later -> {
              RunWarning warning = failedAttempt(failed, tries, later.delay());
              return stopped(new Outcome.Postponed(later.delay(), warning, usage));
            }
            case RetryPolicy.Verdict.GiveUp end -> {
              String sentence = RetryPolicy.ended(failed.sentence()) + " " + end.why();
              return stopped(
                  new Outcome.Failed(
                      failed.failure(), sentence, usage, failed.used(), null, List.of(), true));
            }
          }
        }
      }
    }
  }

  private static RunWarning tierRefused(ModelAnswer.TemporaryFailure failed) {
    return new RunWarning.Noted(
        WarningCode.SERVICE_TIER_REFUSED,
        "the model is asked in its server's default tier, at the price of that: "
            + failed.sentence());
  }

  // Others have reserved more than they will use, so it is asked again, as a slow model is waited
  // for.
  private Spending.Permit reserved(
      Spending spending, LargestRequest largest, Assignment assignment, RunListener listener)
      throws InterruptedException {
    while (true) {
      Spending.Permit permit = spending.reserve(largest);
      if (!(permit instanceof Spending.Later later)) {
        return permit;
      }
      if (!clock.instant().isBefore(assignment.bounds().deadline())) {
        return new Spending.Refused(RunError.TIMEOUT, assignment.bounds().timeUp());
      }
      if (!listener.pause(later.delay())) {
        return later;
      }
    }
  }

  /** What becomes of the run instead; null where the request may be sent. */
  private static @Nullable Outcome waited(Pace pace, long tokens, Usage usage, RunListener listener)
      throws InterruptedException {
    return switch (pace.take(tokens)) {
      case Pace.InLine(Instant until) -> new Outcome.WaitsForRate(until, usage);
      case Pace.Go(Duration in) -> {
        if (in.isZero() || listener.pause(in)) {
          yield null;
        }
        pace.ended(0L);
        yield new Outcome.HandedOver(usage);
      }
    };
  }

  private ModelAnswer answered(
      Pace pace,
      Assignment asked,
      List<Message> conversation,
      @Nullable Integer spendable,
      RunListener listener)
      throws InterruptedException {
    ModelAnswer answer = null;
    try {
      answer = ports.ask(asked, conversation, spendable, listener);
      return answer;
    } finally {
      switch (answer) {
        case null -> pace.ended(null);
        case Turn turn -> pace.ended(known(turn.used()));
        case ModelAnswer.Refusal refusal -> pace.ended(refusal.mayCost() ? null : 0L);
        case ModelAnswer.TemporaryFailure failed -> {
          pace.ended(
              failed.mayCost() ? known(failed.used()) : Long.valueOf(failed.used().totalTokens()));
          if (failed.ofRate()) {
            pace.refused(failed.askedToWait());
          }
        }
      }
    }
  }

  private static @Nullable Long known(Usage.Step used) {
    return used.totalTokens() == 0 ? null : used.totalTokens();
  }

  private static void tell(Spending spending, ModelAnswer answer) throws InterruptedException {
    switch (answer) {
      case Turn turn -> spending.spent(turn.used());
      case ModelAnswer.Refusal(_, _, boolean mayCost) -> failed(spending, mayCost);
      case ModelAnswer.TemporaryFailure failed when failed.mayCost() || failed.used().isNothing() ->
          failed(spending, failed.mayCost());
      case ModelAnswer.TemporaryFailure failed -> spending.spent(failed.used());
    }
  }

  // What a request used is not known, so that it counts as the most that it could.
  private static boolean isLost(ModelAnswer answer) {
    return switch (answer) {
      case Turn turn -> turn.used().totalTokens() == 0;
      case ModelAnswer.Refusal refusal -> refusal.mayCost();
      case ModelAnswer.TemporaryFailure failed -> failed.mayCost();
    };
  }

  private static void failed(Spending spending, boolean mayCost) throws InterruptedException {
    if (mayCost) {
      spending.lost();
    } else {
      spending.unspent();
    }
  }

  private static RunWarning failedAttempt(
      ModelAnswer.TemporaryFailure failed, int number, Duration wait) {
    return new RunWarning.FailedAttempt(
        failed.failure(),
        "the model is asked again " + RetryPolicy.in(wait) + ": " + failed.sentence(),
        number,
        failed.used());
  }

  private static Result stopped(Outcome outcome) {
    return new Result.Stopped(outcome);
  }
}
