/** Shows the requests that led to entries of runs. */
@NullMarked
package dev.errand.runs.run.inspect;

import org.jspecify.annotations.NullMarked;
