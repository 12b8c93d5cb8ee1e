/** Settings of tasks as they are sent, kept, fixed for runs and shown. */
@NullMarked
package dev.errand.runs.task.settings;

import org.jspecify.annotations.NullMarked;
