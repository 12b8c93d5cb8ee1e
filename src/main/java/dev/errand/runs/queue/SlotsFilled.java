package dev.errand.runs.queue;

/**
 * Event: ends of runs made others of their tasks eligible. It is a hint to this process, which has
 * room for them.
 *
 * @param runs how many
 */
public record SlotsFilled(int runs) {}
