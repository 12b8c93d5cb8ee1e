/** Reads runs and their entries, and removes them when their time is over. */
@NullMarked
package dev.errand.runs.run.archive;

import org.jspecify.annotations.NullMarked;
