package dev.errand.models.loop;

import dev.errand.models.message.Message;
import dev.errand.models.port.Assignment;
import dev.errand.models.port.Outcome;
import dev.errand.models.port.RunListener;
import dev.errand.models.port.RunWarning;
import dev.errand.models.port.Transcript;
import dev.errand.models.port.Turn;
import dev.errand.models.port.Usage;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tool loop: asks the model, executes the tool calls that it requests, sends it their results,
 * and repeats until it answers without tool calls or the run reaches a bound.
 */
@Singleton
public class ToolLoop {
  private final ModelStep step;
  private final ToolCalls toolCalls;
  private final Clock clock;

  ToolLoop(ModelStep step, ToolCalls toolCalls, Clock clock) {
    this.step = step;
    this.toolCalls = toolCalls;
    this.clock = clock;
  }

  /**
   * Continues an assignment's conversation to an outcome.
   *
   * @throws InterruptedException when the calling thread is interrupted, or the claim is lost; the
   *     listener has then recorded every step that happened
   */
  public Outcome run(Assignment assignment, RunListener listener) throws InterruptedException {
    Transcript transcript = assignment.transcript();
    BoundsCheck bounds = new BoundsCheck(assignment.bounds(), transcript.warnedOf(), clock);
    List<Message> messages = new ArrayList<>(transcript.messages());
    List<Message.ToolCall> open = transcript.openToolCalls();
    int failedTries = transcript.failedTries();
    Usage usage = assignment.usage();
    while (true) {
      if (!listener.goesOn()) {
        return new Outcome.HandedOver(usage);
      }
      if (!open.isEmpty()) {
        if (!listener.awaitPlace()) {
          return new Outcome.HandedOver(usage);
        }
        Optional<Outcome.Failed> end = bounds.beforeCalling(usage);
        if (end.isPresent()) {
          return end.get();
        }
        ToolCalls.Done done = toolCalls.run(open, assignment, messages, usage, bounds, listener);
        messages.addAll(done.results());
        usage = done.usage();
        if (!listener.goesOn()) {
          return new Outcome.HandedOver(usage);
        }
      }
      Optional<Outcome.Failed> end = bounds.beforeAsking(usage);
      if (end.isPresent()) {
        return end.get();
      }
      listener.waitsForModel();
      switch (step.take(assignment, messages, usage, failedTries, listener)) {
        case ModelStep.Result.Stopped stopped -> {
          return stopped.outcome();
        }
        case ModelStep.Result.Answered(Turn turn, Usage before) -> {
          open = turn.message().toolCalls();
          usage = before.plusStep(turn.used(), open.size());
          List<RunWarning> warnings = new ArrayList<>(turn.warnings());
          warnings.addAll(bounds.afterFirstAnswer(usage));
          warnings.addAll(bounds.nearing(usage));
          boolean isLast = open.isEmpty() && !turn.goesOn();
          Optional<Outcome.Failed> unpriced = bounds.afterAnswer(usage);
          if (isLast) {
            return unpriced.isPresent() ? unpriced.get() : ready(turn, usage, warnings);
          }
          messages.add(turn.message());
          listener.assistantMessage(turn.message(), turn.used().tookMs(), usage, warnings);
          if (unpriced.isPresent()) {
            return unpriced.get();
          }
          failedTries = 0;
        }
      }
    }
  }

  private static Outcome ready(Turn turn, Usage usage, List<RunWarning> warnings) {
    Optional<Turn.Incomplete> incomplete = Optional.ofNullable(turn.incomplete());
    incomplete.map(Turn.Incomplete::warning).ifPresent(warnings::add);
    return new Outcome.Ready(
        turn.message(),
        turn.used().tookMs(),
        incomplete.map(Turn.Incomplete::word).orElse(null),
        usage,
        warnings);
  }
}
