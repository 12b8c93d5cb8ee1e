/** Schedules and their fires as they are kept. */
@NullMarked
package dev.errand.automation.schedule.store;

import org.jspecify.annotations.NullMarked;
