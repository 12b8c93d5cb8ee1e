/** Schedules: what starts runs by the clock. */
@NullMarked
package dev.errand.schedule;

import org.jspecify.annotations.NullMarked;
