package dev.errand.app.boot;

/** The service answers requests, and the framework has said all that it says of a start. */
public record ServiceStarted() {}
