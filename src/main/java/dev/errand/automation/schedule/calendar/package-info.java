/** When a schedule is due: pure calendar, without a clock, a database or a thread. */
@NullMarked
package dev.errand.automation.schedule.calendar;

import org.jspecify.annotations.NullMarked;
