/**
 * Notices: rules of a profile that say which events of which tasks are told to which channel.
 *
 * <p>What happens is kept in an outbox, in the transaction that makes it happen: ends of runs by a
 * trigger of the database, other events as {@link dev.errand.runs.event.TaskEvents} does, each only
 * where a rule of the profile may want it. A periodic job, or an event in request mode, has {@link
 * dev.errand.automation.notice.NoticeRouter} read the outbox in order: it decides by the rules who
 * is told what, and in one transaction removes the event and adds deliveries, or holds them back
 * where a limit of an hour is reached. Deliveries are sent by {@code automation.delivery}.
 */
@NullMarked
package dev.errand.automation.notice;

import org.jspecify.annotations.NullMarked;
