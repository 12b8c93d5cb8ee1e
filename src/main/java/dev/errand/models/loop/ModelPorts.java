package dev.errand.models.loop;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.model.Assignment;
import dev.errand.models.model.ConversationItem;
import dev.errand.models.model.ModelAnswer;
import dev.errand.models.model.ModelAsked;
import dev.errand.models.model.ModelPort;
import dev.errand.models.model.RunListener;
import dev.errand.models.model.Turn;
import dev.errand.models.model.settings.ModelSettings;
import dev.errand.models.wire.ModelEndpoints;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Selects the port for an assignment's runner and asks the model through it. */
@ApplicationScoped
class ModelPorts {
  private final List<ModelPort<?>> ports;
  private final ModelEndpoints endpoints;
  private final Clock clock;

  ModelPorts(@All List<ModelPort<?>> ports, ModelEndpoints endpoints, Clock clock) {
    this.ports = ports;
    this.endpoints = endpoints;
    this.clock = clock;
  }

  /** Asks once, and reports the result to the listener. */
  ModelAnswer ask(Assignment assignment, List<ConversationItem> conversation, RunListener listener)
      throws InterruptedException {
    ModelSettings settings = assignment.settings();
    URI endpoint = endpoints.of(settings);
    Instant begun = clock.instant();
    long start = System.nanoTime();
    ModelAsked.Result result = new ModelAsked.CutOff();
    try {
      ModelAnswer answer = answer(assignment, conversation, listener);
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

  private ModelAnswer answer(
      Assignment assignment, List<ConversationItem> conversation, RunListener listener)
      throws InterruptedException {
    ModelSettings settings = assignment.settings();
    for (ModelPort<?> port : ports) {
      if (port.settings().isInstance(settings)) {
        return ask(port, assignment, conversation, listener);
      }
    }
    throw new IllegalStateException("No port asks the models of " + settings.runner() + ".");
  }

  private static <S extends ModelSettings> ModelAnswer ask(
      ModelPort<S> port,
      Assignment assignment,
      List<ConversationItem> conversation,
      RunListener listener)
      throws InterruptedException {
    return port.ask(
        new ModelPort.Question<>(
            port.settings().cast(assignment.settings()),
            assignment.key(),
            List.copyOf(conversation),
            assignment.toolbox().tools(),
            assignment.bounds()),
        listener);
  }
}
