/** Receives deliveries to triggers, starts their runs and records them. */
@NullMarked
package dev.errand.automation.trigger.delivery;

import org.jspecify.annotations.NullMarked;
