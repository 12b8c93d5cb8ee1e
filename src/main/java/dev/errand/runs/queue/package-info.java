/**
 * The queue of runs in the database. A call enters by {@code RunQueue} (enqueue, claim, and what
 * the holder of a claim does), by {@code RunControl} (what others do with runs that they do not
 * hold: cancel, rescue, retry) or by {@code TaskSlots}. {@code RunWrites} is below them: it lets
 * writes of one moment share a commit.
 *
 * <p>The status of a run is {@code pending}, {@code running}, {@code ready} or {@code error}. A
 * pending run is {@code later} (not due, or postponed), {@code waiting} (for one of the slots of
 * its task, of which there are as many as its concurrency) or {@code eligible} (it has a slot, and
 * a start tag, its {@code turn}, that orders it among the runs of all profiles). A running one
 * keeps its slot. A place is room for one run in a process, not in the queue.
 *
 * <p>Its events stay in this process, and are hints: who acts on one reads the tables.
 *
 * <ul>
 *   <li>{@code RunEnqueued} (a run is in the queue), by {@code RunWrites}, {@code RunQueue}, {@code
 *       BulkEnqueue}, {@code RunControl} and {@code TaskSlots}: where the run can be claimed,
 *       {@code WorkerLoop} claims, and tells other processes; in request mode, {@code Dispatcher}
 *       tells the broker.
 *   <li>{@code RunChanged} (entries or a status are new), by {@code RunWrites}, {@code RunQueue}
 *       and {@code RunControl}: {@code RunWatchers} and {@code DeltaPublisher} of {@code
 *       runs.live}.
 *   <li>{@code RunStopped} (not its worker ended a run), by {@code RunControl}: {@code WorkerLoop}
 *       lets go of it, and tells other processes.
 *   <li>{@code RunEnded} (for the metrics only), by {@code RunWrites} and {@code RunControl}:
 *       {@code RunMeters} counts.
 *   <li>{@code SlotsChanged} (a slot may be free, or waited for), by {@code RunQueue}, {@code
 *       BulkEnqueue} and {@code RunControl}: {@code SlotUpdates} has {@code TaskSlots} fill it.
 *   <li>{@code SlotsFilled} (ends have passed on their slots), by {@code RunWrites}: {@code
 *       WorkerLoop} claims.
 * </ul>
 */
@NullMarked
package dev.errand.runs.queue;

import org.jspecify.annotations.NullMarked;
