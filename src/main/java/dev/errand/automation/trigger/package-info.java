/** Triggers: addresses outside the API where a request starts a run. */
@NullMarked
package dev.errand.automation.trigger;

import org.jspecify.annotations.NullMarked;
