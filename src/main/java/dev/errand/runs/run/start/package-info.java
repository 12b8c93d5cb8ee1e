/** Starts runs: checks the request, fixes the task's settings for the run, and enqueues it. */
@NullMarked
package dev.errand.runs.run.start;

import org.jspecify.annotations.NullMarked;
