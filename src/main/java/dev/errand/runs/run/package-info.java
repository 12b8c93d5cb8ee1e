/** The REST API of runs and its operations: start, list, get, cancel, retry. */
@NullMarked
package dev.errand.runs.run;

import org.jspecify.annotations.NullMarked;
