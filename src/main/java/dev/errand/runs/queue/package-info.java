/** The queue: enqueues, claims and ends runs; cancels, rescues and retries them. */
@NullMarked
package dev.errand.runs.queue;

import org.jspecify.annotations.NullMarked;
