package dev.errand.models.loop;

import dev.errand.models.message.Message;
import dev.errand.models.output.OutputSchema;
import dev.errand.models.port.Assignment;
import dev.errand.models.port.ModelAnswer;
import dev.errand.models.port.ModelAsked;
import dev.errand.models.port.ModelPort;
import dev.errand.models.port.ModelPort.Question;
import dev.errand.models.port.ModelRequest;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.RunListener;
import dev.errand.models.port.Runners;
import dev.errand.models.port.Traced;
import dev.errand.models.port.Turn;
import dev.errand.models.wire.ModelEndpoints;
import dev.errand.tools.port.Tool;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Selects the port for a runner and asks the model through it. */
@Singleton
public class ModelPorts {
  private final Runners runners;
  private final ModelEndpoints endpoints;
  private final Clock clock;

  ModelPorts(Runners runners, ModelEndpoints endpoints, Clock clock) {
    this.runners = runners;
    this.endpoints = endpoints;
    this.clock = clock;
  }

  /**
   * Asks once, and reports the result to the listener.
   *
   * @param spendable the most tokens of the answer that may be spent; null where nothing limits
   *     that
   */
  ModelAnswer ask(
      Assignment assignment,
      List<Message> conversation,
      @Nullable Integer spendable,
      RunListener listener)
      throws InterruptedException {
    ModelSettings settings = assignment.settings();
    URI endpoint = endpoints.of(settings);
    Instant begun = clock.instant();
    long start = System.nanoTime();
    ModelAsked.Result result = new ModelAsked.Interrupted();
    ModelPort<?> port = runners.of(settings);
    try {
      ModelAnswer answer = ask(port, assignment, conversation, spendable, listener);
      result = resultOf(answer);
      return answer;
    } finally {
      listener.modelAsked(
          new ModelAsked(
              traced(port, assignment),
              endpoint,
              settings.model(),
              begun,
              Duration.ofNanos(System.nanoTime() - start),
              messages(settings, conversation),
              result));
    }
  }

  private static <S extends ModelSettings> Traced traced(ModelPort<S> port, Assignment assignment) {
    Traced traced = port.traced(port.settings().cast(assignment.settings()));
    return assignment.output() == null ? traced : traced.ofJson();
  }

  private static List<Message> messages(ModelSettings settings, List<Message> conversation) {
    List<Message> messages = new ArrayList<>();
    if (settings.system() != null) {
      messages.add(new Message.Instructions(settings.system()));
    }
    messages.addAll(conversation);
    return messages;
  }

  private static ModelAsked.Result resultOf(ModelAnswer answer) {
    return switch (answer) {
      case Turn turn -> new ModelAsked.Answered(turn);
      case ModelAnswer.Refusal refusal -> new ModelAsked.Unanswered(refusal.failure());
      case ModelAnswer.TemporaryFailure failed -> new ModelAsked.Unanswered(failed.failure());
    };
  }

  /** The request for the next message of a conversation; nothing is sent. */
  public ModelRequest request(Question<ModelSettings> question) {
    return request(runners.of(question.settings()), question);
  }

  private static <S extends ModelSettings> ModelRequest request(
      ModelPort<S> port, Question<ModelSettings> question) {
    return port.request(
        new Question<>(
            port.settings().cast(question.settings()),
            question.key(),
            question.conversation(),
            question.tools(),
            question.bounds(),
            question.outputSchema()));
  }

  private static <S extends ModelSettings> ModelAnswer ask(
      ModelPort<S> port,
      Assignment assignment,
      List<Message> conversation,
      @Nullable Integer spendable,
      RunListener listener)
      throws InterruptedException {
    OutputSchema output = assignment.output();
    return port.ask(
        new Question<>(
            port.settings().cast(assignment.settings()),
            assignment.key(),
            List.copyOf(conversation),
            assignment.toolbox().tools().stream().map(Tool::spec).toList(),
            assignment.bounds(),
            output == null ? null : output.schema(),
            spendable),
        listener);
  }
}
