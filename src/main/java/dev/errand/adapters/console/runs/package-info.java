/** The page that lists the runs of a profile. */
@NullMarked
package dev.errand.adapters.console.runs;

import org.jspecify.annotations.NullMarked;
