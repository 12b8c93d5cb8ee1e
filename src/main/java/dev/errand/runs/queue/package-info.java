/** The queue: every statement that moves a run from one status to another. */
@NullMarked
package dev.errand.runs.queue;

import org.jspecify.annotations.NullMarked;
