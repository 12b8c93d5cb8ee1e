package dev.errand.runs.budget;

import org.jspecify.annotations.Nullable;

/**
 * A budget with its owner.
 *
 * @param profile the profile that has it, as {@code user/name}; null for the user who asks
 */
public record OwnedBudget(BudgetView budget, @Nullable String profile) {}
