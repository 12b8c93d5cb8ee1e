/**
 * Deliveries, with retries: to callbacks, the signed webhooks that tasks name, and to the channels
 * that notices tell.
 *
 * <p>Deliveries to callbacks are made in the transaction that makes an event happen: of the ends of
 * runs and of credentials by triggers of the database, of other events by {@link
 * dev.errand.automation.event.TaskEvents}. Notices add theirs by {@link
 * dev.errand.automation.callback.NoticeDeliveries}.
 *
 * <p>{@code CallbackJobs}, or an event in request mode, has {@link
 * dev.errand.automation.callback.CallbackDeliverer} send what is due: it claims deliveries from
 * {@code CallbackQueue}, has {@code CallbackSender} or {@code NoticeSender} make one attempt of
 * each, and decides by its {@code AttemptResult} what follows. A delivery that was accepted ends;
 * one that was not is due again after the next of {@code RetryWaits}, and fails when there is none.
 * A receiver that wants no more, as by a 410, is switched off at once: the delivery fails, its
 * other pending ones are cancelled, and nothing is sent there until a person enables the callback
 * or the channel again.
 */
@NullMarked
package dev.errand.automation.callback;

import org.jspecify.annotations.NullMarked;
