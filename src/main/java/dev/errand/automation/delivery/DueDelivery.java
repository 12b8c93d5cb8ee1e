package dev.errand.automation.delivery;

import java.util.UUID;

/** A delivery that is due and claimed by this process: to a callback, or to a channel. */
sealed interface DueDelivery permits DueCallback, DueNotice {
  /** Its id, the same at each attempt. */
  UUID deliveryId();

  int attempt();

  /** How many attempts have failed since it was last requested. */
  int failures();
}
