/**
 * Watches of tasks: whether what is expected of a task over time happens, and who is told if not.
 */
@NullMarked
package dev.errand.automation.watch;

import org.jspecify.annotations.NullMarked;
