/** Schedules as clients meet them: register, list, look at, resume. */
@NullMarked
package dev.errand.automation.schedule;

import org.jspecify.annotations.NullMarked;
