package dev.errand.runs.history;

import org.jspecify.annotations.Nullable;

/**
 * Where clients and persons find a run.
 *
 * @param run its absolute URL
 * @param decision the URL of the page where a person decides what it waits for; null where it waits
 *     for nobody
 */
public record RunLinks(String run, @Nullable String decision) {}
