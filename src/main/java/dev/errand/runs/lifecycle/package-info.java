/** Shows the requests that led to entries of runs. */
@NullMarked
package dev.errand.runs.lifecycle;

import org.jspecify.annotations.NullMarked;
