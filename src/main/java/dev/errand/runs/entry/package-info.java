/** The entries of a run's results, as types and in their stored form. */
@NullMarked
package dev.errand.runs.entry;

import org.jspecify.annotations.NullMarked;
