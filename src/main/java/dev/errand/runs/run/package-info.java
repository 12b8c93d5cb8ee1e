/** Runs as clients meet them: start, list, look at, cancel, retry. */
@NullMarked
package dev.errand.runs.run;

import org.jspecify.annotations.NullMarked;
