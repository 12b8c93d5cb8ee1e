/** The API of schedules. */
@NullMarked
package dev.errand.automation.schedule;

import org.jspecify.annotations.NullMarked;
