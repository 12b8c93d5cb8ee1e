/** What a task is set to: its bounds, and whom to tell of the ends of its runs. */
@NullMarked
package dev.errand.runs.task.settings;

import org.jspecify.annotations.NullMarked;
