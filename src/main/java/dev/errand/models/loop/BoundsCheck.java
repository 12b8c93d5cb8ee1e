package dev.errand.models.loop;

import dev.errand.base.json.Durations;
import dev.errand.models.port.Bounds;
import dev.errand.models.port.LargestRequest;
import dev.errand.models.port.Outcome;
import dev.errand.models.port.RunError;
import dev.errand.models.port.RunWarning;
import dev.errand.models.port.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Checks a run's usage against its bounds: ends the run at a bound, and warns once for each bound
 * when 80 % of it is used. It is thread-safe.
 */
public final class BoundsCheck {
  private static final double NEAR = 0.8;

  private final Bounds bounds;
  private final Clock clock;
  private final Set<RunError> warnedOf = EnumSet.noneOf(RunError.class);
  private boolean judged;

  /** Creates the check of a run. */
  public BoundsCheck(Bounds bounds, Set<RunError> warnedOf, Clock clock) {
    this.bounds = bounds;
    this.warnedOf.addAll(warnedOf);
    this.clock = clock;
  }

  /** The end of the run, if it has reached a bound and may not ask the model again. */
  public Optional<Outcome.Failed> beforeAsking(Usage usage) {
    return Stream.of(time(), steps(usage), tokens(usage), cost(usage))
        .filter(Bound::isReached)
        .findFirst()
        .map(bound -> bound.end(usage));
  }

  /** Whether the task itself bounds tokens or cost, so that each request must fit what is left. */
  boolean areOwn() {
    return !bounds.own().isEmpty();
  }

  /** Whether these say how much the request may use: a cost that is not known can't be compared. */
  boolean limit(LargestRequest largest) {
    return bounds.own().contains(RunError.MAX_TOKENS)
        || (bounds.own().contains(RunError.MAX_COST) && largest.price() != null);
  }

  /**
   * The most tokens that the answer of a request may have by the bounds that the task itself sets;
   * negative where its prompt does not fit.
   */
  int longestAnswer(LargestRequest largest, Usage usage) {
    long most = largest.mostAnswer();
    if (bounds.own().contains(RunError.MAX_TOKENS)) {
      most = Math.min(most, bounds.maxTokens() - usage.mostTokens() - largest.prompt());
    }
    LargestRequest.Price price = largest.price();
    if (price != null && bounds.own().contains(RunError.MAX_COST)) {
      double left = bounds.maxCostUsd() - usage.mostUsd() - price.promptUsd();
      if (left < 0) {
        most = -1;
      } else if (price.answerUsd() > 0) {
        most = Math.min(most, (long) (left / price.answerUsd()));
      }
    }
    return (int) Math.max(-1, most);
  }

  /** The end of a run whose next request could pass a bound that the task itself sets. */
  Outcome.Failed wouldPass(LargestRequest largest, Usage usage) {
    long tokens = largest.prompt() + largest.leastAnswer();
    LargestRequest.Price price = largest.price();
    boolean passesTokens =
        bounds.own().contains(RunError.MAX_TOKENS)
            && usage.mostTokens() + tokens > bounds.maxTokens();
    if (passesTokens || price == null) {
      return new Outcome.Failed(
          RunError.MAX_TOKENS,
          "The run used %s tokens, and the next request may use %s; %s allows %s."
              .formatted(
                  usage.mostTokens(),
                  tokens,
                  bounds.settingOf(RunError.MAX_TOKENS),
                  bounds.maxTokens()),
          usage);
    }
    return new Outcome.Failed(
        RunError.MAX_COST,
        "The run cost %s US dollars, and the next request may cost %s; %s allows %s."
            .formatted(
                dollars(usage.mostUsd()),
                dollars(price.of(largest.leastAnswer())),
                bounds.settingOf(RunError.MAX_COST),
                dollars(bounds.maxCostUsd())),
        usage);
  }

  /** The end of the run, if it may not execute the tool calls that the model requested. */
  public Optional<Outcome.Failed> beforeCalling(Usage usage) {
    if (time().isReached()) {
      return Optional.of(time().end(usage));
    }
    return usage.toolCalls() > bounds.maxToolCalls()
        ? Optional.of(toolCalls(usage).end(usage))
        : Optional.empty();
  }

