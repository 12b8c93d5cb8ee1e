package dev.errand.runs.queue.record;

import java.time.Duration;

/**
 * The depth of the queue.
 *
 * @param pending the number of runs that wait, including those scheduled for later
 * @param running the number of runs that a worker holds
 * @param age how long the oldest due run has been due; zero where no run is due
 */
public record QueueDepth(long pending, long running, Duration age) {}
