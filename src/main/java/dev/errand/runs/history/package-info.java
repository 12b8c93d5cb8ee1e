/** Reads runs and their entries, and removes runs after their retention time. */
@NullMarked
package dev.errand.runs.history;

import org.jspecify.annotations.NullMarked;