  /**
   * Why the cost of an answer is not known. The first answer of an attempt is judged: a bound that
   * nothing is compared with would bound nothing.
   *
   * @return empty where it is known, and for later answers
   */
  public synchronized Optional<String> unpriced(Usage.Step used) {
    boolean isFirst = !judged;
    judged = true;
    return isFirst && used.costUsd() == null ? Optional.of(whyUnpriced(used)) : Optional.empty();
  }

  private static String whyUnpriced(Usage.Step used) {
    return used.totalTokens() == 0
        ? "the model's server reports neither a cost nor tokens. Use one that counts tokens,"
        : "the model's server reports none, and no price of the model is known. Set the model's"
            + " price by errand.model.prices,";
  }

  /** The warnings that this usage causes; each is returned once. */
  public synchronized List<RunWarning> nearing(Usage usage) {
    return Stream.of(time(), steps(usage), tokens(usage), cost(usage), toolCalls(usage))
        .filter(bound -> bound.isNear() && warnedOf.add(bound.failure()))
        .map(
            bound ->
                (RunWarning)
                    new RunWarning.NearLimit(
                        bound.failure(),
                        "80 % of "
                            + bounds.settingOf(bound.failure())
                            + " is used: "
                            + bound.share().get()))
        .toList();
  }

  /** The bounds that warnings were about, as codes. */
  public synchronized List<String> warned() {
    return warnedOf.stream().map(RunError::code).toList();
  }

  private Bound time() {
    Duration taken = Duration.between(bounds.start(), clock.instant());
    return new Bound(
        RunError.TIMEOUT,
        taken.toMillis(),
        bounds.timeout().toMillis(),
        true,
        () ->
            Durations.words(taken.truncatedTo(ChronoUnit.SECONDS))
                + " of "
                + Durations.words(bounds.timeout()),
        bounds::timeUp);
  }

  private Bound steps(Usage usage) {
    return count(
        RunError.MAX_STEPS,
        usage.steps(),
        bounds.maxSteps(),
        () -> "The model was asked " + usage.steps() + " times and gave no final answer");
  }

  private Bound tokens(Usage usage) {
    return count(
        RunError.MAX_TOKENS,
        usage.mostTokens(),
        bounds.maxTokens(),
        () -> "The run used " + usage.mostTokens() + " tokens");
  }

  private Bound toolCalls(Usage usage) {
    return count(
        RunError.MAX_TOOL_CALLS,
        usage.toolCalls(),
        bounds.maxToolCalls(),
        () -> "The model asked for " + usage.toolCalls() + " tool calls");
  }

  private Bound cost(Usage usage) {
    double cost = usage.mostUsd();
    return new Bound(
        RunError.MAX_COST,
        cost,
        bounds.maxCostUsd(),
        true,
        () -> dollars(cost) + " of " + dollars(bounds.maxCostUsd()) + " US dollars",
        () ->
            "The run cost %s US dollars; %s allows %s."
                .formatted(
                    dollars(cost),
                    bounds.settingOf(RunError.MAX_COST),
                    dollars(bounds.maxCostUsd())));
  }

  private Bound count(RunError failure, long used, long allowed, Supplier<String> happened) {
    return new Bound(
        failure,
        used,
        allowed,
        Math.ceil(NEAR * allowed) < allowed,
        () -> used + " of " + allowed,
        () -> happened.get() + "; " + bounds.settingOf(failure) + " allows " + allowed + ".");
  }

  private static String dollars(double amount) {
    return BigDecimal.valueOf(amount)
        .setScale(6, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }

  /**
   * A bound, and how much of it is used. Each step checks all bounds, and few messages are read.
   *
   * @param hasNear whether a value between 80 % and 100 % exists; not so for small whole numbers
   * @param reached the sentence for a run that has reached it
   */
  private record Bound(
      RunError failure,
      double used,
      double allowed,
      boolean hasNear,
      Supplier<String> share,
      Supplier<String> reached) {

    boolean isReached() {
      return used >= allowed;
    }

    boolean isNear() {
      return hasNear && used >= NEAR * allowed;
    }

    Outcome.Failed end(Usage usage) {
      return new Outcome.Failed(failure, reached.get(), usage);
    }
  }
}
