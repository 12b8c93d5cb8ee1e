package dev.errand.app.boot;

/** The service answers requests, and the framework has logged its start. */
public record ServiceStarted() {}
