/** The writes of runs that share commits: enqueues, entries and ends. */
@NullMarked
package dev.errand.runs.queue.write;

import org.jspecify.annotations.NullMarked;
