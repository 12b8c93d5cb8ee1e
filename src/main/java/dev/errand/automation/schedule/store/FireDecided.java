package dev.errand.automation.schedule.store;

/**
 * It was decided what comes of a time of a schedule.
 *
 * @param verdict a word: that a run was started, or why none was
 */
public record FireDecided(String verdict) {}
