package dev.errand.automation.callback;

import dev.errand.automation.trigger.OwnWebhooks;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.OptionalInt;
import java.util.UUID;

/** Says how deep the runs stand that are told of. */
@ApplicationScoped
class ToldRuns implements OwnWebhooks {
  private final CallbackQueue queue;

  ToldRuns(CallbackQueue queue) {
    this.queue = queue;
  }

  @Override
  public OptionalInt depthOf(UUID id) {
    return queue.depthOf(id);
  }
}
