/** Schedules: their API, their storage, and the tick that fires those that are due. */
@NullMarked
package dev.errand.automation.schedule;

import org.jspecify.annotations.NullMarked;
