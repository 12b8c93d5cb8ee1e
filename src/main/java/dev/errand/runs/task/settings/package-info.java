/** The settings of tasks: bounds, ceilings and callbacks. */
@NullMarked
package dev.errand.runs.task.settings;

import org.jspecify.annotations.NullMarked;
