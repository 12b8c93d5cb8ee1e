/** The usage of runs: tokens, calls, time and cost, by task and day. */
@NullMarked
package dev.errand.runs.run.usage;

import org.jspecify.annotations.NullMarked;
