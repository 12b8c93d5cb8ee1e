/** Runs: what was asked for, what came of it so far, and the queue that they wait in. */
@NullMarked
package dev.errand.run;

import org.jspecify.annotations.NullMarked;
