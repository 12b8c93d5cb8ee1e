/** The records and events of the queue: claims, runs, their entries and ends. */
@NullMarked
package dev.errand.runs.queue.record;

import org.jspecify.annotations.NullMarked;
