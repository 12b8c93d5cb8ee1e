/** Previews of runs: their messages, tools and key. */
@NullMarked
package dev.errand.runs.task.preview;

import org.jspecify.annotations.NullMarked;
