/** The processes that work through the queue, with their heartbeats. */
@NullMarked
package dev.errand.runs.process;

import org.jspecify.annotations.NullMarked;
