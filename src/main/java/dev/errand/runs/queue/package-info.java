/**
 * The queue of runs in the database. A call enters by {@code RunQueue} (enqueue, claim, and what
 * the holder of a claim does), by {@code RunControl} (what others do with runs that they do not
 * hold: cancel, rescue, retry) or by {@code TaskSlots}. {@code RunWrites} is below them: it lets
 * writes of one moment share a commit.
 *
 * <p>A pending run is {@code later} (not due, or postponed), {@code waiting} (for one of the slots
 * of its task) or {@code eligible} (it has a slot, and a start tag that orders it among the runs of
 * all profiles). A place is room for one run in a process, not in the queue.
 */
@NullMarked
package dev.errand.runs.queue;

import org.jspecify.annotations.NullMarked;
