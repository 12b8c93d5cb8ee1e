/** Fires the schedules that are due. */
@NullMarked
package dev.errand.automation.schedule.fire;

import org.jspecify.annotations.NullMarked;
