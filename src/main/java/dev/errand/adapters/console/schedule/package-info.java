/** The pages of schedules: list, calendar, edit. */
@NullMarked
package dev.errand.adapters.console.schedule;

import org.jspecify.annotations.NullMarked;
