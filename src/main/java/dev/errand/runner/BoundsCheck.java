package dev.errand.runner;

import java.time.Clock;
import java.util.Optional;

/** Holds a run to its bounds: says when it has to end. */
public final class BoundsCheck {
  private final Bounds bounds;
  private final Clock clock;

  /** A check of a run that may go as far as these bounds. */
  public BoundsCheck(Bounds bounds, Clock clock) {
    this.bounds = bounds;
    this.clock = clock;
  }

  /** The end of a run that may not ask the model again. */
  public Optional<Outcome.Failed> beforeAsking(Usage usage) {
    if (isTimeUp()) {
      return end(Failure.TIMEOUT, timeUp(bounds), usage);
    }
    if (usage.steps() >= bounds.maxSteps()) {
      return end(
          Failure.MAX_STEPS,
          "The model was asked "
              + usage.steps()
              + " times and still wants tools; settings.max_steps allows no more.",
          usage);
    }
    if (usage.totalTokens() >= bounds.maxTokens()) {
      return end(
          Failure.MAX_TOKENS,
          "The run used "
              + usage.totalTokens()
              + " tokens; settings.max_tokens allows "
              + bounds.maxTokens()
              + ".",
          usage);
    }
    return Optional.empty();
  }

  /** The end of a run that may not call the tools which its model has asked for. */
  public Optional<Outcome.Failed> beforeCalling(Usage usage) {
    if (isTimeUp()) {
      return end(Failure.TIMEOUT, timeUp(bounds), usage);
    }
    if (usage.toolCalls() > bounds.maxToolCalls()) {
      return end(
          Failure.MAX_TOOL_CALLS,
          "The model asked for "
              + usage.toolCalls()
              + " tool calls; settings.max_tool_calls allows "
              + bounds.maxToolCalls()
              + ".",
          usage);
    }
    return Optional.empty();
  }

  /** The sentence of a run whose time is up. */
  public static String timeUp(Bounds bounds) {
    return "The run did not end within " + bounds.timeout() + ", its settings.timeout.";
  }

  private boolean isTimeUp() {
    return !clock.instant().isBefore(bounds.deadline());
  }

  private static Optional<Outcome.Failed> end(Failure failure, String sentence, Usage usage) {
    return Optional.of(new Outcome.Failed(failure, sentence, usage));
  }
}
