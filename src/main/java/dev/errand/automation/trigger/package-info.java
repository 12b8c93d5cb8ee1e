/**
 * Triggers: addresses outside the API where a request starts a run, and the signatures that it
 * needs.
 */
@NullMarked
package dev.errand.automation.trigger;

import org.jspecify.annotations.NullMarked;
