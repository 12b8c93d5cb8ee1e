package dev.errand.automation.trigger;

import java.util.OptionalInt;
import java.util.UUID;

/**
 * Knows the webhooks that this service sends itself, so that a run which one of them starts stands
 * below the run that it tells of.
 */
public interface OwnWebhooks {
  /**
   * How deep the run stands that a webhook tells of.
   *
   * @param id the webhook's id
   * @return how many runs stand above that run; empty when the webhook is somebody else's
   */
  OptionalInt depthOf(UUID id);
}
