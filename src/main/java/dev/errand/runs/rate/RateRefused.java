package dev.errand.runs.rate;

/** Event: a server refused a request since there were too many with its key. */
public record RateRefused() {}
