package dev.errand.automation.callback;

import dev.errand.automation.trigger.OwnWebhooks;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.OptionalInt;
import java.util.UUID;

/** Looks up the depth, in a chain of runs, of the run that one of our own callbacks reports. */
@ApplicationScoped
class CallbackDepths implements OwnWebhooks {
  private final CallbackQueue queue;

  CallbackDepths(CallbackQueue queue) {
    this.queue = queue;
  }

  @Override
  public OptionalInt depthOf(UUID id) {
    return queue.depthOf(id);
  }
}
