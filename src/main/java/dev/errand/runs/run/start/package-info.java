/** Starts runs: checks what is asked for and fixes what is fixed at the start. */
@NullMarked
package dev.errand.runs.run.start;

import org.jspecify.annotations.NullMarked;
