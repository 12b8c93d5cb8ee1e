/** The page of a run: what happened, what it cost and why, live. */
@NullMarked
package dev.errand.adapters.console.run;

import org.jspecify.annotations.NullMarked;
