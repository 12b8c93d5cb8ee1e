/** Shows what a run of a task would begin with. */
@NullMarked
package dev.errand.runs.task.preview;

import org.jspecify.annotations.NullMarked;
