package dev.errand.models.loop;

import dev.errand.models.model.Assignment;
import dev.errand.models.model.ConversationItem;
import dev.errand.models.model.ModelAnswer;
import dev.errand.models.model.ModelPort;
import dev.errand.models.model.RunListener;
import dev.errand.models.model.settings.ModelSettings;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Asks the model of an assignment by the port of its vendor. */
@ApplicationScoped
class ModelPorts {
  private final List<ModelPort<?>> ports;

  ModelPorts(@All List<ModelPort<?>> ports) {
    this.ports = ports;
  }

  /** Asks once. */
  ModelAnswer ask(Assignment assignment, List<ConversationItem> conversation, RunListener listener)
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
