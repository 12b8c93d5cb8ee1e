/**
 * Callbacks: the signed webhooks that tasks name, as their owners list, enable and redeliver them.
 *
 * <p>Their deliveries are made in the transaction that makes an event happen: of the ends of runs
 * by a trigger of the database, of other events as {@link dev.errand.runs.event.TaskEvents} does.
 * They are sent by {@code automation.delivery}.
 */
@NullMarked
package dev.errand.automation.callback;

import org.jspecify.annotations.NullMarked;
