package dev.errand.runs.queue;

import java.util.Set;
import java.util.UUID;

/**
 * Event: tasks may have a free slot, or a run that waits for one. It is a hint; the code that fills
 * the slots reads the table for the facts.
 */
public record SlotsChanged(Set<UUID> taskIds) {}
