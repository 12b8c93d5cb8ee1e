package dev.errand.models.loop;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.limit.ElapsedTime;
import dev.errand.base.turn.RunChecks;
import dev.errand.models.message.Message;
import dev.errand.models.output.Expectation;
import dev.errand.models.output.OutputSchema;
import dev.errand.models.port.Approvals;
import dev.errand.models.port.Assignment;
import dev.errand.models.port.Outcome;
import dev.errand.models.port.RunError;
import dev.errand.models.port.RunListener;
import dev.errand.models.port.RunWarning;
import dev.errand.models.port.Transcript;
import dev.errand.models.port.Turn;
import dev.errand.models.port.Usage;
import dev.errand.models.port.WarningCode;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tool loop: asks the model, executes the tool calls that it requests, sends it their results,
 * and repeats until it answers without tool calls or the run reaches a bound.
 */
@Singleton
public class ToolLoop {
  private final ModelStep step;
  private final ToolCalls toolCalls;
  private final RunChecks checks;
  private final Clock clock;

  ToolLoop(ModelStep step, ToolCalls toolCalls, RunChecks checks, @ElapsedTime Clock clock) {
    this.step = step;
    this.toolCalls = toolCalls;
    this.checks = checks;
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
    int earlierTries = transcript.earlierTries();
    int repairs = transcript.repairs();
    Set<String> warned = new LinkedHashSet<>(transcript.warnings());
    Usage usage = assignment.usage();
    Usage.Step last = null;
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
        warned.addAll(done.warned());
        Approvals.Failed failed = done.failed();
        if (failed != null) {
          return new Outcome.Failed(failed.error(), failed.sentence(), usage);
        }
        if (done.waits()) {
          return new Outcome.Waits(usage);
        }
        if (!listener.goesOn()) {
          return new Outcome.HandedOver(usage);
        }
      }
      Optional<Outcome.Failed> end = bounds.beforeAsking(usage);
      if (end.isPresent()) {
        return end.get();
      }
      listener.waitsForModel();
      switch (step.take(
          assignment, messages, usage, last, failedTries, earlierTries, bounds, listener)) {
        case ModelStep.Result.Stopped stopped -> {
          return stopped.outcome();
        }
        case ModelStep.Result.Answered(Turn turn, Usage before, List<String> noted) -> {
          warned.addAll(noted);
          open = turn.message().toolCalls();
          last = turn.used();
          usage = before.plusStep(turn.used(), open.size());
          List<RunWarning> warnings = new ArrayList<>(turn.warnings());
          warnings.addAll(bounds.nearing(usage));
          Optional<String> unpriced = bounds.unpriced(turn.used());
          if (unpriced.isPresent()) {
            if (assignment.bounds().own().contains(RunError.MAX_COST)) {
              return unpriced(turn, unpriced.get(), usage, warnings);
            }
            // Once in a run, unless the model is another one since.
            if (usage.steps() == 1 || before.costUsd() != null) {
              warnings.add(unbounded(unpriced.get()));
            }
          }
          failedTries = 0;
          earlierTries = 0;
          messages.add(turn.message());
          boolean isLast = open.isEmpty() && !turn.goesOn();
          if (!isLast) {
            if (turn.incomplete() != null) {
              // The run goes on with the calls, and its last message is another one.
              warnings.add(turn.incomplete().warning());
            }
            warned.addAll(codes(warnings));
            listener.assistantMessage(turn.message(), turn.used(), usage, warnings);
            continue;
          }
          OutputSchema output = assignment.output();
          if (output == null) {
            return ended(assignment, messages, turn, null, usage, warnings, warned, bounds);
          }
          OutputSchema.Checked checked;
          try {
            checked =
                checks.call(
                    assignment.owner(),
                    assignment.bounds().deadline(),
                    () -> output.check(turn.message().text()));
          } catch (TimeoutException e) {
            return timeUp(assignment, turn, usage, warnings);
          }
          switch (checked) {
            case OutputSchema.Fits(JsonNode result) -> {
              return ended(assignment, messages, turn, result, usage, warnings, warned, bounds);
            }
            case OutputSchema.Misfit misfit -> {
              if (turn.incomplete() != null || repairs >= output.repairs()) {
                return invalid(turn, misfit, repairs, usage, warnings);
              }
              repairs++;
              Message.User request = new Message.User(output.repair(misfit));
              messages.add(request);
              warned.addAll(codes(warnings));
              listener.repair(turn.message(), turn.used(), request, usage, warnings);
            }
          }
        }
      }
    }
  }

  private static Outcome timeUp(
      Assignment assignment, Turn turn, Usage usage, List<RunWarning> warnings) {
    return new Outcome.Failed(
        RunError.TIMEOUT,
        assignment.bounds().timeUp(),
        usage,
        turn.used(),
        turn.message(),
        warnings);
  }

  // A message that was cut, filtered or refused would be so again: the model is not asked for it.
  private static Outcome invalid(
      Turn turn, OutputSchema.Misfit misfit, int repairs, Usage usage, List<RunWarning> warnings) {
    Turn.Incomplete incomplete = turn.incomplete();
    String why =
        incomplete != null
            ? incomplete.warning().sentence()
            : misfit.problems().getFirst()
                + (repairs == 0 ? "" : " The model was told so " + repairs + " times.");
    return new Outcome.Failed(
        RunError.OUTPUT_INVALID,
        "The last message does not fit settings.output_schema: " + why,
        usage,
        turn.used(),
        turn.message(),
        warnings);
  }

  private static Outcome unpriced(Turn turn, String why, Usage usage, List<RunWarning> warnings) {
    return new Outcome.Failed(
        RunError.MODEL_NOT_PRICED,
        "The cost of the run is not known, so settings.max_cost_usd can't bound it: "
            + why
            + " or remove max_cost_usd.",
        usage,
        turn.used(),
        turn.message(),
        warnings);
  }

  private static RunWarning unbounded(String why) {
    return new RunWarning.Noted(
        WarningCode.COST_UNBOUNDED,
        "The cost of the run is not known, so nothing bounds it: " + why + " or mind max_tokens.");
  }

  // Ready, unless the run has not done what its task expects.
  private Outcome ended(
      Assignment assignment,
      List<Message> messages,
      Turn turn,
      @Nullable JsonNode result,
      Usage usage,
      List<RunWarning> warnings,
      Set<String> warned,
      BoundsCheck bounds)
      throws InterruptedException {
    FailedTools.warning(messages).ifPresent(warnings::add);
    Optional<Turn.Incomplete> incomplete = Optional.ofNullable(turn.incomplete());
    incomplete.map(Turn.Incomplete::warning).ifPresent(warnings::add);
    Expectation expectation = assignment.expectation();
    if (expectation != null) {
      warned.addAll(bounds.warned());
      warned.addAll(codes(warnings));
      Expectation.Done done =
          new Expectation.Done(
              messages,
              tool -> assignment.toolbox().find(tool).isPresent(),
              turn.message().output(),
              result,
              usage,
              warned);
      Optional<String> unmet;
      try {
        unmet =
            checks.call(
                assignment.owner(), assignment.bounds().deadline(), () -> expectation.unmet(done));
      } catch (TimeoutException e) {
        return timeUp(assignment, turn, usage, warnings);
      }
      if (unmet.isPresent()) {
        return new Outcome.Failed(
            RunError.EXPECTATION_FAILED, unmet.get(), usage, turn.used(), turn.message(), warnings);
      }
    }
    return new Outcome.Ready(
        turn.message(),
        result != null,
        turn.used(),
        incomplete.map(Turn.Incomplete::word).orElse(null),
        usage,
        warnings);
  }

  // A failed try that is repeated is no warning of the run.
  private static List<String> codes(List<RunWarning> warnings) {
    return warnings.stream()
        .flatMap(
            warning ->
                switch (warning) {
                  case RunWarning.FailedAttempt _ -> Stream.<String>empty();
                  case RunWarning.NearLimit nearing -> Stream.of(nearing.about().code());
                  case RunWarning.Noted noted -> Stream.of(noted.code().code());
                })
        .toList();
  }
}
