/**
 * Rates: how often the server behind a key may be asked, across all processes, and the line of the
 * runs that wait for it.
 */
@NullMarked
package dev.errand.runs.rate;

import org.jspecify.annotations.NullMarked;
