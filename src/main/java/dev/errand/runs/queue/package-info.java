/** The queue: enqueues, claims and ends runs; slots of tasks; the writes that share commits. */
@NullMarked
package dev.errand.runs.queue;

import org.jspecify.annotations.NullMarked;
