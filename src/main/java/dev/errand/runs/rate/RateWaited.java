package dev.errand.runs.rate;

/** Event: a run waits for its turn to ask its model. */
public record RateWaited() {}
