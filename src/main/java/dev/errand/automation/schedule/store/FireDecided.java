package dev.errand.automation.schedule.store;

/**
 * Event: a time of a schedule was decided.
 *
 * @param verdict the verdict, as in {@link DecidedFire#verdict}
 */
public record FireDecided(String verdict) {}
