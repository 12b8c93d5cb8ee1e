package dev.errand.models.loop;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.model.Assignment;
import dev.errand.models.model.ConversationItem;
import dev.errand.models.model.ModelAnswer;
import dev.errand.models.model.ModelAsked;
import dev.errand.models.model.Outcome;
import dev.errand.models.model.RunListener;
import dev.errand.models.model.Turn;
import dev.errand.models.model.Usage;
import dev.errand.models.model.Warning;
import dev.errand.models.model.settings.ModelSettings;
import dev.errand.models.wire.ModelEndpoints;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Asks a model for its next message until it answers or the retry policy says otherwise. */
@ApplicationScoped
class ModelStep {
  private final ModelPorts ports;
  private final RetryPolicy retries;
  private final ModelEndpoints endpoints;
  private final Clock clock;

  ModelStep(ModelPorts ports, RetryPolicy retries, ModelEndpoints endpoints, Clock clock) {
    this.ports = ports;
    this.retries = retries;
    this.endpoints = endpoints;
    this.clock = clock;
  }

  /** What came of a step. */
  sealed interface Result {
    /**
     * The model's message.
     *
     * @param turn the answer
     * @param before what the run had used before it, failed tries included
     */
    record Answered(Turn turn, Usage before) implements Result {}

    /**
     * No message; the run can't go on here.
     *
     * @param outcome what follows
     */
    record Stopped(Outcome outcome) implements Result {}
  }

  /**
   * Takes the step.
   *
   * @param conversation what was said so far
   * @param failedTries how often it was tried in vain before
   * @param listener is told of each failed try before the next one
   */
  Result take(
      Assignment assignment,
      List<ConversationItem> conversation,
      Usage before,
      int failedTries,
      RunListener listener)
      throws InterruptedException {
    Usage usage = before;
    for (int tries = failedTries + 1; ; tries++) {
      long start = System.nanoTime();
      switch (ask(assignment, conversation, listener)) {
        case Turn turn -> {
          return new Result.Answered(turn, usage);
        }
        case ModelAnswer.Refusal refusal -> {
          usage = usage.plusModelTime((System.nanoTime() - start) / 1_000_000);
          return stopped(new Outcome.Failed(refusal.failure(), refusal.sentence(), usage));
        }
        case ModelAnswer.Setback setback -> {
          usage = usage.plusFailedTry(setback.used());
          switch (retries.after(setback, tries, assignment.bounds())) {
            case RetryPolicy.Verdict.AskAgain again -> {
              listener.warning(failedTry(setback, tries, again.delay()), usage);
              Thread.sleep(again.delay());
            }
            case RetryPolicy.Verdict.ComeBack later -> {
              Warning warning = failedTry(setback, tries, later.delay());
              return stopped(new Outcome.Postponed(later.delay(), warning, usage));
            }
            case RetryPolicy.Verdict.GiveUp end -> {
              String sentence = setback.sentence() + " " + end.why();
              return stopped(new Outcome.Failed(setback.failure(), sentence, usage));
            }
          }
        }
      }
    }
  }

  private ModelAnswer ask(
      Assignment assignment, List<ConversationItem> conversation, RunListener listener)
      throws InterruptedException {
    ModelSettings settings = assignment.settings();
    URI endpoint = endpoints.of(settings);
    Instant begun = clock.instant();
    long start = System.nanoTime();
    ModelAsked.Result result = new ModelAsked.CutOff();
    try {
      ModelAnswer answer = ports.ask(assignment, conversation, listener);
      result = resultOf(answer);
      return answer;
    } finally {
      listener.modelAsked(
          new ModelAsked(
              settings.runner(),
              endpoint,
              settings.model(),
              begun,
              Duration.ofNanos(System.nanoTime() - start),
              messages(settings, conversation),
              result));
    }
  }

  private static List<ObjectNode> messages(
      ModelSettings settings, List<ConversationItem> conversation) {
    List<ObjectNode> messages = new ArrayList<>();
    if (settings.system() != null) {
      messages.add(
          JsonNodeFactory.instance
              .objectNode()
              .put("role", "system")
              .put("content", settings.system()));
    }
    conversation.forEach(item -> messages.add(item.message()));
    return messages;
  }

  private static ModelAsked.Result resultOf(ModelAnswer answer) {
    return switch (answer) {
      case Turn turn ->
          new ModelAsked.Answered(turn.item().message(), turn.model(), turn.finish(), turn.used());
      case ModelAnswer.Refusal refusal -> new ModelAsked.Unanswered(refusal.failure());
      case ModelAnswer.Setback setback -> new ModelAsked.Unanswered(setback.failure());
    };
  }

  private static Warning failedTry(ModelAnswer.Setback setback, int number, Duration wait) {
    return new Warning.FailedTry(
        setback.failure(),
        "the model is asked again in " + RetryPolicy.seconds(wait) + ": " + setback.sentence(),
        number);
  }

  private static Result stopped(Outcome outcome) {
    return new Result.Stopped(outcome);
  }
}
