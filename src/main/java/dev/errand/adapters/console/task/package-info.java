/** The pages of tasks: list, run, edit. */
@NullMarked
package dev.errand.adapters.console.task;

import org.jspecify.annotations.NullMarked;
