package dev.errand.adapters.console.budget;

import org.jspecify.annotations.Nullable;

/**
 * What the page of a budget shows.
 *
 * @param message why an action was refused; null where none was
 */
public record BudgetPageView(BudgetHolder holder, BudgetItem item, @Nullable String message) {}
