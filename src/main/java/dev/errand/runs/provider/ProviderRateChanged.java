package dev.errand.runs.provider;

/** Event: the rate that a provider gives has changed. */
public record ProviderRateChanged() {}
