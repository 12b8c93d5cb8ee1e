/**
 * Triggers: addresses outside the API where a request starts a run, the signatures that it needs,
 * and what was received.
 *
 * <p>A {@code TriggerDelivery} is such a request with its result. {@code HookResource} is the
 * address, and {@code TriggerDeliveryReceiver} the flow: it verifies a delivery, starts its run and
 * records it. What the service sends itself is in {@code automation.delivery}.
 */
@NullMarked
package dev.errand.automation.trigger;

import org.jspecify.annotations.NullMarked;
