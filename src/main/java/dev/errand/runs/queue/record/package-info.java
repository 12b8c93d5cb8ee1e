/** The records and events of runs that the queue speaks of. */
@NullMarked
package dev.errand.runs.queue.record;

import org.jspecify.annotations.NullMarked;
