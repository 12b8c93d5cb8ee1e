package dev.errand.automation.schedule.store;

/**
 * Event: times of schedules were decided.
 *
 * @param verdict the verdict, as in {@link DecidedFire#verdict}
 * @param times the number of times with this verdict
 */
public record FireDecided(String verdict, long times) {}
