/**
 * Outgoing deliveries, with retries: to callbacks, the signed webhooks that tasks name, and to the
 * channels that notices tell. What triggers receive is in {@code automation.trigger}.
 *
 * <p>A periodic job, or an event in request mode, has {@link
 * dev.errand.automation.delivery.Deliverer} send what is due: it claims deliveries from {@link
 * dev.errand.automation.delivery.DeliveryQueue}, has {@code CallbackSender} or {@code NoticeSender}
 * make one attempt of each, and decides by its {@code AttemptResult} what follows. A delivery that
 * was accepted ends; one that was not is due again after the next of {@code RetryWaits}, and fails
 * when there is none. A receiver that wants no more, as by a 410, is switched off at once: the
 * delivery fails, its other pending ones are cancelled, and nothing is sent there until a person
 * enables the callback or the channel again.
 */
@NullMarked
package dev.errand.automation.delivery;

import org.jspecify.annotations.NullMarked;
