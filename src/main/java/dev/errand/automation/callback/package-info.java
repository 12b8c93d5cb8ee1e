/** Callbacks: signed webhooks that report the ends of runs, with retries. */
@NullMarked
package dev.errand.automation.callback;

import org.jspecify.annotations.NullMarked;
