package dev.errand.app.boot;

/** Event: the service answers requests, and the framework has logged its start. */
public record ServiceStarted() {}
