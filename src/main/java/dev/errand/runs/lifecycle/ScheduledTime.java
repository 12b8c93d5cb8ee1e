package dev.errand.runs.lifecycle;

import java.time.Instant;
import java.time.ZoneId;

/**
 * The time of a schedule that starts a run.
 *
 * @param time the time of the schedule, without spread and jitter
 */
public record ScheduledTime(String schedule, ZoneId zone, Instant time) {}
