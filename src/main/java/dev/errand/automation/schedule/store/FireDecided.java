package dev.errand.automation.schedule.store;

/**
 * Event: times of schedules were decided.
 *
 * @param verdict the verdict, as in {@link DecidedFire#verdict}
 * @param times of how many times it is the verdict
 */
public record FireDecided(String verdict, long times) {}
