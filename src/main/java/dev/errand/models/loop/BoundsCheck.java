package dev.errand.models.loop;

import dev.errand.models.model.Bounds;
import dev.errand.models.model.Outcome;
import dev.errand.models.model.RunFailure;
import dev.errand.models.model.RunWarning;
import dev.errand.models.model.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Holds a run to its bounds: says when it has to end, and once for each bound that four fifths of
 * it are used. Any thread may ask.
 */
public final class BoundsCheck {
  private static final double NEAR = 0.8;

  private final Bounds bounds;
  private final Clock clock;
  private final Set<RunFailure> warnedOf = EnumSet.noneOf(RunFailure.class);

  /**
   * A check of a run that may go as far as these bounds.
   *
   * @param warnedOf the bounds of which the run's owner was warned before
   */
  public BoundsCheck(Bounds bounds, Set<RunFailure> warnedOf, Clock clock) {
    this.bounds = bounds;
    this.warnedOf.addAll(warnedOf);
    this.clock = clock;
  }

  /** The end of a run that may not ask the model again. */
  public Optional<Outcome.Failed> beforeAsking(Usage usage) {
    return Stream.of(time(), steps(usage), tokens(usage), cost(usage))
        .filter(Bound::isReached)
        .findFirst()
        .map(bound -> bound.end(usage));
  }

  /** The end of a run that may not call the tools which its model has asked for. */
  public Optional<Outcome.Failed> beforeCalling(Usage usage) {
    if (time().isReached()) {
      return Optional.of(time().end(usage));
    }
    return usage.toolCalls() > bounds.maxToolCalls()
        ? Optional.of(toolCalls(usage).end(usage))
        : Optional.empty();
  }

  /** The warnings that are due when a run has used so much, each of them once. */
  public synchronized List<RunWarning> nearing(Usage usage) {
    return Stream.of(time(), steps(usage), tokens(usage), cost(usage), toolCalls(usage))
        .filter(bound -> bound.isNear() && warnedOf.add(bound.failure()))
        .map(
            bound ->
                (RunWarning)
                    new RunWarning.Nearing(
                        bound.failure(),
                        "80 % of "
                            + bounds.settingOf(bound.failure())
                            + " is used: "
                            + bound.share()))
        .toList();
  }

  private Bound time() {
    Duration taken = Duration.between(bounds.start(), clock.instant());
    return new Bound(
        RunFailure.TIMEOUT,
        taken.toMillis(),
        bounds.timeout().toMillis(),
        true,
        taken.truncatedTo(ChronoUnit.SECONDS) + " of " + bounds.timeout(),
        bounds.timeUp());
  }

  private Bound steps(Usage usage) {
    return count(
        RunFailure.MAX_STEPS,
        usage.steps(),
        bounds.maxSteps(),
        "The model was asked " + usage.steps() + " times and still wants tools");
  }

  private Bound tokens(Usage usage) {
    return count(
        RunFailure.MAX_TOKENS,
        usage.totalTokens(),
        bounds.maxTokens(),
        "The run used " + usage.totalTokens() + " tokens");
  }

  private Bound toolCalls(Usage usage) {
    return count(
        RunFailure.MAX_TOOL_CALLS,
        usage.toolCalls(),
        bounds.maxToolCalls(),
        "The model asked for " + usage.toolCalls() + " tool calls");
  }

  private Bound cost(Usage usage) {
    double cost = usage.costUsd() == null ? 0 : usage.costUsd();
    return new Bound(
        RunFailure.MAX_COST,
        cost,
        bounds.maxCostUsd(),
        true,
        dollars(cost) + " of " + dollars(bounds.maxCostUsd()) + " US dollars",
        "The run cost "
            + dollars(cost)
            + " US dollars; "
            + bounds.settingOf(RunFailure.MAX_COST)
            + " allows "
            + dollars(bounds.maxCostUsd())
            + ".");
  }

  private Bound count(RunFailure failure, long used, long allowed, String happened) {
    return new Bound(
        failure,
        used,
        allowed,
        Math.ceil(NEAR * allowed) < allowed,
        used + " of " + allowed,
        happened + "; " + bounds.settingOf(failure) + " allows " + allowed + ".");
  }

  private static String dollars(double amount) {
    return BigDecimal.valueOf(amount)
        .setScale(6, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }

  /**
   * One bound, and how much of it is used.
   *
   * @param hasNear whether there is anything between four fifths of it and all of it
   * @param share how much of it is used, as it is told
   * @param reached the sentence that tells that it is reached
   */
  private record Bound(
      RunFailure failure,
      double used,
      double allowed,
      boolean hasNear,
      String share,
      String reached) {

    boolean isReached() {
      return used >= allowed;
    }

    boolean isNear() {
      return hasNear && used >= NEAR * allowed;
    }

    Outcome.Failed end(Usage usage) {
      return new Outcome.Failed(failure, reached, usage);
    }
  }
}
