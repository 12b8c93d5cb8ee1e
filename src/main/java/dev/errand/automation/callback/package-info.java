/**
 * Callbacks: signed webhooks that report the ends of runs and of credentials, with retries. The
 * database makes a delivery of each such event, in the transaction that stores it.
 *
 * <p>{@code CallbackJobs}, or an event in request mode, has {@link
 * dev.errand.automation.callback.CallbackDeliverer} send what is due: it claims deliveries from
 * {@code CallbackQueue}, has {@code CallbackSender} make one attempt of each, and decides by its
 * {@code AttemptResult} what follows. A delivery that was accepted ends; one that was not is due
 * again after the next of {@code RetryWaits}, and fails when there is none. A 410 disables the
 * callback at once: the delivery fails, the other pending ones are cancelled, and nothing is sent
 * until the callback is enabled again, by {@link dev.errand.automation.callback.CallbackService}.
 */
@NullMarked
package dev.errand.automation.callback;

import org.jspecify.annotations.NullMarked;
