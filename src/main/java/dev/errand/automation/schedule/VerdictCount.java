package dev.errand.automation.schedule;

/**
 * Event: so many times of schedules were decided in one way.
 *
 * @param verdict the verdict, as in {@link DecidedFire#verdict}
 */
public record VerdictCount(String verdict, long times) {}
