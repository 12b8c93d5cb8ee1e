/** The pages of runs: list, run with its entries, live, and usage by day and task. */
@NullMarked
package dev.errand.adapters.console.run;

import org.jspecify.annotations.NullMarked;
