/** When a schedule is due: pure calendar functions without clock, database or threads. */
@NullMarked
package dev.errand.automation.schedule.calendar;

import org.jspecify.annotations.NullMarked;
