package dev.errand.runs.queue.record;

import java.time.Duration;

/**
 * How much there is in the queue.
 *
 * @param pending runs that wait, those included that are meant for later
 * @param running runs that are worked on
 * @param age how long the run has been due that is due longest; none where no run is due
 */
public record QueueDepth(long pending, long running, Duration age) {}
