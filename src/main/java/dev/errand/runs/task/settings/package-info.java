/** Settings of tasks: as requested, as stored, as fixed for a run, and as shown. */
@NullMarked
package dev.errand.runs.task.settings;

import org.jspecify.annotations.NullMarked;
