/** The page with the usage of a profile: cost, tokens, runs and errors, by day and task. */
@NullMarked
package dev.errand.adapters.console.usage;

import org.jspecify.annotations.NullMarked;
