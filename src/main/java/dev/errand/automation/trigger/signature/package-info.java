/** Verifies the signatures of deliveries. */
@NullMarked
package dev.errand.automation.trigger.signature;

import org.jspecify.annotations.NullMarked;
