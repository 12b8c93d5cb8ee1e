package dev.errand.automation.trigger;

import java.util.OptionalInt;
import java.util.UUID;

/**
 * Port that recognises webhooks which this service sent itself, so that the run that such a webhook
 * starts is one level deeper than the run that it reports.
 */
public interface OwnWebhooks {
  /**
   * The depth of the run that a webhook reports.
   *
   * @return the number of that run's ancestors; empty if another service sent the webhook
   */
  OptionalInt depthOf(UUID id);
}
