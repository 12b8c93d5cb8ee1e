/** Checks that a delivery is signed by its sender. */
@NullMarked
package dev.errand.automation.trigger.signature;

import org.jspecify.annotations.NullMarked;
