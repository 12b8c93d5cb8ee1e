package dev.errand.runs.budget;

/** Event: a budget was created, changed or deleted. */
public record BudgetsChanged() {}
