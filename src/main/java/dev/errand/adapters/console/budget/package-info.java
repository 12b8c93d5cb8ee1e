/** The pages of budgets: those of a profile and of a user, each with its form. */
@NullMarked
package dev.errand.adapters.console.budget;

import org.jspecify.annotations.NullMarked;
