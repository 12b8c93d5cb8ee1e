/** The slots of tasks: which of the runs that wait may be claimed. */
@NullMarked
package dev.errand.runs.queue.slot;

import org.jspecify.annotations.NullMarked;
