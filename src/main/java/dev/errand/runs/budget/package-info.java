/** Budgets: what tasks, profiles and users may spend in a run, a day or a month. */
@NullMarked
package dev.errand.runs.budget;

import org.jspecify.annotations.NullMarked;
