/** Schedules and their fires in the database. */
@NullMarked
package dev.errand.automation.schedule.store;

import org.jspecify.annotations.NullMarked;
